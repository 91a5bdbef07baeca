"""Reads: who an account is to the system, what it holds, where it may act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, now

from keheng.access.models import Account, ApiToken, FailedSignIn, Grant, Waiting
from keheng.access.rules.grants import in_force
from keheng.access.rules.policy import policy
from keheng.access.rules.roles import Role, roles
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.substrings import holding
from keheng.kernel.trail.record import mark


@dataclass(frozen=True, slots=True)
class Held:
    """A grant in force, as far as a page needs it; with it, whether its account has a second factor."""

    role: str
    district: str
    unit_id: int | None
    unit_name: str
    ends: date | None
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An account at this moment: its grants in force, the unit acted for (None: for oneself), and what follows from them."""

    account: Account
    grants: tuple[Held, ...]
    unit: int | None

    @property
    def units(self) -> dict[int, str]:
        """Units the account may act for, with their names."""
        return {grant.unit_id: grant.unit_name for grant in self.grants if grant.unit_id is not None}

    @property
    def acting(self) -> list[tuple[Role, Held | None]]:
        """Roles in use: those of the unit acted for, those bound to no unit, and what everyone holds."""
        used = [(roles()[grant.role], grant) for grant in self.grants if grant.unit_id in {None, self.unit}]
        return [*used, *((role, None) for role in roles().values() if role.granting == "everyone")]

    @property
    def is_staff(self) -> bool:
        """Whether any role held, whatever unit is acted for, demands a second factor."""
        return any(roles()[grant.role].staff for grant in self.grants)

    @property
    def second_factor(self) -> bool:
        """Whether the account has a second factor; not asked of whom nothing was granted."""
        return any(grant.second_factor for grant in self.grants)

    def principal(self, address: str) -> Principal:
        """The actor for everything done now."""
        used = self.acting
        return Principal(
            account=str(self.account.pk),
            role=",".join(dict.fromkeys(role.code for role, _ in used)),
            unit="" if self.unit is None else str(self.unit),
            address=address,
            powers=tuple(power for role, grant in used for power in _powers(role, grant)),
        )


def _powers(role: Role, grant: Held | None) -> Iterator[Power]:
    for permission, reach in role.powers.items():
        yield Power(
            permission,
            reach,
            grant.unit_id if grant is not None and reach is Reach.UNIT else None,
            grant.district if grant is not None and reach is Reach.DISTRICT else "",
        )


# Asked at every request, so written out: Django would spend longer on writing the two statements than the database on answering them.
# The condition is ``in_force``.
_HELD = """
SELECT held.role, held.district, held.unit_id, unit.name, held.ends,
       EXISTS (SELECT 1 FROM mfa_authenticator AS factor WHERE factor.user_id = held.account_id)
FROM access_grant AS held LEFT JOIN directory_organisation AS unit ON unit.id = held.unit_id
WHERE held.account_id = %s AND held.state = %s AND held.begins <= %s AND (held.ends IS NULL OR held.ends > %s)
ORDER BY held.id
"""


def standing(account: Account, wish: int | None = None, on: date | None = None) -> Standing:
    """Where an account stands. Acts for the unit wished for when it may, else for its only or first unit."""
    day = on or localdate()
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [account.pk, Grant.State.IN_FORCE, day, day])
        rows = cursor.fetchall()
    held = tuple(
        Held(role, district, unit, name or "", _day(ends), bool(factor))
        for role, district, unit, name, ends, factor in rows
        if role in roles()
    )
    units = [grant.unit_id for grant in held if grant.unit_id is not None]
    return Standing(account, held, wish if wish in units else next(iter(units), None))


def _day(value: date | str | None) -> date | None:
    """A day as SQLite and PostgreSQL give it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def accounts_for(actor: Principal) -> QuerySet[Account]:
    """Accounts the actor may see."""
    return Account.objects.filter(actor.within("access.accounts.see", own="pk")).order_by("login")


def named(accounts: QuerySet[Account], text: str) -> QuerySet[Account]:
    """Accounts by part of the login name or of the name."""
    found = (holding(Account.objects.all(), column, text).values("pk") for column in ("login", "name"))
    return accounts.filter(Q(pk__in=next(found)) | Q(pk__in=next(found)))


def in_state(accounts: QuerySet[Account], state: str) -> QuerySet[Account]:
    """Accounts that are ``active``, or the others."""
    return accounts.filter(is_active=state == "active")


def grants_for(actor: Principal) -> QuerySet[Grant]:
    """Grants the actor may see, newest first."""
    bounds = actor.within("access.grants.see", own="account", unit="unit")
    return Grant.objects.filter(bounds).select_related("account", "unit", "applied_by", "decided_by").order_by("-pk")


def tokens_of(actor: Principal) -> QuerySet[ApiToken]:
    """The actor's tokens that still open something, newest first."""
    return ApiToken.objects.filter(account_id=int(actor.account), withdrawn_at=None, ends_at__gt=now()).order_by("-pk")


