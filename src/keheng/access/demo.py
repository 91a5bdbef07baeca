"""Demo accounts: one for each role, in a city that does not exist. Their second factor is one secret that the pages tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import transaction
from django.db.models import Prefetch
from django.utils.timezone import localdate

from keheng.access.actions.accounts import open_account
from keheng.access.actions.grants import appoint_first_posts, give
from keheng.access.models import Account, Grant
from keheng.access.rules.roles import Role, roles
from keheng.kernel.powers import Reach
from keheng.kernel.trail.record import SYSTEM

PASSWORD = "Yunling#2026"  # noqa: S105 -- of a city that does not exist
SECRET = "KEHENGDEMOKEHENGDEMO2626KEHENGAB"  # noqa: S105 -- of its authenticators
_NAMES = (
    "林知远",
    "沈若谷",
    "顾明堂",
    "陈思齐",
    "周望川",
    "吴启明",
    "郑平安",
    "方区治",
    "王听雨",
    "冯算清",
    "许评之",
    "韩立业",
    "秦办成",
    "苏自然",
    "文修远",
    "严审之",
    "高签发",
    "何组织",
    "卫迎门",
    "江导览",
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """How to sign in as a role."""

    login: str
    name: str
    role: str
    unit: str
    second_factor: bool


def load(units: Sequence[int], district: str) -> list[DemoAccount]:
    """Open an account for each role; unit roles act for the first of the units, the member for the second as well."""
    opened = {role.code: (role, _open(role, name)) for role, name in zip(roles().values(), _NAMES, strict=True)}
    posts = {code: account for code, (role, account) in opened.items() if role.post}
    appoint_first_posts(actor=SYSTEM, accounts=posts)
    for role, account in opened.values():
        if role.post or role.granting == "everyone":
            continue
        ends = localdate() + timedelta(days=role.longest_days) if role.longest_days else None
        wanted = units[:2] if role.code == "unit_member" else units[:1]
        bound = wanted if role.granting == "unit" or role.reaches(Reach.UNIT) else [None]
        with transaction.atomic():
            for unit in bound:
                give(SYSTEM, account, role.code, unit, ends, district if role.reaches(Reach.DISTRICT) else "")
    return accounts()


def accounts() -> list[DemoAccount]:
    """The demo accounts as they are."""
    grants = Prefetch("grants", Grant.objects.select_related("unit").order_by("pk"))
    opened = {one.login: one for one in Account.objects.filter(login__in=map(_login, roles().values())).prefetch_related(grants)}
    found = []
    for role in roles().values():
        if account := opened.get(_login(role)):
            unit = next((grant.unit.name if grant.unit else "" for grant in account.grants.all()), "")
            found.append(DemoAccount(account.login, account.name, role.zh, unit, role.staff))
    return found


def code() -> str:
    """The six digits that the demo accounts' second factor shows now."""
    return str(format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time()))))


def _login(role: Role) -> str:
    return f"demo.{role.code.replace('_', '.')}"


def _open(role: Role, name: str) -> Account:
    email = f"{_login(role)}@yunling.example"
    account = open_account(actor=SYSTEM, login=_login(role), email=email, password=PASSWORD, name=name)
    EmailAddress.objects.filter(user=account).update(verified=True)
    if role.staff:
        TOTP.activate(account, SECRET)
        RecoveryCodes.activate(account)
    return account
