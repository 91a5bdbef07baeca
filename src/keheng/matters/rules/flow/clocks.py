"""Clocks: a budget and a ledger of suspensions; when a clock is due is derived from both, so that a pause really moves it.

The day on which something happens does not count (行政许可法 art. 32, 42, 45 count from the day after): a clock that starts on day
0 with 10 working days is due on the tenth working day after it. A clock that is suspended on day A and goes on on day B loses the
working days in ``(A, B]``. One that is suspended on its last day has no day left: it is due on the day it goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from keheng.kernel.working_days import WorkingCalendar
from keheng.matters.rules.files.parts import Clock
from keheng.matters.rules.files.values import Span


@dataclass(frozen=True, slots=True)
class Stop:
    """A suspension: the state it was in, since when, until when (None: it still stands)."""

    state: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A clock of a case: started, extended by so many days, its suspensions in order, and the day it ended (None: not yet)."""

    started: date
    added: int = 0
    stops: tuple[Stop, ...] = ()
    ended: date | None = None

    @property
    def standing(self) -> bool:
        """Whether it is suspended now."""
        return self.ended is None and bool(self.stops) and self.stops[-1].until is None

    @property
    def running(self) -> bool:
        """Whether time passes on it."""
        return self.ended is None and not self.standing

    def stopped(self, state: str, day: date) -> Run:
        """Suspended from a day on; as it is when it stands or has ended."""
        return replace(self, stops=(*self.stops, Stop(state, day))) if self.running else self

    def resumed(self, day: date) -> Run:
        """Going on from a day; a clock that had ended runs again, and the time between does not count."""
        if self.ended is not None:
            return replace(self, stops=(*self.stops, Stop("", self.ended, day)), ended=None)
        return replace(self, stops=(*self.stops[:-1], replace(self.stops[-1], until=day))) if self.standing else self

    def over(self, day: date) -> Run:
        """Ended; a suspension that still stood ends with it."""
        return self if self.ended is not None else replace(self.resumed(day), ended=day)

    def extended(self, days: int) -> Run:
        """With so many days more."""
        return replace(self, added=self.added + days)

    def used(self, day: date, budget: Span, calendar: WorkingCalendar) -> int:
        """Days of the budget's kind that passed on it until the end of a day; never negative."""
        until = min(day, self.ended) if self.ended is not None else day
        lost = sum(budget.passed(stop.since, min(stop.until or until, until), calendar) for stop in self.stops)
        return max(0, budget.passed(self.started, until, calendar) - lost)

    def due(self, budget: Span, calendar: WorkingCalendar) -> date | None:
        """The last day of a budget, with what was added; None while the clock is suspended within it."""
        due = Span(budget.days + self.added, budget.working).after(self.started, calendar)
        for stop in self.stops:
            if budget.passed(due, stop.since, calendar):
                return due
            if stop.until is None:
                return None
            lost = budget.passed(stop.since, stop.until, calendar)
            due = max(Span(lost, budget.working).after(due, calendar), stop.until) if lost else due
        return due

    def share(self, day: date, budget: Span, calendar: WorkingCalendar) -> int:
        """Percent of the budget used, rounded down."""
        return self.used(day, budget, calendar) * 100 // (budget.days + self.added)


def columns(run: Run, limit: Clock, calendar: WorkingCalendar) -> dict[str, Any]:
    """A run as its row keeps it; ``used``, ``promise`` and ``law`` are days, the last two with the extension, None until it has ended."""
    kept: dict[str, Any] = {"started": run.started, "added": run.added, "ended": run.ended, "used": None, "promise": None, "law": None}
    if run.ended is None:
        return kept
    used = run.used(run.ended, limit.promise, calendar)
    return {**kept, "used": used, "promise": limit.promise.days + run.added, "law": limit.law.days + run.added}
