"""Anybody objects to what a unit is to have by a policy while it is published; who decides on the case answers.

Both acts lock the case, as its moves do: an objection of the last second is there before the award, or is told that it is late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate

from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Refused, problem
from keheng.kernel.numbers import draw, written
from keheng.kernel.objections.rules import answer_problems
from keheng.kernel.objections.stated import stated
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.kernel.working_days import working_calendar
from keheng.matters.actions.moving import locked
from keheng.matters.actions.telling import KIND, case_title, of_whom
from keheng.matters.models import Case, PolicyCase, PolicyObjection
from keheng.matters.queries.cases import given_by, matter_of
from keheng.matters.rules.acting import may_see, roles_of
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.objections import answering_roles, filing_problems, objections_until

SERIES = "ZY"


@act("policy.object", Refused)
def file_policy_objection(*, actor: Actor, policy_case: int, name: str, phone: str, body: str) -> PolicyObjection:
    """Object by name to a published case of a policy; raises Refused with everything wrong. The trail keeps the number alone."""
    of = PolicyCase.objects.filter(pk=policy_case).first()
    if of is None:
        raise Refused(problem("MATTER_CASE_GONE"))
    case, today = locked(of.case_id), localdate()
    matter = matter_of(case)
    if found := filing_problems(objections_until(case, matter, working_calendar()), today, name, phone, body):
        raise Refused(found)
    number = written(SERIES, today.year, draw("matters.objection", today.year))
    made = PolicyObjection.objects.create(number=number, case=of, **stated(name, phone, body, today))
    _ask(made, case, matter)
    record("policy.object", actor=actor, target=f"case:{case.pk}", after=digest_of({"objection": number}), reason=number)
    return made


def _ask(row: PolicyObjection, case: Case, matter: Matter) -> None:
    """A task for whoever decides on the case, by the day on which the answer is due."""
    due_at = datetime.combine(row.due_on, time(23, 59), get_current_timezone())
    for role, key in _keys(row, matter):
        whom = {**of_whom(case, matter, role), "url": reverse("casework:objection", args=[row.pk])}
        open_task(key, kind=KIND, title=f"处理异议 {row.number}：{case_title(case)}", due_at=due_at, **whom)


def _keys(row: PolicyObjection, matter: Matter) -> Iterator[tuple[str, str]]:
    """The roles that are asked, each with the key of its task."""
    return ((role, f"policy-objection:{row.pk}:{role}") for role in answering_roles(matter))


@act("policy.answer_objection", Refused)
def answer_policy_objection(*, actor: Principal, objection: int, upheld: bool | None, answer: str) -> PolicyObjection:
    """Say whether an objection holds, and why; of two who do it at once the second is refused.

    Where it holds, the case can no longer be granted: whoever decides drops it by its own move.
    """
    before = PolicyObjection.objects.filter(pk=objection).select_related("case").first()
    if before is None:
        raise Refused(problem("MATTER_CASE_GONE"))
    case = locked(before.case.case_id)
    matter, givers = matter_of(case), given_by(actor.account, localdate())
    if not may_see(actor, case, matter, givers):
        raise Refused(problem("MATTER_CASE_GONE"))
    row = PolicyObjection.objects.select_for_update(of=("self",)).get(pk=objection)
    asked = answering_roles(matter)
    found = answer_problems(row, upheld, answer)
    if not roles_of(actor, case, matter, givers).keys() & set(asked):
        found.insert(0, problem("POLICY_OBJECTION_WHO", who="、".join(matter.roles[one].zh for one in asked)))
    if found:
        raise Refused(found)
    row.decide(actor.account, answer, upheld=bool(upheld))
    for _role, key in _keys(row, matter):
        close_task(key)
    after = digest_of({"objection": row.number, "state": row.state})
    record("policy.answer_objection", actor=actor, target=f"case:{case.pk}", after=after, reason=row.number)
    return row
