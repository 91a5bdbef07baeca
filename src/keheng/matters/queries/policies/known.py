"""What is known of units on a day: shared data, and what they told and is still believed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.timezone import localtime

from keheng.directory.service import organisations_for
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.trail.record import SYSTEM
from keheng.matters.enums import End
from keheng.matters.models import Case, UnitFact
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.rules.matching.vocabulary import Fact, Told

_EVERYBODY = Principal(SYSTEM.account, powers=(Power("directory.organisation.see", Reach.ALL),))
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """What the directory says of a unit."""

    pk: int
    name: str
    kind: str
    district: str
    listed_on: date


@dataclass(frozen=True, slots=True)
class Known:
    """A value, since when it is so said; ``told`` by the unit itself, and whether it is too old to be believed."""

    value: Told
    since: date | None = None
    told: bool = False
    stale: bool = False


def matched_units() -> QuerySet[Any]:
    """All units that policies are matched against."""
    return organisations_for(_EVERYBODY).filter(status="active", kind__in=policy_shelf().units).order_by("pk")


def units_by_number(numbers: Iterable[int]) -> list[Unit]:
    """Those of the numbers that policies are matched against, in their order."""
    rows = matched_units().filter(pk__in=list(numbers))
    return [Unit(*row) for row in rows.values_list("pk", "name", "kind", "district", "registered_on")]


def granted(fact: Fact, day: date, units: Sequence[Unit] | None = None) -> Mapping[int, int]:
    """Cases of a matter that were granted to units within the months; to some, or all."""
    months = day.year * _MONTHS + day.month - 1 - fact.months
    first = date(months // _MONTHS, months % _MONTHS + 1, 1)
    rows = Case.objects.filter(matter=fact.of, end=End.GRANTED, ended_at__date__gte=first, unit__isnull=False)
    rows = rows if units is None else rows.filter(unit__in=[unit.pk for unit in units])
    return dict(rows.order_by().values_list("unit").annotate(count=Count("pk")))


def whole_years(since: date, day: date) -> int:
    """Years of which the last has gone by whole."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


SHARED: Mapping[str, Callable[[Sequence[Unit], Fact, date], Mapping[int, int | str]]] = {
    "directory.kind": lambda units, _fact, _day: {unit.pk: unit.kind for unit in units},
    "directory.district": lambda units, _fact, _day: {unit.pk: unit.district for unit in units if unit.district},
    "directory.years": lambda units, _fact, day: {unit.pk: whole_years(unit.listed_on, day) for unit in units},
    "matters.granted": lambda units, fact, day: {unit.pk: 0 for unit in units} | dict(granted(fact, day, units)),
}


def known_of(units: Sequence[Unit], day: date) -> dict[int, dict[str, Known]]:
    """What is known of each unit by fact; what nobody told is absent, what is too old is there and ``stale``."""
    facts, found = policy_shelf().facts, defaultdict[int, dict[str, Known]](dict)
    for fact in facts.values():
        if fact.shared:
            for number, read in SHARED[fact.shared](units, fact, day).items():
                shown = fact.understood(str(read))
                if shown is not None:
                    found[number][fact.id] = Known(shown)
    rows = UnitFact.objects.filter(unit__in=[unit.pk for unit in units]).values_list("unit_id", "fact", "value", "at")
    for number, name, kept, at in rows:
        asked = facts.get(name)
        value = asked.understood(kept) if asked is not None and not asked.shared else None
        if asked is not None and value is not None:
            since = localtime(at).date()
            found[number][name] = Known(value, since, told=True, stale=not asked.believed(since, day))
    return found


def believed(known: Mapping[str, Known]) -> dict[str, Told]:
    """What clauses are judged by."""
    return {name: one.value for name, one in known.items() if not one.stale}
