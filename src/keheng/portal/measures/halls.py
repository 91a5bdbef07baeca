"""Figures of exhibition halls: receptions, visitors, days inspected, accepted work. Scope ``hall`` (a code) narrows each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.timezone import get_current_timezone

from keheng.kernel.measures import Measure, Records, Row, Scope, Value, opened_with, ratio, register
from keheng.kernel.periods import Period
from keheng.portal.enums.halls import VisitState
from keheng.portal.models import AcceptanceCheck, CounterReading, Inspection, Visit


def _of(found: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    return found.filter(hall__code=scope["hall"]) if "hall" in scope else found


def _days(found: QuerySet[Any], period: Period, scope: Scope) -> QuerySet[Any]:
    return _of(found.filter(day__gte=period.begin, day__lt=period.end), scope)


def _received(period: Period, scope: Scope) -> QuerySet[Visit]:
    zone = get_current_timezone()
    begin, end = datetime.combine(period.begin, time(), zone), datetime.combine(period.end, time(), zone)
    return _of(Visit.objects.filter(state=VisitState.DONE, ends_at__gte=begin, ends_at__lt=end), scope)


def _receptions(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_received(period, scope).count()))


def _reception_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _received(period, scope).order_by("pk").values("id", "number", "hall", "begins_at", "people", "counted").iterator()


def _visitors(period: Period, scope: Scope) -> Value:
    """None where no day was counted: that is not nobody."""
    total = _days(CounterReading.objects.all(), period, scope).aggregate(n=Sum("counted"))["n"]
    return Value(None if total is None else Decimal(total))


def _visitor_rows(period: Period, scope: Scope) -> Iterator[Row]:
    found = _days(CounterReading.objects.all(), period, scope).order_by("hall", "day")
    yield from found.values("id", "hall", "day", "counted", "registered", "note").iterator()


def _inspected(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_days(Inspection.objects.all(), period, scope).values("day").distinct().count()))


def _inspection_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _days(Inspection.objects.all(), period, scope).order_by("hall", "day").values("id", "hall", "day").iterator()


def _accepted(period: Period, scope: Scope) -> Value:
    counted = _days(AcceptanceCheck.objects.all(), period, scope).aggregate(passed=Count("pk", filter=Q(passed=True)), all=Count("pk"))
    return ratio(counted["passed"], counted["all"])


def _acceptance_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from (
        _days(AcceptanceCheck.objects.all(), period, scope).order_by("pk").values("id", "hall", "day", "subject", "passed").iterator()
    )


_VISITS = Records("visit", "id", "number", opened_with("portal.hall.see", "manage:reception"))

register(Measure("portal.receptions", "批次", "期内完成接待的参观批次", 1, _receptions, _reception_rows, _VISITS))
register(Measure("portal.hall_visitors", "人次", "期内每日计数器读数之和（团体登记人数并列保存，不计入）", 1, _visitors, _visitor_rows))
register(Measure("portal.inspection_days", "天", "期内有巡检记录的天数", 1, _inspected, _inspection_rows))
register(Measure("portal.hall_acceptance", "%", "期内验收通过项数 ÷ 验收项数", 1, _accepted, _acceptance_rows))
