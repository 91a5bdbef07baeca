"""Whether clocks kept what was promised: for each clock of a case that ended, the days used beside promise and law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from django.db.models import QuerySet

from keheng.kernel.working_days import working_calendar
from keheng.matters.models import Case, Clock, Edition
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.shelf import matter_of_text
from keheng.matters.rules.flow.clocks import Run, Stop

_ROW = ("pk", "case", "case__edition", "code", "started", "added", "ended", "stops__state", "stops__since", "stops__until")


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
    """The clocks of ended cases, in the order they began: as rows, since a year has tens of thousands of them."""
    calendar = working_calendar()
    rows = Clock.objects.filter(case__in=cases, ended__isnull=False).order_by("pk", "stops__pk").values_list(*_ROW)
    for _, same in groupby(rows.iterator(), key=itemgetter(0)):
        some = list(same)
        _, case, edition, code, started, added, ended, *_ = some[0]
        stops = tuple(Stop(*row[-3:]) for row in some if row[-2] is not None)
        limit = _matter_of(edition).clocks[code]
        used = Run(started, added, stops, ended).used(ended, limit.promise, calendar)
        yield Kept(case, code, used, limit.promise.days + added, limit.law.days + added)


@lru_cache(maxsize=256)
def _matter_of(edition: str) -> Matter:
    """An edition's digest is its content: what was read once stays."""
    return matter_of_text(Edition.objects.values_list("text", flat=True).get(pk=edition))
