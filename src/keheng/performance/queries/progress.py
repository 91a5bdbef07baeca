"""Indicators against their targets over the year: what monitoring read at its dates, and what was signed at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from keheng.performance.models import EvaluationRow, MonitorRow
from keheng.performance.queries.drawing import share_of

_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Progress:
    """One indicator: its share of the target in percent by month, as of the last reading of the month."""

    title: str
    months: Mapping[int, Decimal]

    @property
    def latest(self) -> Decimal:
        """Where it stands now."""
        return self.months[max(self.months)]


def progress(projects: Collection[int], signed: Iterable[EvaluationRow]) -> list[Progress]:
    """Every indicator of which more is better and that was read at least once, the one furthest behind first."""
    read = MonitorRow.objects.filter(point__project__in=projects, actual__isnull=False, indicator__direction="more", indicator__value__gt=0)
    readings = [(row.indicator, row.point.on.month, row.actual) for row in read.select_related("indicator", "point").order_by("point__on")]
    readings += [(row.indicator, _DECEMBER, row.actual) for row in signed if row.indicator.direction == "more" and row.indicator.value]
    found: dict[int, tuple[str, dict[int, Decimal]]] = {}
    for indicator, month, actual in readings:
        share = share_of(actual, indicator.value)
        if share is not None:
            found.setdefault(indicator.pk, (indicator.title, {}))[1][month] = share
    return sorted((Progress(title, months) for title, months in found.values()), key=lambda one: (one.latest, one.title))
