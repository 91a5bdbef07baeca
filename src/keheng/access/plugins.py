"""What access registers with the kernel: the account as personal data, and how long it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from keheng.access.actions.tokens import identify, represent
from keheng.access.models import Account, FailedSignIn
from keheng.access.service import anonymise, disposable_accounts, told_about
from keheng.kernel.api.building import identify_with
from keheng.kernel.api.hooks.sending import represent_with
from keheng.kernel.personal.holders import Erased, Holder, Kept, register_holder, register_keys
from keheng.kernel.personal.retention import Binding, bind_retention
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
    found = Account.objects.filter(pk=account).values_list("person", flat=True).first()
    return [] if found is None else [f"person:{found}"]


def _dispose(rows: Iterable[Account]) -> int:
    return sum(anonymise(SYSTEM, account) for account in rows)


register_holder(Holder("access", "账号", _export, _erase, keeps_zh="授权记录依法留存，不含姓名和联系方式"))
register_keys(_person)
bind_retention(
    Binding("account", "access", disposable_accounts, "stopped_at", _dispose, lambda account: [f"account:{account.pk}"])
)  # fmt: skip
bind_retention(Binding("sign_in_log", "access", FailedSignIn.objects.all, "since"))
identify_with(identify)
represent_with(represent)
