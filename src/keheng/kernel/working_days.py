"""Working days by the State Council's yearly tables: public holidays and the weekend days worked in exchange (调休).

Tables are data with their notice and day of publication; a notice may change a year that has begun (2019 and 2020 were), so a
calendar is asked as of a day. A year without a table is computed from weekends and is provisional (暂按) until one is loaded.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from keheng.kernel.definitions import definitions_folder

FIRST_YEAR, LAST_YEAR = 1990, 2100
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class YearTable:
    """One year as one notice has it: weekdays off, weekend days worked; ``document`` empty where no number is confirmed."""

    year: int
    published: date
    document: str
    url: str
    off: frozenset[date]
    worked: frozenset[date]


class WorkingCalendar:
    """Answers in working days; days before 1990 or after 2100 raise ValueError."""

    def __init__(self, code: str, tables: Mapping[int, YearTable]) -> None:
        self.code, self.tables = code, tables
        off = {day.toordinal() for table in tables.values() for day in table.off}
        worked = {day.toordinal() for table in tables.values() for day in table.worked}
        self._first, self._last = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
        # Day 1 of the proleptic calendar was a Monday.
        self._days = [n for n in range(self._first, self._last + 1) if n in worked or ((n - 1) % 7 < _SATURDAY and n not in off)]

    def is_working(self, day: date) -> bool:
        """Whether people work on a day."""
        place = bisect_left(self._days, self._within(day))
        return place < len(self._days) and self._days[place] == day.toordinal()

    def add(self, day: date, count: int) -> date:
        """The working day ``count`` after a day, which itself does not count; before it when ``count`` is negative.

        For 0 the day itself when it is a working day, else the next one.
        """
        number = self._within(day)
        place = bisect_right(self._days, number) + count - 1 if count > 0 else bisect_left(self._days, number) + count
        if not 0 <= place < len(self._days):
            raise ValueError(f"{day} + {count} working days is beyond {FIRST_YEAR} to {LAST_YEAR}")
        return date.fromordinal(self._days[place])

    def count(self, begin: date, end: date) -> int:
        """Working days from ``begin`` up to but not including ``end``; negative when ``end`` comes first."""
        return bisect_left(self._days, self._within(end)) - bisect_left(self._days, self._within(begin))

    def is_provisional(self, day: date) -> bool:
        """Whether the answer for a day rests on weekends alone, since the year's table is not published."""
        self._within(day)
        return day.year not in self.tables

    def _within(self, day: date) -> int:
        number = day.toordinal()
        if not self._first <= number <= self._last:
            raise ValueError(f"{day} is outside {FIRST_YEAR} to {LAST_YEAR}")
        return number


def working_calendar(code: str = "CN", known_on: date = date.max) -> WorkingCalendar:
    """The calendar with all tables published up to a day, the later notice of a year before the earlier one.

    Raises FileNotFoundError when the code has no tables at all.
    """
    return _calendar(code, sum(version.published <= known_on for version in _published(code)))


@cache
def _calendar(code: str, notices: int) -> WorkingCalendar:
    """The calendar after so many notices: one for each notice, however many days it is asked for."""
    return WorkingCalendar(code, {version.year: version for version in _published(code)[:notices]})


@cache
def _published(code: str) -> tuple[YearTable, ...]:
    """All tables of a calendar, oldest notice first."""
    paths = sorted(definitions_folder("calendars").glob(f"{code}-[0-9][0-9][0-9][0-9].json"))
    if not paths:
        raise FileNotFoundError(f"definitions/calendars has no table {code}-YEAR.json")
    versions = [version for path in paths for version in _versions(json.loads(path.read_text(encoding="utf-8")))]
    return tuple(sorted(versions, key=lambda version: version.published))


def _versions(content: Mapping[str, Any]) -> list[YearTable]:
    """The tables of one file."""
    return [
        YearTable(
            content["year"], date.fromisoformat(one["published"]), one["document"] or "", one["url"],
            frozenset(map(date.fromisoformat, one["off"])), frozenset(map(date.fromisoformat, one["worked"])),
        )
        for one in content["versions"]
    ]  # fmt: skip
