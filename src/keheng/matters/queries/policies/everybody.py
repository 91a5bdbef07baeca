"""All units with what is known of them as columns: the database says it in a few long lines, not in a row for each fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Aggregate, QuerySet, TextField
from django.utils.timezone import get_current_timezone

from keheng.matters.models import UnitFact
from keheng.matters.queries.policies.known import Unit, believed, granted, known_of, matched_units, whole_years
from keheng.matters.rules.matching.facts import Facts, Names, Numbers, facts_of, numbers
from keheng.matters.rules.matching.marks import WORD, Bits, packed
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.rules.matching.vocabulary import Fact

Units = npt.NDArray[np.int64]
# A value as somebody would type it, and of whom it is so.
Said = tuple[object, Units]
_NUMBERS = re.compile(r"[-0-9.,]*")


class Joined(Aggregate):
    """The values of all rows one after the other, with commas between; those of one statement stand in the same order."""

    output_field = TextField()
    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s)"

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """PostgreSQL joins texts alone."""
        return self.as_sql(compiler, connection, function="STRING_AGG", template="%(function)s((%(expressions)s)::text, ',')", **more)


def numbers_in(joined: str | None) -> Units:
    """The whole numbers that ``Joined`` gave; none for None."""
    return np.fromstring(joined, dtype=np.int64, sep=",") if joined else np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Units in one order, and what is known of them as columns in that order.

    ``units`` are their numbers, 0 at a place without one: each of ``districts`` begins at a whole word of places, told by ``starts``.
    """

    units: Units
    facts: Facts
    districts: tuple[str, ...]
    starts: Units

    @property
    def present(self) -> Bits:
        """The places at which there is a unit."""
        return packed(self.units > 0)

    @property
    def count(self) -> int:
        """How many units."""
        return int(np.count_nonzero(self.units))


def some(units: Sequence[Unit], day: date) -> Crowd:
    """A few units, as if they were of one district."""
    known, blank = known_of(units, day), -len(units) % WORD
    rows = [*(believed(known.get(unit.pk, {})) for unit in units), *({} for _ in range(blank))]
    return Crowd(np.array([*(unit.pk for unit in units), *[0] * blank], dtype=np.int64), facts_of(rows), ("",), np.zeros(1, dtype=np.int64))


def everybody(day: date, names: Collection[str]) -> Crowd:
    """All units that policies are matched against, with these facts: what ``known_of`` says of each and is believed."""
    districts, stretches = [], []
    for district, who in _by("district"):
        districts.append(str(district))
        stretches.append(np.pad(who, (0, -len(who) % WORD)))
    units = np.concatenate([np.empty(0, dtype=np.int64), *stretches])
    places = np.full(int(units.max(initial=0)) + 1, -1, dtype=np.int64)
    there = np.flatnonzero(units)
    places[units[there]] = there
    facts = policy_shelf().facts
    columns = {name: _column(facts[name], day, places, len(units)) for name in sorted(names)}
    starts = np.cumsum([0, *(len(one) for one in stretches)], dtype=np.int64)[:-1] // WORD
    return Crowd(units, Facts(len(units), columns), tuple(districts), starts)


def _column(fact: Fact, day: date, places: Units, count: int) -> Numbers | Names:
    if fact.kind == "number" and not fact.shared:
        values = np.full(count, np.nan)
        told, who = _numbers_told(fact, day)
        at, theirs = _found(places, who)
        values[at] = told[theirs]
        return numbers(values)
    said = SHARED_BY[fact.shared](fact, day, places) if fact.shared else _words_told(fact, day)
    return _of_words(fact, said, places, count) if fact.kind == "choice" else _of_few(fact, said, places, count)


def _found(places: Units, who: Units) -> tuple[Units, npt.NDArray[np.bool_]]:
    """The places of units, and which of the units have one: some that told something are not matched."""
    at = places[np.minimum(who, len(places) - 1)]
    there = (at >= 0) & (who < len(places))
    return at[there], there


def _of_words(fact: Fact, said: Iterable[Said], places: Units, count: int) -> Names:
    at, words = np.full(count, -1, dtype=np.int32), dict[str, int]()
    for text, who in said:
        value = fact.understood(str(text))
        if isinstance(value, str):
            at[_found(places, who)[0]] = words.setdefault(value, len(words))
    at[at < 0] = len(words)
    return Names(at, words)


def _of_few(fact: Fact, said: Iterable[Said], places: Units, count: int) -> Numbers:
    values = np.full(count, np.nan)
    for text, who in said:
        value = fact.understood(str(text))
        values[_found(places, who)[0]] = np.nan if value is None else float(value)
    return numbers(values)


def _told(fact: Fact, day: date) -> QuerySet[UnitFact]:
    since = datetime.combine(fact.believed_since(day), time(), get_current_timezone())
    return UnitFact.objects.filter(fact=fact.id, at__gte=since)


def _words_told(fact: Fact, day: date) -> Iterator[Said]:
    for text, who in _told(fact, day).order_by("value").values_list("value").annotate(who=Joined("unit")):
        yield text, numbers_in(who)


def _numbers_told(fact: Fact, day: date) -> tuple[npt.NDArray[np.float64], Units]:
    """Numbers, and who told them; NaN for what the fact no longer takes, as its ``understood`` has it."""
    rows = _told(fact, day)
    found = rows.aggregate(who=Joined("unit"), values=Joined("value"))
    if not _NUMBERS.fullmatch(found["values"] or ""):
        # The fact was of another kind when it was told.
        pairs = [(unit, fact.understood(text)) for unit, text in rows.values_list("unit", "value")]
        told = [np.nan if value is None else float(value) for _unit, value in pairs]
        return np.array(told, dtype=np.float64), np.array([unit for unit, _value in pairs], dtype=np.int64)
    values = np.fromstring(found["values"], sep=",") if found["values"] else np.empty(0)
    fits = (values >= float(fact.least)) & (values <= float(fact.most)) & (np.round(values, fact.places) == values)
    return np.where(fits, values, np.nan), numbers_in(found["who"])


def _by(name: str) -> Iterator[Said]:
    """Matched units by what the directory says of them."""
    for value, who in matched_units().order_by(name).values_list(name).annotate(who=Joined("pk")):
        yield value, numbers_in(who)


def _years(_fact: Fact, day: date, _places: Units) -> Iterator[Said]:
    for since, who in _by("registered_on"):
        yield whole_years(since, day), who  # type: ignore[arg-type]  # what stands in this column is a date


def _granted(fact: Fact, day: date, places: Units) -> Iterator[Said]:
    yield 0, np.flatnonzero(places >= 0)
    for unit, count in granted(fact, day).items():
        yield count, np.array([unit], dtype=np.int64)


SHARED_BY: Mapping[str, Callable[[Fact, date, Units], Iterable[Said]]] = {
    "directory.kind": lambda _fact, _day, _places: _by("kind"),
    "directory.district": lambda _fact, _day, _places: _by("district"),
    "directory.years": _years,
    "matters.granted": _granted,
}
