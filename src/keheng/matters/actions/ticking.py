"""Ticking the steps of a checklist."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record
from keheng.matters.actions.moving import locked
from keheng.matters.models import Tick
from keheng.matters.queries.cases import given_by, loaded
from keheng.matters.queries.checklists import applying
from keheng.matters.rules.acting import may_see, roles_of

_LONGEST = 300


@act("case.tick", Refused)
def tick_step(*, actor: Principal, case: int, checklist: str, step: str, remark: str = "") -> Tick:
    """Note that a step was seen done, with a remark. It stays: what turned out otherwise is said in the opinion of the move."""
    one = loaded(locked(case))
    givers = given_by(actor.account, localdate())
    if not may_see(actor, one.case, one.matter, givers):
        raise Refused(problem("MATTER_CASE_GONE"))
    wanted = dict(applying(one.matter, dict(one.at.answers))).get(checklist)
    if wanted is None or step not in {each.id for each in wanted.steps}:
        raise Refused(problem("MATTER_TICK_NONE"))
    found = []
    if wanted.by not in roles_of(actor, one.case, one.matter, givers):
        found.append(problem("MATTER_MOVE_WHO", title=wanted.title, who=one.matter.roles[wanted.by].zh))
    if one.case.ended_at is not None or one.case.submitted_at is None:
        found.append(problem("MATTER_CLOSED", state=one.matter.state_of[one.case.state].title))
    if len(remark.strip()) > _LONGEST:
        found.append(problem("MATTER_TICK_LONG", "remark", most=_LONGEST))
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            made = Tick.objects.create(case=one.case, checklist=checklist, step=step, remark=remark.strip(), by=actor.account, at=now())
    except IntegrityError:
        raise Refused(problem("MATTER_TICKED")) from None
    record("case.tick", actor=actor, target=f"case:{case}", after=digest_of({"checklist": checklist, "step": step}))
    return made
