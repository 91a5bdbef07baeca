"""Figures of the visits, from hourly rows; and of pushes, from imported records."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from django.db.models import QuerySet, Sum

from keheng.kernel.measures import Measure, Row, Scope, Value, register
from keheng.kernel.periods import Period
from keheng.portal.models import Push, VisitHour
from keheng.portal.queries.visits import hours, visitors


def _hours(period: Period, scope: Scope) -> QuerySet[VisitHour]:
    """Hourly rows of the period; ``section`` and ``language`` narrow them."""
    return hours(period.begin, period.end, scope.get("section", ""), scope.get("language", ""))


def _sum(field: str, period: Period, scope: Scope) -> Value:
    total = _hours(period, scope).aggregate(n=Sum(field))["n"]
    return Value(None if total is None else Decimal(total))


def _hour_rows(period: Period, scope: Scope) -> Iterator[Row]:
    names = ("hour", "section", "language", "views", "visits", "bots", "own")
    yield from _hours(period, scope).order_by("hour", "section", "language").values(*names).iterator()


def _visitors(period: Period, _scope: Scope) -> Value:
    days = [count for _, count in visitors(period.begin, period.end)]
    return Value(Decimal(sum(days)) if days else None)


def _visitor_rows(period: Period, _scope: Scope) -> Iterator[Row]:
    yield from ({"day": day, "about": count} for day, count in visitors(period.begin, period.end))


def _pushes(period: Period, scope: Scope) -> QuerySet[Push]:
    """Pushes of the period; ``channel`` narrows them."""
    rows = Push.objects.filter(pushed_on__gte=period.begin, pushed_on__lt=period.end)
    return rows.filter(channel=scope["channel"]) if "channel" in scope else rows


def _policy_pushes(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_pushes(period, scope).filter(is_policy=True).count()))


def _reads(period: Period, scope: Scope) -> Value:
    """Reads that a file shows; where there are pushes without any file, nothing is proven and the value is None."""
    rows = _pushes(period, scope)
    proven = rows.exclude(digest="").aggregate(n=Sum("reads"))["n"]
    return Value(None if proven is None else Decimal(proven))


def _push_rows(period: Period, scope: Scope) -> Iterator[Row]:
    names = ("id", "title", "channel", "audience", "is_policy", "pushed_on", "reads", "digest")
    for row in _pushes(period, scope).order_by("pk").values(*names).iterator():
        yield {**row, "proven": bool(row["digest"])}


def _policy_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from (row for row in _push_rows(period, scope) if row["is_policy"])


register(
    Measure(
        "portal.page_views", "次", "期内成功打开的网页数（GET、200、HTML），不计机器、自己的探测和内部地址", 1, partial(_sum, "views"),
        _hour_rows,
    )
)  # fmt: skip
register(Measure("portal.visits", "次", "期内的访问数：同一访客 30 分钟没有浏览即为一次访问结束", 1, partial(_sum, "visits"), _hour_rows))
register(
    Measure(
        "portal.visitors", "人次", "每日不同访客的估计数之和（每日更换标记，同一人两天计两次；标准误差 2.3%）", 1, _visitors, _visitor_rows
    )
)
register(Measure("portal.policy_pushes", "次", "期内登记的政策推送数", 1, _policy_pushes, _policy_rows))
register(Measure("portal.reads", "次", "期内推送的阅读量之和；没有文件依据的不计", 1, _reads, _push_rows))
