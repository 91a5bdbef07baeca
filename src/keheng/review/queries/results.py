"""How a round goes and how it ended: progress, results with both scores, disagreement, severity of judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from keheng.review.enums import RoundState, SeatState, parameter
from keheng.review.models import Entry, Panelist, Round, Seat
from keheng.review.queries.standings import page_of
from keheng.review.rules.leveling import Given, Levelling, Severity, level


@dataclass(frozen=True, slots=True)
class Result:
    """How a subject ended."""

    reference: str
    official: Decimal
    proposed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with what its judges gave; ``spread`` is from the lowest to the highest, None below two readings; ``page`` its subject's."""

    entry: Entry
    scores: tuple[Decimal, ...]
    waiting: int
    spread: Decimal | None
    alarm: bool
    page: str


@dataclass(frozen=True, slots=True)
class JudgeLine:
    """A judge with their load, and how strict they are beside the others once there is something to compare."""

    panelist: Panelist
    name: str
    drawn: int
    submitted: int
    severity: Severity | None


def results_of(pk: int) -> list[Result]:
    """The outcome of a round whose list was published, by the subjects' references."""
    open_to_all = [RoundState.PUBLIC, RoundState.CLOSED]
    rows = Entry.objects.filter(round=pk, round__state__in=open_to_all, official__isnull=False, withdrawn_at=None)
    return [Result(one.reference, one.official or Decimal(), one.proposed) for one in rows.order_by("pk")]


def all_rounds() -> QuerySet[Round]:
    """Rounds with how much of them is done."""
    live = ~Q(entries__seats__state=SeatState.DROPPED)
    done = Count("entries__seats", filter=Q(entries__seats__state=SeatState.SUBMITTED))
    return Round.objects.annotate(items=Count("entries", distinct=True), wanted=Count("entries__seats", filter=live), done=done)


def entries_of(row: Round) -> QuerySet[Entry]:
    """The entries of a round: the best official result first, before there is one in the order they came."""
    rows = row.entries.select_related("unit").defer("document")
    return rows.order_by(Coalesce("official", Value(Decimal())).desc(), "pk")


def lines_of(row: Round, entries: Sequence[Entry] | None = None) -> list[Line]:
    """Entries with their readings, in the order they are told; all of the round where none are."""
    some = list(entries_of(row)) if entries is None else list(entries)
    scores: dict[int, list[Decimal]] = defaultdict(list)
    waiting: dict[int, int] = defaultdict(int)
    seats = Seat.objects.filter(entry__round=row).exclude(state=SeatState.DROPPED).order_by("panelist__code")
    if entries is not None:
        seats = seats.filter(entry__in=[one.pk for one in some])
    for entry, total in seats.values_list("entry_id", "total"):
        if total is None:
            waiting[entry] += 1
        else:
            scores[entry].append(total)
    found = []
    for one in some:
        given = tuple(scores[one.pk])
        spread = max(given) - min(given) if len(given) > 1 else None
        alarm = spread is not None and spread >= Decimal(parameter("spread_alarm"))
        found.append(Line(one, given, waiting[one.pk], spread, alarm, page_of(one.reference)))
    return found


@dataclass(frozen=True, slots=True)
class Totals:
    """A round in numbers: readings handed in and still open; entries whose readings lie far apart, that flip, that are proposed."""

    entries: int
    done: int
    waiting: int
    alarms: int
    flips: int
    proposed: int


def totals_of(row: Round) -> Totals:
    """Counted by the database, however many entries there are."""
    of_seats = Seat.objects.filter(entry__round=row)
    seats = of_seats.aggregate(done=Count("pk", filter=Q(state=SeatState.SUBMITTED)), waiting=Count("pk", filter=Q(state=SeatState.OPEN)))
    entries = row.entries.aggregate(all=Count("pk"), flips=Count("pk", filter=Q(flips=True)), proposed=Count("pk", filter=Q(proposed=True)))
    apart = of_seats.filter(state=SeatState.SUBMITTED).values("entry").annotate(apart=Max("total") - Min("total"))
    alarms = apart.filter(apart__gte=Decimal(parameter("spread_alarm"))).count()
    return Totals(entries["all"], seats["done"], seats["waiting"], alarms, entries["flips"], entries["proposed"])


def judges_of(row: Round) -> list[JudgeLine]:
    """The panel with loads and severities, by code."""
    levelling = levelled(row)
    live = Count("seats", filter=~Q(seats__state=SeatState.DROPPED))
    panel = row.panel.annotate(drawn=live, submitted=Count("seats", filter=Q(seats__state=SeatState.SUBMITTED)))
    return [
        JudgeLine(one, one.expert.person.name, one.drawn, one.submitted, levelling.judges.get(one.code))
        for one in panel.select_related("expert__person").order_by("code")
    ]


def levelled(row: Round) -> Levelling:
    """The additive model over what has been handed in."""
    seats = Seat.objects.filter(entry__round=row, state=SeatState.SUBMITTED).order_by("pk")
    return level([
        Given(entry, judge, float(total)) for entry, judge, total in seats.values_list("entry__code", "panelist__code", "total")
        if total is not None
    ])  # fmt: skip


def own_mean(panelist: Panelist) -> Decimal | None:
    """The mean of what a judge has handed in in their round; None before the first."""
    totals = [one for one in panelist.seats.filter(state=SeatState.SUBMITTED).values_list("total", flat=True) if one is not None]
    return (sum(totals, Decimal()) / len(totals)).quantize(Decimal("0.01")) if totals else None
