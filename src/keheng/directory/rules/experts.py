"""Whether somebody may enter, leave or return to the expert pool."""

from __future__ import annotations

from collections.abc import Iterable

from keheng.directory.enums import ExpertState, fields_of_work
from keheng.directory.models import Expert, Person
from keheng.directory.rules.people import active_person_problems
from keheng.kernel.errors import Problem, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import Actor

APPROVE = "directory.expert.approve"
# From which states an act leads on.
MAY: dict[str, frozenset[str]] = {
    "approve": frozenset({ExpertState.APPLIED}),
    "suspend": frozenset({ExpertState.POOL}),
    "resume": frozenset({ExpertState.SUSPENDED}),
    "leave": frozenset({ExpertState.APPLIED, ExpertState.POOL, ExpertState.SUSPENDED}),
    "apply": frozenset({ExpertState.LEFT}),
}


def state_problems(expert: Expert, act: str) -> list[Problem]:
    """The act must be open from the expert's present state."""
    return [] if expert.state in MAY[act] else [problem("DIR_EXPERT_STATE", "", state=expert.get_state_display())]


def application_problems(person: Person, codes: Iterable[str], present: Expert | None) -> list[Problem]:
    """What forbids an application: a person who is an expert already, no field of work, one that is not in the tree."""
    found = active_person_problems(person)
    chosen, known = set(codes), fields_of_work()
    if not chosen:
        found.append(problem("DIR_FIELD_MISSING", "fields"))
    elif unknown := chosen - {code for code, field in known.items() if field.parent}:
        found.append(problem("DIR_FIELD_UNKNOWN", "fields", codes="、".join(sorted(unknown))))
    if present is not None:
        found += state_problems(present, "apply")
    return found


def approval_problems(expert: Expert, actor: Actor, actor_person: int | None) -> list[Problem]:
    """The one who approves is another person than the one who proposed and than the expert."""
    found = state_problems(expert, "approve")
    if not actor.account or actor.account == expert.proposed_by:
        found.append(problem("DIR_EXPERT_PROPOSER"))
    if actor_person is not None and actor_person == expert.person_id:
        found.append(problem("DIR_EXPERT_OWN"))
    return found


def may_approve(actor: Principal, expert: Expert) -> bool:
    """Whether the page offers the approval to somebody."""
    return actor.may(APPROVE) and expert.state == ExpertState.APPLIED and actor.account != expert.proposed_by
