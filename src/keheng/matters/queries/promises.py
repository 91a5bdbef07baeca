"""Whether clocks kept what was promised: for each clock of a case that ended, the days used beside promise and law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from keheng.kernel.working_days import working_calendar
from keheng.matters.models import Case, Clock
from keheng.matters.queries.cases import matter_of, runs_of


@dataclass(frozen=True, slots=True)
class Kept:
    """A clock of a case: days used, promised (with its extension), and allowed by law."""

    case: int
    clock: str
    used: int
    promise: int
    law: int

    @property
    def in_time(self) -> bool:
        """Whether the promise was kept."""
        return self.used <= self.promise


def kept_promises(cases: QuerySet[Case]) -> Iterator[Kept]:
    """The clocks of ended cases, in the order they began."""
    calendar = working_calendar()
    for clock, run in runs_of(Clock.objects.filter(case__in=cases, ended__isnull=False).select_related("case__edition")):
        limit = matter_of(clock.case).clocks[clock.code]
        used = run.used(run.ended or run.started, limit.promise, calendar)
        yield Kept(clock.case_id, clock.code, used, limit.promise.days + run.added, limit.law.days + run.added)
