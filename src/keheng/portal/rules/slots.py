"""Slots of a hall and whether somebody can guide in them: worked out of values, without asking the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone


@dataclass(frozen=True, slots=True)
class Held:
    """A visit that holds a slot: where, when, in which language, by whom (None: nobody yet)."""

    hall: int
    begins_at: datetime
    ends_at: datetime
    language: str
    guide: int | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A time in which a group may come; ``why`` is empty when it is free: past, taken, guides."""

    begins_at: datetime
    ends_at: datetime
    why: str

    @property
    def free(self) -> bool:
        """Whether it can be booked."""
        return not self.why


@dataclass(frozen=True, slots=True)
class Known:
    """What decides about slots: opening times by weekday, days that are shut, visits, languages by guide, the earliest moment."""

    hall: int
    minutes: int
    hours: Mapping[int, tuple[time, time]]
    closed: Sequence[tuple[date, date]]
    held: Sequence[Held]
    guides: Mapping[int, Collection[str]]
    earliest: datetime
    last_day: date


def times_of(known: Known, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The slots of a day by the opening times, none on days that are shut."""
    if day.weekday() not in known.hours or any(since <= day < until for since, until in known.closed):
        return
    zone, length = get_current_timezone(), timedelta(minutes=known.minutes)
    begins, ends = (datetime.combine(day, at, zone) for at in known.hours[day.weekday()])
    while begins + length <= ends:
        yield begins, begins + length
        begins += length


def slots_of(known: Known, day: date, language: str) -> list[Slot]:
    """The slots of a day with why they are not free for a group of a language."""
    found = []
    for begins, ends in times_of(known, day):
        why = ""
        if begins < known.earliest or day > known.last_day:
            why = "past"
        elif any(one.hall == known.hall and one.begins_at < ends and begins < one.ends_at for one in known.held):
            why = "taken"
        elif not somebody_guides(known, begins, ends, language):
            why = "guides"
        found.append(Slot(begins, ends, why))
    return found


def somebody_guides(known: Known, begins: datetime, ends: datetime, language: str) -> bool:
    """Whether every visit that has no guide yet, and this one, can have one of their own among those who are free."""
    beside = [one for one in known.held if one.begins_at < ends and begins < one.ends_at]
    busy = {one.guide for one in beside if one.guide is not None}
    wanted = [one.language for one in beside if one.guide is None] + [language]
    return can_match([{guide for guide, spoken in known.guides.items() if guide not in busy and one in spoken} for one in wanted])


def can_match(choices: Sequence[Collection[int]]) -> bool:
    """Whether each can have one of its choices and no two the same (augmenting paths; Kuhn 1955)."""
    given: dict[int, int] = {}

    def serve(wish: int, seen: set[int]) -> bool:
        for one in choices[wish]:
            if one not in seen:
                seen.add(one)
                if one not in given or serve(given[one], seen):
                    given[one] = wish
                    return True
        return False

    return all(serve(wish, set()) for wish in range(len(choices)))
