"""Staff pages of visits: decide, give a guide, receive; a guide's day on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.powers import Principal
from keheng.kernel.substrings import holding
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table
from keheng.portal.actions.hall_visits import (
    approve_visit,
    cancel_visit,
    finish_visit,
    miss_visit,
    refuse_visit,
    schedule_visit,
    start_visit,
)
from keheng.portal.enums.halls import VisitState
from keheng.portal.forms.halls import CountForm, ScheduleForm
from keheng.portal.forms.outreach import NothingForm, ReasonForm
from keheng.portal.models import Hall, Visit
from keheng.portal.queries.halls import all_visits, day_sheet, free_guides, open_defects, open_halls
from keheng.portal.rules.halls import NEXT
from keheng.portal.views.asking import Asked, form_page, posted, worded

SEE, DECIDE, RECEIVE = "portal.hall.see", "portal.visit.decide", "portal.visit.receive"
V = VisitState
Act = Callable[..., object]
# Title, the state it leads to, the act.
DECISIONS: dict[str, tuple[str, VisitState, Act]] = {
    "approve": ("通过", V.APPROVED, approve_visit), "refuse": ("不通过", V.REFUSED, refuse_visit),
    "schedule": ("安排讲解员", V.SCHEDULED, schedule_visit), "cancel": ("取消", V.CANCELLED, cancel_visit),
}  # fmt: skip
RECEIVING: dict[str, tuple[str, VisitState, Act]] = {
    "start": ("开始接待", V.RECEIVING, start_visit), "finish": ("完成接待", V.DONE, finish_visit),
    "no-show": ("未到", V.NO_SHOW, miss_visit),
}  # fmt: skip


_TONES = {V.REQUESTED: "warn", V.APPROVED: "warn", V.SCHEDULED: "brand", V.RECEIVING: "brand", V.DONE: "ok", V.NO_SHOW: "bad"}
TABLE = register_table(Table(
    "portal.visits", "参观预约",
    columns=(
        Column("unit_title", "单位", sort="unit_title", link=lambda one: reverse("manage:reception", args=[one.pk])),
        Column("number", "编号", sort="number"), Column("hall", "展厅", "hall.title"),
        Column("begins_at", "时间", sort="begins_at", kind="time"), Column("language", "语言", "get_language_display"),
        Column("people", "预约", kind="integer"), Column("counted", "实到", kind="integer"), Column("guide", "讲解员", "guide.name"),
        Column("state", "状态", "get_state_display", tag=lambda one: _TONES.get(one.state, "")),
    ),
    filters=(
        Filter("q", "单位", apply=lambda rows, text: holding(rows, "unit_title", text)),
        Filter("state", "状态", "choice", choices=lambda: worded(V.choices)),
        Filter("hall", "展厅", "choice", apply="hall__code", choices=lambda: Hall.objects.order_by("pk").values_list("code", "title")),
        Filter("begins_at", "时间", "dates"),
    ),
    order="-begins_at", empty_title="没有预约", empty_text="市民提交的预约会出现在这里。",
))  # fmt: skip


@needs(SEE)
def visit_list(request: HttpRequest) -> HttpResponse:
    """Visits."""
    return respond(request, TABLE, all_visits(), "portal/halls/visits.html")


@needs(SEE)
def visit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: the group's sheet and what may be done next."""
    visit, actor = get_object_or_404(Visit.objects.select_related("hall", "guide"), pk=pk), actor_of(request)
    steps = [
        (name, code, title)
        for permission, name, table in (
            (DECIDE, "manage:reception-decision", DECISIONS),
            (RECEIVE, "manage:reception-receiving", RECEIVING),
        )
        if actor.may(permission)
        for code, (title, to, _act) in table.items()
        if to in NEXT[visit.state]
    ]
    return render(request, "portal/halls/manage_visit.html", {"visit": visit, "steps": steps})


@needs(DECIDE)
def visit_decision(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Approve, refuse, give a guide, cancel."""
    if step not in DECISIONS:
        raise Http404
    title, _to, act = DECISIONS[step]
    visit = get_object_or_404(Visit.objects.select_related("hall"), pk=pk)
    if step == "schedule":
        form: Form = ScheduleForm(posted(request), guides=free_guides(visit), initial={"guide": visit.guide_id})
    else:
        form = ReasonForm(posted(request)) if step in {"refuse", "cancel"} else NothingForm(posted(request))
    return _done(request, visit, title, form, act, reverse("manage:reception", args=[pk]))


@needs(RECEIVE)
def visit_receiving(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Begin, finish with the heads that were counted, or note that nobody came; guides do so for their own groups."""
    if step not in RECEIVING:
        raise Http404
    title, _to, act = RECEIVING[step]
    actor = actor_of(request)
    visit = get_object_or_404(_own(actor).select_related("hall"), pk=pk)
    form: Form = CountForm(posted(request), initial={"counted": visit.people}) if step == "finish" else NothingForm(posted(request))
    back = reverse("manage:reception", args=[pk]) if actor.may(SEE) else reverse("manage:guide-day")
    return _done(request, visit, title, form, act, back)


@needs(RECEIVE)
def guide_day(request: HttpRequest) -> HttpResponse:
    """A guide's groups of a day, in order, with what to do next; the inspection and the count of each hall."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = localdate()
    halls = [(one, open_defects(one)) for one in open_halls()]
    step = timedelta(days=1)
    context = {"day": day, "visits": day_sheet(actor_of(request).account, day), "halls": halls, "before": day - step, "after": day + step}
    return render(request, "portal/halls/day.html", context)


def _own(actor: Principal) -> QuerySet[Visit]:
    """Visits a guide may receive: one's own, or every one for those who see the halls."""
    return Visit.objects.all() if actor.may(SEE) else Visit.objects.filter(guide__account=actor.account)


def _done(request: HttpRequest, visit: Visit, title: str, form: Form, act: Act, back: str) -> HttpResponse:
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: act(actor=actor_of(request), visit=visit.pk, **form.cleaned_data))
        if not problems:
            messages.success(request, f"{title}：{visit.number}")
            return redirect(back)
    hint = f"{visit.unit_title}，{visit.people} 人，{visit.get_language_display()}，{visit.hall.title}"
    danger = title in {"取消", "不通过", "未到"}
    return form_page(request, Asked(f"{title}：{visit.number}", title, back, hint, danger, (("返回", back),)), form, problems)
