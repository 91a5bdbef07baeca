"""What was cut in a year: every figure is a sum over lines of cases, so that any two views of it agree and each opens to its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property

from django.db.models.functions import ExtractYear
from django.utils.timezone import get_current_timezone, localtime

from keheng.kernel.powers import Principal
from keheng.matters.models import Case
from keheng.matters.queries.cases import cases_for, matter_of
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.shelf import shelf

NO_UNIT, UNCUT = "（未写单位）", ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a decided case, in fen; ``reason`` is '' where nothing was cut."""

    case: int
    number: str
    title: str
    unit: str
    on: date
    item: str
    asked: int
    approved: int
    reason: str

    @property
    def cut(self) -> int:
        """What was not approved."""
        return self.asked - self.approved


@dataclass(frozen=True, slots=True)
class Sum:
    """Lines that belong together: how many, of how many cases, and their amounts in fen."""

    name: str
    lines: int
    cases: int
    asked: int
    approved: int

    @property
    def cut(self) -> int:
        """What was not approved."""
        return self.asked - self.approved

    @property
    def rate(self) -> Decimal | None:
        """The cut in percent of what was asked for; None where nothing was."""
        return round(Decimal(self.cut) * 100 / self.asked, 2) if self.asked else None


def sum_of(name: str, lines: Iterable[Line]) -> Sum:
    """One sum."""
    some = list(lines)
    return Sum(name, len(some), len({one.case for one in some}), sum(one.asked for one in some), sum(one.approved for one in some))


@dataclass(frozen=True)
class YearLedger:
    """The decided cases of a matter in a year; ``refused`` are cases that were not approved at all, and stand in no sum."""

    matter: Matter
    year: int
    lines: tuple[Line, ...]
    refused: int

    @cached_property
    def total(self) -> Sum:
        """All lines."""
        return sum_of("合计", self.lines)

    def by(self, key: Callable[[Line], str]) -> list[Sum]:
        """Sums by a key, the largest cut first."""
        groups: dict[str, list[Line]] = {}
        for line in self.lines:
            groups.setdefault(key(line), []).append(line)
        return sorted((sum_of(name, lines) for name, lines in groups.items()), key=lambda one: (-one.cut, one.name))

    @cached_property
    def by_reason(self) -> list[Sum]:
        """Of lines that were cut, by reason."""
        return [one for one in self.by(lambda line: line.reason) if one.name]

    @cached_property
    def by_unit(self) -> list[Sum]:
        """By the unit whose case it is."""
        return self.by(lambda line: line.unit)

    @cached_property
    def by_month(self) -> list[Sum]:
        """By the month of the decision, all twelve."""
        return [sum_of(f"{month} 月", (line for line in self.lines if line.on.month == month)) for month in range(1, 13)]

    def narrowed(self, unit: str, reason: str, month: int) -> list[Line]:
        """The lines behind a figure; '' and 0 stand for all."""
        return [
            line
            for line in self.lines
            if (not unit or line.unit == unit) and (not reason or line.reason == reason) and (not month or line.on.month == month)
        ]


def matters_with_ledgers() -> list[Matter]:
    """Matters whose newest file has a ledger."""
    return [versions[-1].matter for versions in shelf().values() if versions[-1].matter.ledger is not None]


def years_of(actor: Principal, matter: str) -> list[int]:
    """Years in which cases of a matter ended, the latest first."""
    rows = cases_for(actor).filter(matter=matter, ended_at__isnull=False).annotate(year=ExtractYear("ended_at"))
    return sorted(set(rows.values_list("year", flat=True).distinct()), reverse=True)


def ledger_of(actor: Principal, matter: Matter, year: int) -> YearLedger:
    """The ledger of a year, as far as an actor sees cases. Cases on an edition without a ledger have no lines."""
    zone = get_current_timezone()
    begin, end = (datetime.combine(date(number, 1, 1), time(), zone) for number in (year, year + 1))
    rows = cases_for(actor).filter(matter=matter.id, ended_at__gte=begin, ended_at__lt=end, end__in=["granted", "refused"])
    fields = ("number", "title", "end", "ended_at", "answers", "edition", "unit__name", "edition__text")
    cases = list(rows.select_related("edition", "unit").only(*fields).order_by("ended_at", "pk"))
    lines = [line for case in cases if case.end == "granted" for line in _lines(case)]
    return YearLedger(matter, year, tuple(lines), sum(case.end == "refused" for case in cases))


def _lines(case: Case) -> Sequence[Line]:
    ledger = matter_of(case).ledger
    rows = case.answers.get(ledger.table) if ledger is not None else None
    if ledger is None or not isinstance(rows, list):
        return ()
    unit = str(case.answers.get(ledger.unit) or "") if ledger.unit is not None else case.unit.name if case.unit is not None else ""
    words = next((col.id for col in matter_of(case).by_id[ledger.table].cols if col.type == "text"), "")
    return [
        Line(
            case.pk, case.number or "", str(case.answers.get("name") or case.title), unit or NO_UNIT, localtime(case.ended_at).date(),
            str(row.get(words, "")), int(row.get(ledger.asked) or 0), int(row.get(ledger.approved) or 0),
            str(row.get(ledger.reason) or UNCUT),
        )
        for row in rows
    ]  # fmt: skip
