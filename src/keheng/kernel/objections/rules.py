"""What an objection needs, and what a decision on it needs."""

from __future__ import annotations

from keheng.kernel.errors import Problem, problem
from keheng.kernel.objections.stated import ObjectionState, Stated
from keheng.kernel.objections.terms import term


def words_problems(name: str, phone: str, body: str) -> list[Problem]:
    """An objection is named, reachable and written."""
    found: list[Problem] = []
    if not name.strip():
        found.append(problem("OBJECTION_NAME", "name"))
    if sum(one.isdigit() for one in phone) < term("phone_digits"):
        found.append(problem("OBJECTION_PHONE", "phone"))
    if not body.strip():
        found.append(problem("OBJECTION_BODY", "body"))
    return found


def answer_problems(objection: Stated, upheld: bool | None, answer: str) -> list[Problem]:  # noqa: FBT001 -- yes, no, or not said
    """An objection is decided once, with reasons."""
    found: list[Problem] = []
    if objection.state != ObjectionState.OPEN:
        found.append(problem("OBJECTION_DECIDED", state=objection.get_state_display()))
    if upheld is None:
        found.append(problem("OBJECTION_OUTCOME", "upheld"))
    if not answer.strip():
        found.append(problem("OBJECTION_ANSWER", "answer"))
    return found
