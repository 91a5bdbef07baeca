"""Figures of review: entries judged, judges who judged, readings in time, and how often somebody had to keep away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from keheng.kernel.measures import Measure, Records, Row, Scope, Value, ratio, register
from keheng.kernel.periods import Period
from keheng.kernel.powers import Principal
from keheng.review.enums import SeatState
from keheng.review.models import Bar, Entry, Observer, Panelist, Round, Seat
from keheng.review.queries.avoiding import DECLARED
from keheng.review.rules.rounds import rounds_open_to


def _moments(period: Period) -> tuple[datetime, datetime]:
    zone = get_current_timezone()
    return datetime.combine(period.begin, time(), zone), datetime.combine(period.end, time(), zone)


def _readings(period: Period, scope: Scope) -> QuerySet[Seat]:
    """Handed in within the period; ``kind`` of subject narrows them."""
    begin, end = _moments(period)
    found = Seat.objects.filter(state=SeatState.SUBMITTED, submitted_at__gte=begin, submitted_at__lt=end)
    return found.filter(entry__round__kind=scope["kind"]) if "kind" in scope else found


def _entries(period: Period, scope: Scope) -> QuerySet[Entry]:
    return Entry.objects.filter(pk__in=_readings(period, scope).values("entry"))


def _entries_value(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_entries(period, scope).count()))


def _entries_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _entries(period, scope).order_by("pk").values("id", "round__number", "code", "reference").iterator()


def _judges(period: Period, scope: Scope) -> QuerySet[Panelist]:
    return Panelist.objects.filter(pk__in=_readings(period, scope).values("panelist"))


def _judges_value(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_judges(period, scope).count()))


def _judges_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = _judges(period, scope).annotate(first=Min("seats__submitted_at")).order_by("pk")
    yield from rows.values("id", "round__number", "code", "first").iterator()


def _due(period: Period, scope: Scope) -> QuerySet[Seat]:
    """Readings whose last day lies in the period, without those that went to somebody else."""
    found = Seat.objects.filter(entry__round__scoring_until__gte=period.begin, entry__round__scoring_until__lt=period.end)
    found = found.exclude(state=SeatState.DROPPED)
    return found.filter(entry__round__kind=scope["kind"]) if "kind" in scope else found


def _in_time_value(period: Period, scope: Scope) -> Value:
    day = TruncDate("submitted_at", tzinfo=get_current_timezone())
    counted = (
        _due(period, scope)
        .annotate(day=day)
        .aggregate(all=Count("pk"), good=Count("pk", filter=Q(day__lte=F("entry__round__scoring_until"))))
    )
    return ratio(counted["good"], counted["all"])


def _in_time_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = _due(period, scope).order_by("pk")
    yield from rows.values(
        "id", "entry__round__number", "entry__code", "panelist__code", "submitted_at", "entry__round__scoring_until"
    ).iterator()


def _drawn_rounds(period: Period, scope: Scope) -> QuerySet[Round]:
    """Rounds whose draw was committed within the period."""
    begin, end = _moments(period)
    found = Round.objects.filter(draws__number=0, draws__committed_at__gte=begin, draws__committed_at__lt=end)
    return found.filter(kind=scope["kind"]) if "kind" in scope else found


def _watched() -> Exists:
    return Exists(Observer.objects.filter(round=OuterRef("pk")))


def _watched_value(period: Period, scope: Scope) -> Value:
    rows = _drawn_rounds(period, scope)
    return ratio(rows.filter(_watched()).count(), rows.count())


def _watched_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = _drawn_rounds(period, scope).annotate(watched=_watched()).order_by("pk")
    yield from rows.values("id", "number", "kind", "title", "watched").iterator()


def _kept_away(period: Period, scope: Scope) -> QuerySet[Bar]:
    """Facts of rounds whose draw was committed within the period."""
    begin, end = _moments(period)
    found = Bar.objects.filter(
        entry__round__draws__number=0, entry__round__draws__committed_at__gte=begin, entry__round__draws__committed_at__lt=end
    )
    # What judges declare later is counted by the seat they gave back.
    found = found.exclude(fact__startswith=f"{DECLARED}:")
    return found.filter(entry__round__kind=scope["kind"]) if "kind" in scope else found


def _reported(period: Period, scope: Scope) -> QuerySet[Seat]:
    """Seats that judges gave back, with their reason, of draws within the period."""
    begin, end = _moments(period)
    found = Seat.objects.filter(state=SeatState.DROPPED, draw__drawn_at__gte=begin, draw__drawn_at__lt=end)
    return found.filter(entry__round__kind=scope["kind"]) if "kind" in scope else found


def _avoided_value(period: Period, scope: Scope) -> Value:
    pairs = _kept_away(period, scope).values("entry", "panelist").distinct().count()
    return Value(Decimal(pairs + _reported(period, scope).count()))


def _avoided_rows(period: Period, scope: Scope) -> Iterator[Row]:
    rows = _kept_away(period, scope).values("entry__code", "panelist__code", "entry__round__number").annotate(facts=Count("pk"))
    yield from rows.order_by("entry__round__number", "entry__code", "panelist__code").iterator()
    yield from _reported(period, scope).order_by("pk").values("id", "entry__code", "panelist__code", "reason").iterator()


def _opened(rows: QuerySet[Any], page: str, at: str, through: str) -> Callable[[Principal, Collection[int]], Mapping[int, str]]:
    """Addresses by id of a page of review, whose number is ``at``, for rows whose round (at ``through``) is open to the reader."""

    def addresses(actor: Principal, keys: Collection[int]) -> Mapping[int, str]:
        found = rows.filter(pk__in=keys).filter(**{f"{through}__in": Round.objects.filter(rounds_open_to(actor))})
        return {pk: reverse(page, args=[number]) for pk, number in found.values_list("pk", at)}

    return addresses


_ENTRIES = Records("entry", "id", "code", _opened(Entry.objects.all(), "review:entry", "pk", "round"))
_PANELISTS = Records("panelist", "id", "code", _opened(Panelist.objects.all(), "review:judges", "round", "round"))
_SEATS = Records("seat", "id", "entry__code", _opened(Seat.objects.all(), "review:entry", "entry", "entry__round"))
_ROUNDS = Records("round", "id", "number", _opened(Round.objects.all(), "review:round", "pk", "pk"))

register(Measure("review.entries", "项", "期内至少有一份评审提交的评审项目数", 1, _entries_value, _entries_rows, _ENTRIES))
register(Measure("review.judges", "人次", "期内至少提交一份评审的专家，按参加的评审各计一人次", 1, _judges_value, _judges_rows, _PANELISTS))
register(Measure(
    "review.in_time", "%", "截止日在期内的评审任务（撤换的除外）中，截止日及以前提交的份数 ÷ 全部份数", 1, _in_time_value, _in_time_rows,
    _SEATS,
))  # fmt: skip
register(Measure(
    "review.avoided", "次", "期内锁定的抽取中应回避的专家与项目对数，加上专家申报回避或退出后撤换的席位数", 1,
    _avoided_value, _avoided_rows,
))  # fmt: skip
register(Measure("review.watched", "%", "期内锁定抽取的评审中有观察员的比例", 1, _watched_value, _watched_rows, _ROUNDS))
