"""Whether a list may be published, objected to, and closed."""

from __future__ import annotations

from datetime import date

from keheng.kernel.errors import Problem, problem
from keheng.kernel.objections.rules import words_problems
from keheng.kernel.objections.stated import ObjectionState
from keheng.review.enums import RoundState
from keheng.review.models import Entry, Objection, Round
from keheng.review.rules.rounds import state_problems


def publishing_problems(row: Round, account: str) -> list[Problem]:
    """The list is published by another person than the one who organised the round."""
    found = state_problems(row, "combined")
    if row.stays_inside:
        found.append(problem("REVIEW_STAYS_INSIDE"))
    if not account or account == row.organiser:
        found.append(problem("REVIEW_TWO_PERSONS"))
    return found


def takes_objections(row: Round, day: date) -> bool:
    """Whether a list is public and its days of objections go on."""
    return row.state == RoundState.PUBLIC and row.objections_until is not None and day <= row.objections_until


def objection_problems(entry: Entry, name: str, phone: str, body: str, today: date) -> list[Problem]:
    """An objection is named, written, reachable, and in time."""
    found: list[Problem] = []
    if not takes_objections(entry.round, today):
        found.append(problem("OBJECTION_LATE"))
    if not entry.proposed:
        found.append(problem("REVIEW_OBJECTION_ENTRY", "entry"))
    return found + words_problems(name, phone, body)


def closing_problems(row: Round, today: date) -> list[Problem]:
    """A round is closed after the publicity period, with every objection answered; one whose list stays inside once it has results."""
    found = state_problems(row, "combined" if row.stays_inside else "public")
    if row.objections_until is not None and today <= row.objections_until:
        found.append(problem("REVIEW_STILL_PUBLIC", until=row.objections_until))
    waiting = Objection.objects.filter(entry__round=row, state=ObjectionState.OPEN).count()
    if waiting:
        found.append(problem("REVIEW_OBJECTIONS_OPEN", count=waiting))
    return found
