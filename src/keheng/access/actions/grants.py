"""Grants: applied for by one person, decided by another, revoked; the first posts of an installation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.timezone import localdate, now

from keheng.access.models import Account, Grant
from keheng.access.queries import managers_of
from keheng.access.rules.grants import grant_problems, in_force, is_last_holder, is_same_person, reason_problems, same_person
from keheng.access.rules.roles import roles
from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Refused, problem
from keheng.kernel.trail.record import Actor, act, digest_of, record

if TYPE_CHECKING:
    from keheng.directory.models import Organisation

# The kind of tasks and messages about grants.
KIND = "access.grant"


def _state(grant: Grant) -> str:
    return digest_of(
        {
            "account": grant.account_id,
            "role": grant.role,
            "unit": grant.unit_id,
            "district": grant.district,
            "begins": grant.begins,
            "ends": grant.ends,
            "state": grant.state,
        }
    )


def _lock_person(account: Account) -> None:
    """Two grants to one natural person wait for each other, so that together they cannot break what each alone keeps."""
    list(Account.objects.select_for_update().filter(same_person(account)).order_by("pk").values_list("pk", flat=True))


@act("grant.apply", Refused)
def apply_for_grant(
    *, actor: Actor, account: Account, role: str, begins: date, ends: date | None, reason: str,
    unit_id: int | None = None, district: str = "",
) -> Grant:  # fmt: skip
    """Ask for a role for someone; raises Refused with every problem."""
    applicant = Account.objects.get(pk=actor.account)
    _lock_person(account)
    grant = Grant(
        account=account, role=role, unit_id=unit_id, district=district, begins=begins, ends=ends, reason=reason.strip(),
        state=Grant.State.APPLIED, applied_by=applicant,
    )  # fmt: skip
    found = grant_problems(grant)
    if role in roles() and roles()[role].granting != "two_persons":
        found.append(problem("ACC_ROLE_WAY", "role", role=roles()[role].zh))
    if not grant.reason:
        found.append(problem("ACC_GRANT_REASON", "reason"))
    if is_same_person(applicant, account):
        found.append(problem("ACC_TWO_PERSONS", "account"))
    if found:
        raise Refused(found)
    grant.save()
    record("grant.apply", actor=actor, target=f"grant:{grant.pk}", after=_state(grant))
    open_task(
        _task(grant), kind=KIND, title=f"审批授权：{account.name}担任{roles()[role].zh}", url=f"{reverse('access:grants')}?state=applied",
        permission="access.grants.decide", not_by=actor.account,
    )  # fmt: skip
    return grant


def _task(grant: Grant) -> str:
    """The key of the task to decide on an application."""
    return f"grant:{grant.pk}:decide"


def _tell(grant: Grant, what: str) -> None:
    """Tell whom a grant is for what became of it."""
    title = f"“{roles()[grant.role].zh}”{what}"
    tell(
        [str(grant.account_id)],
        kind=KIND,
        key=f"grant:{grant.pk}:{grant.state}",
        title=title,
        body=grant.remark,
        url=reverse("access:security"),
    )


@act("grant.decide", Refused)
def decide_grant(*, actor: Actor, grant_id: int, agreed: bool, remark: str = "") -> Grant:
    """Agree to an application or refuse it; raises Refused when it cannot be, or not by this person."""
    grant = Grant.objects.select_for_update(of=("self",)).select_related("account", "applied_by").get(pk=grant_id)
    decider = Account.objects.get(pk=actor.account)
    _lock_person(grant.account)
    if grant.state != Grant.State.APPLIED:
        raise Refused(problem("ACC_GRANT_STATE", state=grant.get_state_display()))
    found = grant_problems(grant) if agreed else []
    if any(is_same_person(decider, other) for other in (grant.account, grant.applied_by) if other is not None):
        found.append(problem("ACC_TWO_PERSONS"))
    found += reason_problems(remark, "remark", needed=not agreed)
    if found:
        raise Refused(found)
    before = _state(grant)
    grant.state = Grant.State.IN_FORCE if agreed else Grant.State.REFUSED
    grant.decided_by, grant.decided_at, grant.remark = decider, now(), remark.strip()
    grant.save()
    record("grant.decide", actor=actor, target=f"grant:{grant.pk}", before=before, after=_state(grant))
    close_task(_task(grant))
    _tell(grant, "已授予您" if agreed else "没有授予您")
    return grant


@act("grant.revoke", Refused)
def revoke_grant(*, actor: Actor, grant_id: int, remark: str) -> Grant:
    """End a grant now; raises Refused for the last holder of a post, the last manager of a unit, or without a reason."""
    grant = Grant.objects.select_for_update().get(pk=grant_id)
    # All grants of the role in order: two removals at once cannot each believe that the other remains.
    list(Grant.objects.select_for_update().filter(role=grant.role, unit=grant.unit_id).order_by("pk").values_list("pk", flat=True))
    role = roles()[grant.role]
    found = []
    if grant.state not in {Grant.State.IN_FORCE, Grant.State.APPLIED}:
        found.append(problem("ACC_GRANT_STATE", state=grant.get_state_display()))
    found += reason_problems(remark, "remark")
    if is_last_holder(grant):
        found.append(problem("ACC_POST_LAST", role=role.zh))
    if "access.members.manage" in role.powers and not managers_of(grant.unit_id).exclude(account=grant.account_id).exists():
        found.append(problem("ACC_MEMBER_LAST"))
    if found:
        raise Refused(found)
    before = _state(grant)
    grant.state, grant.remark = Grant.State.REVOKED, remark.strip()
    grant.save(update_fields=["state", "remark"])
    record("grant.revoke", actor=actor, target=f"grant:{grant.pk}", before=before, after=_state(grant))
    close_task(_task(grant))
    _tell(grant, "已收回")
    return grant


@act("grant.manager", Refused)
def appoint_manager(*, actor: Actor, account: Account, unit: Organisation) -> Grant:
    """Make who registered a unit its first manager; raises Refused when it has one."""
    # The unit's row is the lock: of two who register it at once, one finds the other's grant.
    type(unit).objects.select_for_update().get(pk=unit.pk)
    if managers_of(unit.pk).exists():
        raise Refused(problem("ACC_MANAGER_EXISTS", "unit", unit=unit.name))
    return give(actor, account, "unit_manager", unit.pk)


def give(actor: Actor, account: Account, role: str, unit_id: int | None, ends: date | None = None, district: str = "") -> Grant:
    """Put a grant in force inside the caller's act, once it has decided that it may; raises Refused with every problem."""
    _lock_person(account)
    grant = Grant(
        account=account, role=role, unit_id=unit_id, district=district, begins=localdate(), ends=ends, reason=roles()[role].zh,
        state=Grant.State.IN_FORCE, decided_at=now(),
    )  # fmt: skip
    found = grant_problems(grant)
    if found:
        raise Refused(found)
    grant.save()
    record("grant.give", actor=actor, target=f"grant:{grant.pk}", after=_state(grant))
    return grant


@act("grant.first_posts", Refused)
def appoint_first_posts(*, actor: Actor, accounts: Mapping[str, Account]) -> None:
    """Fill the three posts of a new installation, by role; raises Refused once anyone holds one of them."""
    posts = [role for role in roles().values() if role.post]
    held = Grant.objects.filter(in_force(), role__in=[role.code for role in posts]).select_related("account").first()
    if held is not None:
        raise Refused(problem("ACC_GRANT_HELD", role=roles()[held.role].zh))
    for role in posts:
        give(actor, accounts[role.code], role.code, None, localdate() + timedelta(days=role.longest_days))
