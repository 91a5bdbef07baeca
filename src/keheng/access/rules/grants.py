"""Who may hold what: two persons for a grant, three posts apart 三员分立 (GB/T 22239-2019 8.1.7)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from keheng.access.models import Account, Grant
from keheng.access.rules.roles import Role, roles
from keheng.kernel.errors import Problem, problem
from keheng.kernel.powers import Reach

_LONGEST_REASON = 200


def in_force(on: date | None = None) -> Q:
    """Grants that hold on a day, today by default."""
    day = on or localdate()
    return Q(state=Grant.State.IN_FORCE, begins__lte=day) & (Q(ends=None) | Q(ends__gt=day))


def same_person(account: Account) -> Q:
    """Accounts of the natural person behind an account."""
    return Q(person=account.person_id) if account.person_id else Q(pk=account.pk)


def is_same_person(one: Account, other: Account) -> bool:
    """Whether two accounts are one natural person's."""
    return one.pk == other.pk or (one.person_id is not None and one.person_id == other.person_id)


def open_or_held(account: Account) -> QuerySet[Grant]:
    """What the natural person behind an account holds now or later, or has applied for."""
    accounts = Account.objects.filter(same_person(account))
    not_over = Q(ends=None) | Q(ends__gt=localdate())
    return Grant.objects.filter(not_over, account__in=accounts, state__in=[Grant.State.APPLIED, Grant.State.IN_FORCE])


def grant_problems(grant: Grant) -> list[Problem]:
    """Everything that forbids a grant, whether applied for or about to be decided."""
    role = roles().get(grant.role)
    if role is None:
        return [problem("ACC_ROLE_UNKNOWN", "role", role=grant.role)]
    others = open_or_held(grant.account).exclude(pk=grant.pk)
    found = [*_bound_problems(grant, role), *_time_problems(grant, role), *_post_problems(role, others)]
    if not grant.account.is_active:
        found.append(problem("ACC_ACCOUNT_STOPPED", "account", name=grant.account.name))
    if others.filter(account=grant.account, role=grant.role, unit=grant.unit_id, district=grant.district).exists():
        found.append(problem("ACC_GRANT_HELD", "role", role=role.zh))
    return found


def _bound_problems(grant: Grant, role: Role) -> list[Problem]:
    found = []
    if role.reaches(Reach.UNIT) and grant.unit_id is None:
        found.append(problem("ACC_GRANT_UNIT", "unit", role=role.zh))
    if role.reaches(Reach.DISTRICT) and not grant.district:
        found.append(problem("ACC_GRANT_DISTRICT", "district", role=role.zh))
    return found


def _time_problems(grant: Grant, role: Role) -> list[Problem]:
    if grant.ends is None:
        return [problem("ACC_GRANT_ENDLESS", "ends", role=role.zh, days=role.longest_days)] if role.longest_days else []
    if grant.ends <= grant.begins:
        return [problem("ACC_GRANT_ORDER", "ends")]
    if role.longest_days and grant.ends - grant.begins > timedelta(days=role.longest_days):
        return [problem("ACC_GRANT_LONG", "ends", role=role.zh, days=role.longest_days)]
    return []


def _post_problems(role: Role, others: QuerySet[Grant]) -> list[Problem]:
    held = {grant.role for grant in others}
    posts = sorted(roles()[code].zh for code in held if roles()[code].post and code != role.code)
    business = sorted(roles()[code].zh for code in held if not roles()[code].post)
    if role.post and posts:
        return [problem("ACC_POST_DOUBLE", "role", role=role.zh, held="、".join(posts))]
    if role.post and business:
        return [problem("ACC_POST_BUSINESS", "role", held="、".join(business))]
    if not role.post and posts:
        return [problem("ACC_POST_BUSINESS", "role", held="、".join(posts))]
    return []


def is_last_holder(grant: Grant) -> bool:
    """Whether nobody else holds the post that this grant gives."""
    role = roles()[grant.role]
    if not role.post or grant.state != Grant.State.IN_FORCE:
        return False
    others = Grant.objects.filter(in_force(), role=grant.role, account__is_active=True).exclude(account=grant.account)
    return not others.exists()


def reason_problems(text: str, field: str, *, needed: bool = True) -> list[Problem]:
    """What is wrong with a reason: missing where it is needed, or too long to be kept."""
    if needed and not text.strip():
        return [problem("ACC_GRANT_REASON", field)]
    if len(text.strip()) > _LONGEST_REASON:
        return [problem("ACC_REASON_LONG", field, most=_LONGEST_REASON, length=len(text.strip()))]
    return []
