"""Until when anybody may object to a case of a policy, and who answers."""

from __future__ import annotations

from datetime import date

from keheng.kernel.errors import Problem, problem
from keheng.kernel.objections.rules import words_problems
from keheng.kernel.working_days import WorkingCalendar
from keheng.matters.models import Case
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.matching.making import PUBLIC
from keheng.matters.rules.matching.trials import OVER


def objections_until(case: Case, matter: Matter, calendar: WorkingCalendar) -> date | None:
    """The last day of a case's publicity; None where it is not published."""
    due = matter.state_of[case.state].due if case.state == PUBLIC else None
    return None if due is None else due.after(case.entered_on, calendar)


def filing_problems(until: date | None, today: date, name: str, phone: str, body: str) -> list[Problem]:
    """An objection is in time, named, reachable and written."""
    late = [problem("OBJECTION_LATE")] if until is None or today > until else []
    return late + words_problems(name, phone, body)


def answering_roles(matter: Matter) -> list[str]:
    """The roles that decide on what is published: who grants it once nobody objects, or drops it where an objection holds."""
    state = matter.state_of.get(PUBLIC)
    moves = [] if state is None else [move for move in state.moves if move.guard == OVER]
    return list(dict.fromkeys(role for move in moves for role in move.roles))
