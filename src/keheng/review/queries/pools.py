"""The pool of a round as its draws take it: codes for people and units, avoidance as pairs, seats that stand."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from keheng.directory.service import experts_for, related_units
from keheng.kernel.powers import Power, Principal, Reach
from keheng.review.enums import PanelistState, SeatState
from keheng.review.models import Bar, Entry, Panelist, Round, Seat
from keheng.review.rules import seats as value
from keheng.review.rules.rounds import applying_among

_SEES = Principal("review", powers=(Power("directory.expert.see", Reach.ALL),))


def in_pool() -> QuerySet[Any]:
    """Experts who may be called."""
    return experts_for(_SEES, localdate()).filter(state="pool")


def not_called(row: Round) -> QuerySet[Any]:
    """Experts of the pool who were not called for a round yet."""
    return in_pool().exclude(pk__in=row.panel.values("expert")).select_related("person").order_by("person__name", "pk")


def panel_of(row: Round) -> list[Panelist]:
    """Who was called, in the order of their codes, without those who left before they judged anything."""
    stands = Q(pk__in=Seat.objects.filter(state=SeatState.SUBMITTED, entry__round=row).values("panelist"))
    found = row.panel.filter(~Q(state=PanelistState.DECLINED) | stands)
    return list(found.select_related("expert__person").order_by("code"))


def pool_of(row: Round, *, further: Entry | None = None) -> value.Pool:
    """The pool as it stands; ``further`` is an entry that needs one reading more than it has."""
    panel = panel_of(row)
    units, fields = _units(panel), _fields(panel)
    judges = [
        # What somebody judged before they left stands; they take nothing more.
        value.Judge(one.code, one.kind, units[one.code], 0 if one.state == PanelistState.DECLINED else row.most, fields[one.code])
        for one in panel
    ]
    here = {one.code for one in panel}
    avoid: dict[str, set[str]] = defaultdict(set)
    for entry, judge in Bar.objects.filter(entry__round=row, entry__withdrawn_at=None).values_list("entry__code", "panelist__code"):
        avoid[entry].add(judge)
    kept: list[value.Seat] = []
    standing: dict[tuple[str, str], int] = defaultdict(int)
    for entry, judge, kind, state in Seat.objects.filter(entry__round=row, entry__withdrawn_at=None).values_list(
        "entry__code", "panelist__code", "panelist__kind", "state"
    ):
        if state == SeatState.DROPPED:
            avoid[entry].add(judge)
        else:
            kept.append(value.Seat(entry, judge))
            standing[entry, kind] += 1
    entries, applying = [], applying_among(panel)
    for one in row.entries.filter(withdrawn_at=None).order_by("pk"):
        need = {kind: max(count, standing[one.code, kind]) for kind, count in row.seats.items()}
        if further is not None and further.pk == one.pk:
            need[min(need)] += 1
        avoid[one.code] |= {judge.code for judge in applying(one)}
        entries.append(value.Entry(one.code, need, frozenset(avoid[one.code] & here), one.field))
    return value.Pool(judges, entries, kept)


def _fields(panel: list[Panelist]) -> dict[str, tuple[str, ...]]:
    """Fields of work of each judge."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = Panelist.objects.filter(pk__in=[one.pk for one in panel]).exclude(expert__fields=None)
    for judge, field in rows.values_list("code", "expert__fields__code"):
        found[judge].append(field)
    return {one.code: tuple(sorted(found[one.code])) for one in panel}


def _units(panel: list[Panelist]) -> dict[str, tuple[str, ...]]:
    """Codes of the units each judge belongs to today; units that are related to each other have one code."""
    today = localdate()
    ends = Q(expert__person__affiliations__until=None) | Q(expert__person__affiliations__until__gt=today)
    posts = Panelist.objects.filter(ends, pk__in=[one.pk for one in panel], expert__person__affiliations__since__lte=today)
    found: dict[str, set[int]] = defaultdict(set)
    for judge, unit in posts.values_list("code", "expert__person__affiliations__organisation"):
        found[judge].add(unit)
    groups: list[set[int]] = []
    for unit in sorted({unit for some in found.values() for unit in some}):
        together = {unit} | {one.organisation for one in related_units(unit, today)}
        joined = [group for group in groups if group & together]
        groups = [group for group in groups if not group & together] + [together.union(*joined)]
    number = {unit: place for place, group in enumerate(groups, 1) for unit in group}
    return {one.code: tuple(sorted({f"U{number[unit]:03}" for unit in found[one.code]})) for one in panel}
