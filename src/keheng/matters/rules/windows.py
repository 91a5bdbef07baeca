"""Windows as their files describe them: opening hours by date, the times that can be booked, days on which they are shut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Self

import yaml
from django.utils.timezone import get_current_timezone
from pydantic import BaseModel, ConfigDict, Field, model_validator

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.working_days import WorkingCalendar

Words = Mapping[str, str]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hours(_Part):
    """From ``begins`` on (until ``ends``, where it has an end): on these days of the week (1 is Monday) a time every ``minutes``."""

    begins: date = Field(alias="from")
    ends: date | None = Field(None, alias="until")
    days: tuple[int, ...]
    opens: time
    closes: time
    minutes: int = Field(ge=5, le=240)
    places: int = Field(ge=1, le=200)


class Closed(_Part):
    """Shut on days ``[from, until)``, and why."""

    begins: date = Field(alias="from")
    ends: date = Field(alias="until")
    why: str


class Window(_Part):
    """A window: where it is, the topic of the matters it serves, its counters; how far ahead, how many and how late one may be."""

    id: str
    title: Words
    place: Words
    topic: str
    counters: tuple[str, ...] = Field(min_length=1)
    ahead: int = Field(ge=1, le=90)
    most: int = Field(ge=1)
    late: int = Field(ge=0)
    hours: tuple[Hours, ...] = Field(min_length=1)
    closed: tuple[Closed, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(one.closes <= one.opens for one in self.hours) or any(one.ends <= one.begins for one in self.closed):
            raise ValueError(f"{self.id}: times and days go forward")
        return self

    def times(self, day: date, calendar: WorkingCalendar) -> Iterator[Time]:
        """The times of a day in their order; none on a day that is no working day or on which it is shut."""
        if calendar.is_working(day) and not any(one.begins <= day < one.ends for one in self.closed):
            # A Saturday or Sunday that is worked in place of another day is as a Friday.
            weekday = min(day.isoweekday(), 5)
            found = [one for one in self.hours if one.begins <= day and (one.ends is None or day < one.ends) and weekday in one.days]
            for one in sorted(found, key=lambda hours: hours.opens):
                yield from _cut(one, day)


@dataclass(frozen=True, slots=True)
class Time:
    """A time that can be booked, with its room."""

    begins: datetime
    ends: datetime
    places: int


def _cut(hours: Hours, day: date) -> Iterator[Time]:
    zone, step = get_current_timezone(), timedelta(minutes=hours.minutes)
    begins, closes = datetime.combine(day, hours.opens, zone), datetime.combine(day, hours.closes, zone)
    while begins + step <= closes:
        yield Time(begins, begins + step, hours.places)
        begins += step


@cache
def windows() -> Mapping[str, Window]:
    """All windows by name; raises ValueError (pydantic's) for a file that cannot be used."""
    files = sorted(definitions_folder("matters").parent.glob("*/windows/*.yaml"))
    found = [Window.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)) for path in files]
    return {one.id: one for one in found}
