"""Figures of activities: how many were held, who came, from how many firms, and what share of those who registered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal

from django.db.models import Count, Min, Q, QuerySet
from django.utils.timezone import get_current_timezone

from keheng.kernel.measures import Measure, Records, Row, Scope, Value, opened_with, ratio, register
from keheng.kernel.periods import Period
from keheng.portal.enums.activities import OVER, RegistrationState
from keheng.portal.models import Activity, Attendance, Registration

R = RegistrationState


def _within(period: Period) -> tuple[datetime, datetime]:
    zone = get_current_timezone()
    return datetime.combine(period.begin, time(), zone), datetime.combine(period.end, time(), zone)


def _held(period: Period, scope: Scope) -> QuerySet[Activity]:
    """Ended or archived, its last session over within the period; ``kind`` narrows them."""
    begin, end = _within(period)
    found = Activity.objects.filter(state__in=sorted(OVER), ends_at__gte=begin, ends_at__lt=end)
    return found.filter(kind=scope["kind"]) if "kind" in scope else found


def _came(period: Period, scope: Scope) -> QuerySet[Attendance]:
    return Attendance.objects.filter(session__activity__in=_held(period, scope))


def _events(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_held(period, scope).count()))


def _event_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _held(period, scope).order_by("pk").values("id", "number", "kind", "title", "begins_at", "ends_at").iterator()


def _people(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_came(period, scope).values("person").distinct().count()))


def _people_rows(period: Period, scope: Scope) -> Iterator[Row]:
    """One row for each person: the first attendance, and how often the person came."""
    found = _came(period, scope).values("person").annotate(attendance=Min("pk"), times=Count("pk")).order_by("attendance")
    yield from found.values("attendance", "times").iterator()


def _firms(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_came(period, scope).exclude(firm="").values("firm").distinct().count()))


def _firm_rows(period: Period, scope: Scope) -> Iterator[Row]:
    found = _came(period, scope).exclude(firm="").values("firm").annotate(people=Count("person", distinct=True))
    yield from found.order_by("firm").values("firm", "people").iterator()


def _expected(period: Period, scope: Scope) -> QuerySet[Registration]:
    """Registered with a place and not cancelled."""
    return Registration.objects.filter(
        session__activity__in=_held(period, scope), state__in=[R.CONFIRMED, R.ATTENDED, R.NO_SHOW]
    )  # fmt: skip


def _rate(period: Period, scope: Scope) -> Value:
    counted = _expected(period, scope).aggregate(came=Count("pk", filter=Q(state=R.ATTENDED)), all=Count("pk"))
    return ratio(counted["came"], counted["all"])


def _rate_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _expected(period, scope).order_by("pk").values("id", "number", "session", "state").iterator()


_ACTIVITIES = Records("activity", "id", "title", opened_with("portal.activity.see", "manage:activity"))

register(Measure("portal.events_held", "场", "期内结束的活动数（已结束、已归档；延期、取消的不计）", 1, _events, _event_rows, _ACTIVITIES))
register(Measure(
    "portal.event_people", "人", "期内结束的活动中到场签到或线上累计达到规定时长的不同的人，同一人在一个自然年内结束的场次中只计一次", 2,
    _people, _people_rows,
))  # fmt: skip
register(Measure("portal.event_firms", "家", "期内结束的活动中有人到会的不同单位数", 1, _firms, _firm_rows))
register(Measure(
    "portal.attendance_rate", "%", "到会人次 ÷ 已报名且未取消的人次（现场报名的不计入）", 1, _rate, _rate_rows,
))  # fmt: skip
