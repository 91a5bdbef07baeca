"""Periods as half-open runs of days: months, quarters, years (a fiscal year is a calendar year in China), reporting years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {"month": 1, "quarter": 3, "year": 12, "reporting": 12}
_QUARTERS = "一二三四"
_YEAR = 12
_REPORTING_BEGINS = 7


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from ``begin`` up to but not including ``end``; ``kind`` is month, quarter, year or reporting."""

    begin: date
    end: date
    kind: str

    @classmethod
    def year(cls, year: int) -> Period:
        """A calendar year, which is the fiscal year too (预算法 art. 18)."""
        return cls._run(year, 1, "year")

    @classmethod
    def quarter(cls, year: int, number: int) -> Period:
        """A quarter, 1 to 4."""
        return cls._run(year, (_in_range(number, 4) - 1) * 3 + 1, "quarter")

    @classmethod
    def month(cls, year: int, number: int) -> Period:
        """A month, 1 to 12."""
        return cls._run(year, _in_range(number, _YEAR), "month")

    @classmethod
    def reporting_year(cls, year: int) -> Period:
        """The year of base annual reports, named by its end: 1 July of the year before to 30 June."""
        return cls._run(year - 1, _REPORTING_BEGINS, "reporting")

    @classmethod
    def _run(cls, year: int, month: int, kind: str) -> Period:
        return cls(date(year, month, 1), _months_after(date(year, month, 1), _MONTHS[kind]), kind)

    def __contains__(self, day: date) -> bool:
        return self.begin <= day < self.end

    def overlaps(self, other: Period) -> bool:
        """Whether a day lies in both."""
        return self.begin < other.end and other.begin < self.end

    def moved(self, steps: int) -> Period:
        """The period so many of its kind later; earlier when negative."""
        begin = _months_after(self.begin, steps * _MONTHS[self.kind])
        return Period(begin, _months_after(begin, _MONTHS[self.kind]), self.kind)

    def a_year_before(self) -> Period:
        """The same period of the year before (同期)."""
        return self.moved(-_YEAR // _MONTHS[self.kind])

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.begin).days

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)

    def __str__(self) -> str:
        """As people write it: 2026年, 2026年第三季度, 2026年7月, 2025年7月—2026年6月."""
        begin = self.begin
        if self.kind == "year":
            return f"{begin.year}年"
        if self.kind == "quarter":
            return f"{begin.year}年第{_QUARTERS[begin.month // 3]}季度"
        if self.kind == "month":
            return f"{begin.year}年{begin.month}月"
        return f"{begin.year}年{begin.month}月—{self.last_day.year}年{self.last_day.month}月"


def _in_range(number: int, most: int) -> int:
    if not 1 <= number <= most:
        raise ValueError(f"{number} is not between 1 and {most}")
    return number


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, _YEAR)
    return date(day.year + years, month + 1, 1)
