"""What an expert did in all rounds: load, punctuality, and how their points stand beside those of others, by round and by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from statistics import mean
from typing import Any

from django.db.models import Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils.timezone import localdate

from keheng.directory.service import experts_for
from keheng.kernel.powers import Power, Principal, Reach
from keheng.review.enums import PanelistState, SeatState
from keheng.review.models import Bar, Panelist, Round, Seat
from keheng.review.queries.avoiding import DECLARED
from keheng.review.queries.results import levelled
from keheng.review.rules.leveling import Severity
from keheng.review.rules.rounds import rounds_within

_SEES = Principal("review", powers=(Power("directory.expert.see", Reach.ALL),))
_LIVE = ~Q(state=SeatState.DROPPED)
_DONE = Q(state=SeatState.SUBMITTED)
_IN_TIME = _DONE & Q(day__lte=F("entry__round__scoring_until"))


@dataclass(frozen=True, slots=True)
class Load:
    """Readings drawn, handed in, and of these by the last day; conflicts declared, calls declined; ``rounds`` called to.

    ``apart`` is how far points lie from the official results on average, None before there are any; ``words`` the mean length of
    a comment.
    """

    rounds: int
    drawn: int
    done: int
    in_time: int
    declared: int
    declined: int
    apart: Decimal | None
    words: int


@dataclass(frozen=True, slots=True)
class Served:
    """A round that an expert was called to: what they did in it, and how strict they were beside the others."""

    round: Round
    panelist: Panelist
    load: Load
    severity: Severity | None


def experts_called(actor: Principal) -> QuerySet[Any]:
    """Experts who were called to any round the actor sees, with their load over all of them."""
    calls = Panelist.objects.filter(round__in=Round.objects.filter(rounds_within(actor)))
    seats = Seat.objects.filter(panelist__in=calls, panelist__expert=OuterRef("pk")).annotate(day=TruncDate("submitted_at"))
    own = calls.filter(expert=OuterRef("pk"))
    return experts_for(_SEES, localdate()).filter(pk__in=calls.values("expert")).select_related("person").annotate(
        rounds=_counted(own, "expert", Q()), declined=_counted(own, "expert", Q(state=PanelistState.DECLINED)),
        drawn=_counted(seats, "panelist__expert", _LIVE), done=_counted(seats, "panelist__expert", _DONE),
        in_time=_counted(seats, "panelist__expert", _IN_TIME),
        last=Subquery(own.order_by().values("expert").annotate(last=Max(TruncDate("round__opened_at"))).values("last")),
    )  # fmt: skip


def _counted(rows: QuerySet[Any], by: str, which: Q) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk", filter=which)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def rounds_served(actor: Principal, expert: int) -> list[Served]:
    """The rounds an expert was called to, the latest first; a levelling for each in which they read anything."""
    calls = Panelist.objects.filter(expert=expert, round__in=Round.objects.filter(rounds_within(actor)))
    panel = list(calls.select_related("round").order_by("-round__opened_at", "-pk"))
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.filter(panelist__in=panel).filter(_LIVE).select_related("entry").defer("entry__document").order_by("pk"):
        seats[seat.panelist_id].append(seat)
    counted = Bar.objects.filter(panelist__in=panel, fact__startswith=f"{DECLARED}:").values_list("panelist").annotate(n=Count("pk"))
    declared = dict(counted)
    found = []
    for one in panel:
        severity = levelled(one.round).judges.get(one.code) if any(seat.total is not None for seat in seats[one.pk]) else None
        found.append(Served(one.round, one, _load([one], seats[one.pk], declared.get(one.pk, 0)), severity))
    return found


def by_year(served: Iterable[Served]) -> list[tuple[int, Load]]:
    """The same added up by the year in which a round was opened; means are weighted by the readings handed in."""
    years = groupby(served, key=lambda one: localdate(one.round.opened_at).year)
    return [(year, _together([one.load for one in some])) for year, some in years]


def _load(panel: Sequence[Panelist], seats: Sequence[Seat], declared: int) -> Load:
    done = [seat for seat in seats if seat.submitted_at is not None and seat.total is not None]
    until = {one.pk: one.round.scoring_until for one in panel}
    in_time = sum(localdate(seat.submitted_at) <= until[seat.panelist_id] for seat in done)
    apart = [abs(seat.total - seat.entry.official) for seat in done if seat.total is not None and seat.entry.official is not None]
    declined = sum(one.state == PanelistState.DECLINED for one in panel)
    words = round(mean(len(seat.comment) for seat in done)) if done else 0
    return Load(len(panel), len(seats), len(done), in_time, declared, declined, _mean(apart), words)


def _together(some: Sequence[Load]) -> Load:
    def added(name: str) -> int:
        return sum(getattr(one, name) for one in some)

    weighed = [one.apart for one in some if one.apart is not None for _ in range(one.done)]
    done = added("done")
    words = round(sum(one.words * one.done for one in some) / done) if done else 0
    return Load(added("rounds"), added("drawn"), done, added("in_time"), added("declared"), added("declined"), _mean(weighed), words)


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return (sum(values, Decimal()) / len(values)).quantize(Decimal("0.1")) if values else None
