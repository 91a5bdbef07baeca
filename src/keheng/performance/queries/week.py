"""What came about in the last seven days in the projects of a cockpit, each thing with the page it stands on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now

from keheng.performance.enums import GoalState
from keheng.performance.models import Adjustment, Execution, GoalVersion, MonitorPoint, Project, SelfEvaluation
from keheng.performance.queries.drawing import wan

_WEEK = timedelta(days=7)
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change: how often, and the latest of them in words with their addresses."""

    what: str
    n: int
    latest: Sequence[tuple[str, str]]


def week_of(projects: Mapping[int, Project]) -> list[Change]:
    """The week's changes by kind, at most so many of each named."""
    since, page = now() - _WEEK, "/performance/projects/{}/".format
    paid = Execution.objects.filter(project__in=projects, at__gte=since).order_by("-at")
    adjusted = Adjustment.objects.filter(project__in=projects, at__gte=since).order_by("-at")
    goals = GoalVersion.objects.filter(project__in=projects, state=GoalState.APPROVED, approved_at__gte=since).order_by("-approved_at")
    points = MonitorPoint.objects.filter(project__in=projects, taken_at__gte=since).order_by("-taken_at")
    forms = SelfEvaluation.objects.filter(project__in=projects, frozen_at__gte=since).defer("form", "findings").order_by("-frozen_at")

    def of(what: str, rows: QuerySet[Any], said: Callable[[Any], str], where: Callable[[Any], str]) -> Change:
        shown = list(rows[:_SHOWN])
        n = len(shown) if len(shown) < _SHOWN else rows.count()
        return Change(what, n, [(f"{projects[one.project_id].title} {said(one)}".rstrip(), where(one)) for one in shown])

    return [
        of("新登记支付", paid, lambda one: f"{wan(one.fen)} 万元", lambda one: page(one.project_id)),
        of("预算调整", adjusted, lambda one: f"{wan(one.fen)} 万元", lambda one: page(one.project_id)),
        of("批复目标", goals, lambda _: "", lambda one: f"{page(one.project_id)}targets/"),
        of("完成监控", points, lambda one: one.stage, lambda one: f"/performance/monitoring/{one.pk}/"),
        of("签发自评", forms, lambda one: f"{one.total} 分", lambda one: f"{page(one.project_id)}evaluation/"),
    ]
