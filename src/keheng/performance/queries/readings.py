"""Readings: taking them with a mark of every row, and taking them again to see whether they still hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice

from django.db.models import Q, QuerySet

from keheng.kernel import measures
from keheng.kernel.measures import Measure, Reading, Row, Scope, UnprovenError
from keheng.kernel.periods import Period
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import canonical
from keheng.performance.models import EvaluationRow, FrozenReading, Indicator, MonitorRow
from keheng.performance.queries.projects import projects_for
from keheng.performance.rules.library import policy
from keheng.performance.rules.values import converted

_MARK = 8
Known = list[tuple[str, str]] | None


def measure_of(code: str) -> Measure | None:
    """The measure of that code, None when there is none."""
    return next((one for one in measures.all_measures() if one.code == code), None)


def measure_choices() -> list[tuple[str, str]]:
    """Measures with their unit and definition."""
    return [(one.code, f"{one.code}（{one.unit or '按记录'}）{one.definition}") for one in measures.all_measures()]


def taken(code: str, period: Period, scope: Scope, *, marked: bool = False) -> FrozenReading | None:
    """A reading, not saved yet; None where there is nothing to measure. Raises KeyError for an unknown code.

    ``marked`` keeps a mark of every row, so that rows that change later are told one by one.
    """
    try:
        reading = measures.read(code, period, scope)
    except UnprovenError:
        return None
    if reading.value.value is None:
        return None
    found = measure_of(code)
    few = reading.rows <= policy()["marks_at_most"]
    return frozen(reading, *(_marks(found, period, scope) if marked and found and few else ()))


@dataclass(frozen=True, slots=True)
class Figured:
    """What records say of an indicator: the reading, not saved yet, and the figure in the target's unit; None where there is none."""

    reading: FrozenReading | None = None
    actual: Decimal | None = None


def figured(indicator: Indicator, period: Period, *, marked: bool = False) -> Figured:
    """Read an indicator's measure. It may take seconds: nothing that others wait for is held meanwhile."""
    measure, scope = measure_of(indicator.measure) if indicator.measure else None, dict(indicator.scope)
    reading = taken(measure.code, period, scope, marked=marked) if measure else None
    if reading is None or measure is None:
        return Figured()
    actual = converted(Decimal(reading.value), unit_of(measure, period, scope), indicator.unit)
    return Figured(None if actual is None else reading, actual)


def frozen(reading: Reading, marks: bytes = b"", records: Known = None) -> FrozenReading:
    """A reading as a row, with the marks of its rows and the records behind them."""
    period, value = reading.period, reading.value
    return FrozenReading(
        code=reading.code, version=reading.version, begin=period.begin, end=period.end, span=period.kind, scope=dict(reading.scope),
        value=_text(value.value), numerator=_text(value.numerator), denominator=_text(value.denominator), rows=reading.rows,
        digest=reading.digest, marks=marks, records=records, taken_at=reading.taken_at,
    )  # fmt: skip


def unit_of(measure: Measure, period: Period, scope: Scope) -> str:
    """What a figure is counted in: the measure's unit, or where it has none (outside figures) what its records say."""
    if measure.unit:
        return measure.unit
    first = next(iter(measure.evidence(period, scope)), {})
    return str(first.get("measured_in", ""))


def _text(value: Decimal | None) -> str:
    return "" if value is None else str(value)


def _mark(row: Row) -> bytes:
    return hashlib.new("sm3", canonical(row).encode()).digest()[:_MARK]


def _marks(measure: Measure, period: Period, scope: Scope) -> tuple[bytes, Known]:
    """Marks of rows, and ids and names of the records behind them; nothing where there are more rows than are marked."""
    most, records = policy()["marks_at_most"], measure.records
    rows = list(islice(measure.evidence(period, scope), most + 1))
    if len(rows) > most:
        return b"", None
    return b"".join(map(_mark, rows)), None if records is None else [
        (str(row.get(records.key, "")), str(row.get(records.column, ""))) for row in rows
    ]


def period_of(reading: FrozenReading) -> Period:
    """The period of a frozen reading."""
    return Period(reading.begin, reading.end, reading.span)


@dataclass(frozen=True, slots=True)
class Again:
    """A frozen reading and the same reading now. ``changed`` are rows of now that were not there then; ``gone`` counts those missing.

    ``lost`` are ids and names of the records whose rows are missing, where they were kept.
    """

    then: FrozenReading
    now: FrozenReading | None
    gone: int | None = None
    changed: list[Row] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)

    @property
    def known(self) -> bool:
        """Whether the measure is still registered and has a value."""
        return self.now is not None

    @property
    def same_value(self) -> bool:
        """Whether the figure is equal."""
        return self.now is not None and _numbers(self.then) == _numbers(self.now)

    @property
    def same_definition(self) -> bool:
        """Whether the definition is the one of then."""
        return self.now is not None and self.now.version == self.then.version

    @property
    def holds(self) -> bool:
        """Whether figure, rows and definition are the ones of then."""
        return self.now is not None and self.same_value and self.same_definition and self.now.digest == self.then.digest

    @property
    def difference(self) -> Decimal | None:
        """Now less then; None where one is not known."""
        return None if self.now is None or not self.then.value else Decimal(self.now.value) - Decimal(self.then.value)


def _numbers(reading: FrozenReading) -> tuple[Decimal | None, ...]:
    return tuple(Decimal(text) if text else None for text in (reading.value, reading.numerator, reading.denominator))


def again(then: FrozenReading, *, rows: bool = False) -> Again:
    """Take a frozen reading again; with ``rows`` also which rows changed, where they were marked."""
    period, scope = period_of(then), dict(then.scope)
    measure = measure_of(then.code)
    now = taken(then.code, period, scope) if measure else None
    if not rows or not then.marks or measure is None or (now is not None and now.digest == then.digest):
        return Again(then, now)
    data = bytes(then.marks)
    marks = [data[start : start + _MARK] for start in range(0, len(data), _MARK)]
    known, met, fresh, count = set(marks), set(), [], 0
    for row in measure.evidence(period, scope):
        mark = _mark(row)
        if mark in known:
            met.add(mark)
            count += 1
        else:
            fresh.append(row)
    lost = [(key, name) for (key, name), mark in zip(then.records or [], marks, strict=False) if mark not in met]
    return Again(then, now, then.rows - count, fresh, lost)


def evidence_rows(then: FrozenReading, start: int, most: int) -> list[Row]:
    """Rows of the evidence as they are now, from ``start`` on."""
    measure = measure_of(then.code)
    rows: Iterator[Row] = iter(measure.evidence(period_of(then), dict(then.scope))) if measure else iter(())
    return list(islice(rows, start, start + most))


def year_to(year: int, day: date) -> Period:
    """The year up to a day, that day included; the whole year at its end."""
    whole = Period.year(year)
    return whole if day >= whole.last_day else Period(whole.begin, date.fromordinal(day.toordinal() + 1), "part")


def readings_for(actor: Principal) -> QuerySet[FrozenReading]:
    """Readings on forms and monitoring points of projects that the actor sees."""
    projects = projects_for(actor)
    on_forms = EvaluationRow.objects.filter(evaluation__project__in=projects).values("reading")
    at_points = MonitorRow.objects.filter(point__project__in=projects).values("reading")
    return FrozenReading.objects.filter(Q(pk__in=on_forms.exclude(reading=None)) | Q(pk__in=at_points.exclude(reading=None)))
