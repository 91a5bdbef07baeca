"""What access registers with the kernel: the account as personal data, how long it is kept, and answers about accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from allauth.account.models import EmailAddress

from keheng.access.actions.grants import KIND
from keheng.access.actions.tokens import identify
from keheng.access.models import Account, FailedSignIn
from keheng.access.service import anonymise, disposable_accounts, standing, told_about
from keheng.kernel.accounts import Addresses, keep_accounts
from keheng.kernel.api.building import identify_with
from keheng.kernel.desk.kinds import MessageKind, Way, register_kind
from keheng.kernel.personal.holders import Erased, Holder, Kept, register_holder, register_keys
from keheng.kernel.personal.retention import Binding, bind_retention
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM, Actor


def _account(person_key: str) -> Account | None:
    kind, _, number = person_key.partition(":")
    return Account.objects.filter(pk=number).first() if kind == "account" and number.isdecimal() else None


def _export(person_key: str) -> Sequence[Mapping[str, object]]:
    account = _account(person_key)
    return [] if account is None else told_about(account)


def _erase(person_key: str, actor: Actor) -> Erased:
    account = _account(person_key)
    if account is None:
        return Erased(0)
    grants = account.grants.count()
    kept = (Kept(grants, "授权记录是履职凭证，依法留存；其中不再有姓名和联系方式"),) if grants else ()
    anonymise(actor, account)
    return Erased(1, kept)


def _person(account: str) -> Iterable[str]:
    found = Account.objects.filter(pk=account).values_list("person", flat=True).first() if account.isdecimal() else None
    return [] if found is None else [f"person:{found}"]


def _dispose(rows: Iterable[Account]) -> int:
    return sum(anonymise(SYSTEM, account) for account in rows)


class Book:
    """What the kernel asks about accounts; ids are texts of digits."""

    def names(self, accounts: Iterable[str]) -> Mapping[str, str]:
        """Names by id."""
        wanted = [one for one in accounts if one.isdecimal()]
        return {str(number): name for number, name in Account.objects.filter(pk__in=wanted).values_list("pk", "name")}

    def addresses(self, account: str) -> Addresses:
        """The confirmed mail address, and the phone of the person behind the account."""
        found = self._active(account)
        if found is None:
            return Addresses()
        confirmed = found.email and EmailAddress.objects.filter(user=found, email__iexact=found.email, verified=True).exists()
        return Addresses(found.email if confirmed else "", found.person.phone if found.person else "")

    def principal(self, account: str, unit: str) -> Principal:
        """What the account may do now; nobody for one that is stopped."""
        found = self._active(account)
        return Principal("") if found is None else standing(found, int(unit) if unit else None).principal("")

    def find(self, login: str) -> str:
        """The id of an active account."""
        return str(Account.objects.filter(login__iexact=login.strip(), is_active=True).values_list("pk", flat=True).first() or "")

    def units(self, account: str) -> Collection[int]:
        """Units that an active account may act for."""
        found = self._active(account)
        return () if found is None else tuple(standing(found).units)

    def active(self, accounts: Iterable[str]) -> Collection[str]:
        """Accounts that are not stopped."""
        wanted = [one for one in accounts if one.isdecimal()]
        return {str(number) for number in Account.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True)}

    def _active(self, account: str) -> Account | None:
        return Account.objects.select_related("person").filter(pk=account, is_active=True).first() if account.isdecimal() else None


keep_accounts(Book())
register_kind(MessageKind(KIND, "授权变动", frozenset({Way.EMAIL})))
register_holder(Holder("access", "账号", _export, _erase, keeps_zh="授权记录依法留存，不含姓名和联系方式"))
register_keys(_person)
bind_retention(
    Binding("account", "access", disposable_accounts, "stopped_at", _dispose, lambda account: [f"account:{account.pk}"])
)  # fmt: skip
bind_retention(Binding("sign_in_log", "access", FailedSignIn.objects.all, "since"))
identify_with(identify)
