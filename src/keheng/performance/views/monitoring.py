"""Pages of monitoring: points of a project, one point with its lamps, deviations."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from keheng.kernel.accounts import accounts
from keheng.kernel.doors import actor_of, needs
from keheng.performance.actions.monitoring import (
    enter_monitored,
    explain_deviation,
    plan_point,
    plan_usual_points,
    settle_deviation,
    take_point,
)
from keheng.performance.enums import Lamp
from keheng.performance.forms.base import packed, unpacked
from keheng.performance.forms.evaluations import ActualForm, DeviationForm, PointForm
from keheng.performance.models import MonitorPoint, MonitorRow
from keheng.performance.queries.drawing import percent
from keheng.performance.queries.money import rate_of
from keheng.performance.queries.projects import EDIT, SEE, may, projects_for
from keheng.performance.rules.library import policy
from keheng.performance.rules.money import Funds
from keheng.performance.rules.targets import target_of
from keheng.performance.rules.values import actual_text
from keheng.performance.views.asking import Asked, act_and_return, answered, crumbs_of, posted, project_of

LAMP_TAGS = {Lamp.GREEN: "ok", Lamp.BLUE: "brand", Lamp.YELLOW: "warn", Lamp.RED: "bad", Lamp.NONE: ""}


@needs(SEE)
def monitoring(request: HttpRequest, pk: int) -> HttpResponse:
    """The points of a project."""
    project = project_of(request, pk)
    points = list(project.points.prefetch_related("rows").order_by("on"))
    shown = [(one, [(Lamp(lamp).label, LAMP_TAGS[lamp], n) for lamp, n in _lamps(one) if n]) for one in points]
    context = {
        "project": project, "tab": "monitoring", "points": shown, "today": localdate(),
        "mine": may(actor_of(request), EDIT, project), "note": policy()["lamps"]["note_zh"],
    }  # fmt: skip
    return render(request, "performance/monitoring.html", context)


def _lamps(point: MonitorPoint) -> list[tuple[Lamp, int]]:
    rows = [one.lamp for one in point.rows.all()]
    return [(lamp, rows.count(lamp)) for lamp in Lamp]


def _point(request: HttpRequest, pk: int, permission: str = SEE) -> MonitorPoint:
    found = MonitorPoint.objects.filter(project__in=projects_for(actor_of(request), permission))
    return get_object_or_404(found.select_related("project__unit"), pk=pk)


@needs(SEE)
def point_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One point: figures, forecasts, lamps, deviations."""
    point = _point(request, pk)
    rows = list(point.rows.select_related("indicator", "reading").order_by("indicator__place"))
    names = accounts().names([one.responsible for one in rows if one.responsible])
    shown = [
        {
            "row": one, "target": target_of(one.indicator).printed(), "actual": actual_text(one.actual, one.indicator.unit, one.words),
            "forecast": actual_text(one.forecast, one.indicator.unit, ""), "low": actual_text(one.low, one.indicator.unit, ""),
            "high": actual_text(one.high, one.indicator.unit, ""), "lamp": Lamp(one.lamp).label, "tag": LAMP_TAGS[Lamp(one.lamp)],
            "responsible": names.get(one.responsible, ""), "asks": one.lamp in {Lamp.RED, Lamp.YELLOW},
        }
        for one in rows
    ]  # fmt: skip
    spent = None if point.executed_fen is None else Funds(annual=point.annual_fen or 0, executed=point.executed_fen)
    rate = None if spent is None else rate_of(spent, point.project.layout)
    passed = percent(point.on.timetuple().tm_yday, 365)
    behind = rate is not None and passed is not None and passed - rate > int(policy()["execution_behind"]["points"])
    context = {
        "point": point, "project": point.project, "tab": "monitoring", "rows": shown, "rate": rate, "passed": passed, "behind": behind,
        "mine": may(actor_of(request), EDIT, point.project), "note": policy()["lamps"]["note_zh"],
        "today": localdate(),
    }  # fmt: skip
    return render(request, "performance/point.html", context)


@needs(EDIT)
def point_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a point."""
    project = project_of(request, pk, EDIT)
    form = PointForm(posted(request))
    asked = Asked("安排监控", "安排", reverse("performance:monitoring", args=[pk]), crumbs=crumbs_of(project))
    return answered(request, asked, form, lambda: plan_point(actor=actor_of(request), project=pk, **form.cleaned_data), "已安排")


@needs(EDIT)
@require_POST
def points_usual(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan the usual stages."""
    project_of(request, pk, EDIT)
    back = reverse("performance:monitoring", args=[pk])
    return act_and_return(request, lambda: plan_usual_points(actor=actor_of(request), project=pk), "已安排常规监控", back)


@needs(EDIT)
@require_POST
def point_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Read all measures now."""
    point = _point(request, pk, EDIT)
    back = reverse("performance:point", args=[point.pk])
    return act_and_return(request, lambda: take_point(actor=actor_of(request), point=pk), "已读取", back)


def _row(request: HttpRequest, pk: int) -> MonitorRow:
    found = MonitorRow.objects.filter(point__project__in=projects_for(actor_of(request), EDIT))
    return get_object_or_404(found.select_related("indicator", "point__project"), pk=pk)


def _people() -> list[tuple[str, str]]:
    """Who may be responsible: active accounts with a role in performance, by name."""
    found = get_user_model().objects.filter(is_active=True).order_by("pk").values_list("pk", "name")[:300]
    return [(str(pk), name) for pk, name in found]


@needs(EDIT)
def deviation(request: HttpRequest, pk: int) -> HttpResponse:
    """Explain a deviation."""
    row = _row(request, pk)
    stored = {"cause": row.cause, "action": row.action, "responsible": row.responsible, "due_on": row.due_on}
    form = DeviationForm(posted(request), people=_people(), initial={**stored, "base": packed(stored)})
    back = reverse("performance:point", args=[row.point_id])
    asked = Asked(f"说明偏差：{row.indicator.title}", "保存", back, crumbs=crumbs_of(row.point.project))

    def act() -> None:
        values = {name: form.cleaned_data[name] for name in stored}
        explain_deviation(actor=actor_of(request), row=pk, base=unpacked(form.cleaned_data["base"], stored), typed=values)

    return answered(request, asked, form, act, "已保存，责任人会在待办中看到")


@needs(EDIT)
@require_POST
def deviation_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The action is done."""
    row = _row(request, pk)
    back = reverse("performance:point", args=[row.point_id])
    return act_and_return(request, lambda: settle_deviation(actor=actor_of(request), row=pk), "已完成", back)


@needs(EDIT)
def monitored_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter how an indicator without a measure stands."""
    row = _row(request, pk)
    form = ActualForm(posted(request))
    asked = Asked(
        f"登记完成值：{row.indicator.title}", "登记", reverse("performance:point", args=[row.point_id]), crumbs=crumbs_of(row.point.project)
    )
    return answered(request, asked, form, lambda: enter_monitored(actor=actor_of(request), row=pk, **form.cleaned_data), "已登记")
