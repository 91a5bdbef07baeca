"""Who may look into a bad rating, by when, and what its answer needs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from keheng.kernel.errors import Problem, problem
from keheng.kernel.powers import Principal
from keheng.kernel.working_days import WorkingCalendar
from keheng.matters.enums import Difficulty, Finding, Reached
from keheng.matters.models import FollowUp
from keheng.matters.models.ratings import ANSWER_LENGTH
from keheng.matters.rules.ratings import follow_up_limits

FOLLOW = "matters.rating.follow"


def followed_by(actor: Principal) -> Q:
    """Follow-ups within reach, but those of one's own ratings."""
    reached = actor.within(FOLLOW, unit="rating__case__unit", district="rating__case__district")
    return reached & ~Q(rating__by=actor.account) & ~Q(rating__case__applicant=actor.account)


def limit_of(difficulty: str, opened: date, calendar: WorkingCalendar) -> tuple[int, date]:
    """The working days by the limits of the day it was opened on, and the last of them; that day itself does not count."""
    days = follow_up_limits(opened).days[difficulty]
    return days, calendar.add(opened, days)


def is_late(row: FollowUp, today: date) -> bool:
    """Whether it was closed after its last day, or is open beyond it."""
    return (row.closed_on or today) > row.due_on


def hands_off(actor: Principal, handlers: Collection[str]) -> list[Problem]:
    """Who handled a case is no judge of how it was handled."""
    return [problem("MATTER_FOLLOW_UP_OWN")] if actor.account in handlers else []


def call_problems(row: FollowUp, reached: str, heard: str, difficulty: str, today: date) -> list[Problem]:
    """Everything wrong with a call back as it was written down."""
    found = [] if row.closed_on is None else [problem("MATTER_FOLLOW_UP_CLOSED")]
    if reached not in Reached.values:
        found.append(problem("MATTER_FOLLOW_UP_CHOICE", "reached", title="联系方式"))
    found += _text_problems("heard", "了解到的情况", heard)
    if difficulty not in Difficulty.values:
        found.append(problem("MATTER_FOLLOW_UP_CHOICE", "difficulty", title="难易"))
    elif difficulty != row.difficulty and today > row.due_on:
        found.append(problem("MATTER_FOLLOW_UP_LATE", "difficulty", due=row.due_on))
    return found


def close_problems(row: FollowUp, finding: str, done: str, answer: str) -> list[Problem]:
    """Everything that stands in the way of closing it."""
    found = [] if row.closed_on is None else [problem("MATTER_FOLLOW_UP_CLOSED")]
    if row.called_on is None:
        found.append(problem("MATTER_FOLLOW_UP_CALL"))
    if finding not in Finding.values:
        found.append(problem("MATTER_FOLLOW_UP_CHOICE", "finding", title="核实结论"))
    return [*found, *_text_problems("done", "整改措施", done), *_text_problems("answer", "给评价人的答复", answer)]


def _text_problems(field: str, title: str, text: str) -> list[Problem]:
    if not text.strip():
        return [problem("MATTER_FOLLOW_UP_TEXT", field, title=title)]
    return [problem("MATTER_FOLLOW_UP_LONG", field, title=title, most=ANSWER_LENGTH)] if len(text.strip()) > ANSWER_LENGTH else []
