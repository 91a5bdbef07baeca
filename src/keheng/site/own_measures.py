"""What the platform measures of itself: whether work in the background gets done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.utils.timezone import get_current_timezone

from keheng.kernel.measures import Measure, Row, Scope, Value, ratio, register
from keheng.kernel.models import Job
from keheng.kernel.periods import Period


def _ended(period: Period) -> Any:
    zone = get_current_timezone()
    begin, end = (datetime.combine(day, time(), zone) for day in (period.begin, period.end))
    return Job.objects.filter(finished_at__gte=begin, finished_at__lt=end)


def _jobs(period: Period, _scope: Scope) -> Iterator[Row]:
    yield from _ended(period).order_by("id").values("id", "kind", "state", "attempts").iterator()


def _done(period: Period, _scope: Scope) -> Value:
    return Value(Decimal(_ended(period).filter(state=Job.DONE).count()))


def _success(period: Period, _scope: Scope) -> Value:
    ended = _ended(period)
    return ratio(ended.filter(state=Job.DONE).count(), ended.count())


register(Measure("operations.jobs_done", "个", "期内完成的后台任务数", 1, _done, _jobs))
register(Measure("operations.jobs_success", "%", "期内完成的后台任务数 ÷ 期内结束（完成或失败）的后台任务数", 1, _success, _jobs))