def managers_of(unit: int | None) -> QuerySet[Grant]:
    """Grants in force of those who manage a unit's members."""
    managing = [role.code for role in roles().values() if "access.members.manage" in role.powers]
    return Grant.objects.filter(in_force(), unit=unit, role__in=managing, account__is_active=True)


def managers_by_unit(units: Iterable[int]) -> dict[int, list[str]]:
    """Accounts that manage the members of each unit; units without a manager are absent."""
    managing = [role.code for role in roles().values() if "access.members.manage" in role.powers]
    found: dict[int, list[str]] = {}
    rows = Grant.objects.filter(in_force(), unit__in=list(units), role__in=managing, account__is_active=True)
    for unit, account in rows.order_by("pk").values_list("unit_id", "account_id"):
        if unit is not None:
            found.setdefault(unit, []).append(str(account))
    return found


def holders_of(permission: str, *, unit: int | None = None, district: str = "") -> list[str]:
    """Active accounts that hold a permission today, within a reach that takes in a record of this unit and district."""
    held = Q(pk__in=[])
    for role in roles().values():
        reach = role.powers.get(permission)
        if reach is Reach.ALL:
            held |= Q(role=role.code)
        elif reach is Reach.UNIT and unit is not None:
            held |= Q(role=role.code, unit=unit)
        elif reach is Reach.DISTRICT and district:
            held |= Q(role=role.code, district=district)
    rows = Grant.objects.filter(in_force(), held, account__is_active=True).order_by("account")
    return [str(account) for account in rows.values_list("account_id", flat=True).distinct()]


def members_of(unit: int) -> QuerySet[Grant]:
    """Who acts for a unit today by the unit's own granting."""
    own = [role.code for role in roles().values() if role.granting == "unit"]
    return Grant.objects.filter(in_force(), unit=unit, role__in=own).select_related("account").order_by("role", "account__name")


def locked_until(login: str, address: str) -> float:
    """Seconds until this login name may try again from this address, or anyone from this address; 0 when it may."""
    moment = now()
    ends = FailedSignIn.objects.filter(
        address=address, login_mark__in=["", mark(login.lower())], locked_until__gt=moment
    ).values_list("locked_until", flat=True)  # fmt: skip
    return max(((end - moment).total_seconds() for end in ends if end is not None), default=0.0)


def locks() -> QuerySet[FailedSignIn]:
    """Locks that hold now."""
    return FailedSignIn.objects.filter(locked_until__gt=now()).order_by("-locked_until")


def place_in_queue(ticket: str) -> int:
    """How many wait before a ticket; 0 is next."""
    fresh = Waiting.objects.filter(seen_at__gt=now() - timedelta(seconds=policy("queue")["forgotten_seconds"]))
    own = Waiting.objects.filter(ticket=ticket).values_list("pk", flat=True).first()
    return fresh.count() if own is None else fresh.filter(pk__lt=own).count()


def dormant_accounts() -> Iterable[Account]:
    """Active accounts of which nothing was seen for too long, and those whose time is over."""
    day = localdate() - timedelta(days=policy("dormant")["days"])
    for account in Account.objects.filter(is_active=True).iterator():
        seen = max(account.last_login or account.usable_since, account.usable_since)
        if seen.date() < day or (account.ends_on is not None and account.ends_on <= localdate()):
            yield account


def devices_and_factors(account: Account) -> dict[str, int]:
    """On how many devices an account is signed in, and how many second factors it has besides recovery codes."""
    factors = Authenticator.objects.filter(user=account).exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    return {"devices": UserSession.objects.filter(user=account).count(), "factors": factors}


def password_link(account: Account) -> str:
    """The path of a page where the account's password can be set once."""
    key = EmailAwarePasswordResetTokenGenerator().make_token(account)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(account), "key": key})


def disposable_accounts() -> QuerySet[Account]:
    """Stopped accounts that still say whose they were."""
    return Account.objects.filter(is_active=False, erased_at=None)


def told_about(account: Account) -> list[dict[str, object]]:
    """What the system holds about the person behind an account, for them to read."""
    rows: list[dict[str, object]] = [
        {
            "登录名": account.login,
            "姓名": account.name,
            "电子邮箱": account.email,
            "上次登录": account.last_login,
            "密码设于": account.password_set_at,
        }
    ]
    for grant in account.grants.select_related("unit").order_by("pk"):
        role = roles().get(grant.role)
        bound = grant.unit.name if grant.unit is not None else grant.district
        rows.append(
            {
                "角色": role.zh if role else grant.role,
                "单位或区": bound,
                "自": grant.begins,
                "至": grant.ends,
                "状态": grant.get_state_display(),
            }
        )
    sessions = UserSession.objects.filter(user=account).order_by("pk")
    rows.extend({"登录设备": one.user_agent, "网络地址": one.ip, "登录时间": one.created_at} for one in sessions)
    return rows
