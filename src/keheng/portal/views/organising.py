"""Staff pages of activities: plan, submit, approve, move on, decide on registrations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.personal.masks import mask
from keheng.kernel.substrings import holding
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Table, register_table
from keheng.kernel.trail.record import Actor
from keheng.portal.actions.activities import (
    add_session,
    approve_activity,
    archive_activity,
    cancel_activity,
    change_activity,
    change_session,
    plan_activity,
    postpone_activity,
    remove_session,
    resume_activity,
    return_activity,
    submit_activity,
)
from keheng.portal.actions.registrations import decide_registration
from keheng.portal.enums.activities import OVER, ActivityKind, ActivityState, RegistrationState
from keheng.portal.forms.activities import ActivityForm, SessionForm, activity_initial, session_initial
from keheng.portal.forms.outreach import NothingForm, ReasonForm
from keheng.portal.models import Activity, Registration, Session
from keheng.portal.queries.activities import activity_sessions, advice_for, counts_of, with_places
from keheng.portal.rules.activities import EDITABLE, NEXT
from keheng.portal.views.asking import Asked, act_and_return, form_page, posted, worded

SEE, EDIT, APPROVE = "portal.activity.see", "portal.activity.edit", "portal.activity.approve"
LOOK, EXPORT = "portal.registration.see", "portal.registration.export"
S = ActivityState


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an activity as staff take it: what it is called, where it leads, what it warns of, whether a reason is asked."""

    title: str
    to: ActivityState
    act: Callable[..., Any]
    done: str
    hint: str = ""
    danger: bool = False
    reason: bool = False


STEPS: Mapping[str, Step] = {
    "submit": Step("提交审批", S.IN_REVIEW, submit_activity, "已提交审批", "提交后由另一位同事审批，通过前不能修改。"),
    "postpone": Step("延期", S.POSTPONED, postpone_activity, "已延期", "报名保留，会通知所有已报名的人。", danger=True, reason=True),
    "resume": Step("公布新时间", S.PUBLISHED, resume_activity, "已公布", "会通知所有已报名的人。"),
    "cancel": Step(
        "取消活动", S.CANCELLED, cancel_activity, "活动已取消", "所有报名随之取消，并通知每一个人。不能恢复。", danger=True, reason=True
    ),
    "archive": Step("归档", S.ARCHIVED, archive_activity, "已归档", "归档后不再改动。"),
}
DECISIONS: Mapping[str, Step] = {
    "approve": Step("同意发布", S.PUBLISHED, approve_activity, "已同意，活动已公布", "公布后市民可以看到并报名。"),
    "return": Step("退回修改", S.PLANNED, return_activity, "已退回", reason=True),
}


def _named(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    numbered = rows.filter(number=text.upper())
    return numbered if numbered.exists() else holding(rows, "title", text)


_TONES = {S.OPEN: "ok", S.RUNNING: "ok", S.IN_REVIEW: "warn", S.POSTPONED: "warn", S.CANCELLED: "bad", S.PUBLISHED: "brand"}
TABLE = register_table(Table(
    "portal.activities", "活动",
    columns=(
        Column("title", "活动", sort="title", link=lambda one: reverse("manage:activity", args=[one.pk])),
        Column("number", "编号", sort="number"), Column("kind", "类型", "get_kind_display"),
        Column("begins_at", "时间", sort="begins_at", kind="time"), Column("placed", "报名", kind="integer"),
        Column("places", "名额", kind="integer"),
        Column("state", "状态", "get_state_display", tag=lambda one: _TONES.get(one.state, "")),
    ),
    filters=(
        Filter("q", "标题或编号", apply=_named), Filter("kind", "类型", "choice", choices=lambda: worded(ActivityKind.choices)),
        Filter("state", "状态", "choice", choices=lambda: worded(S.choices)), Filter("begins_at", "时间", "dates"),
    ),
    order="-id", empty_title="还没有活动", empty_text="点“策划活动”新建一个，或者换个条件再找。",
))  # fmt: skip


def _registrations(activity: int) -> QuerySet[Registration]:
    return Registration.objects.filter(session__activity=activity).select_related("session")


def _by_number(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(number=text.upper()) | Q(unit_title__icontains=text))


REGISTRATIONS = register_table(Table(
    "portal.registrations", "报名",
    columns=(
        Column("number", "报名编号", sort="number", kind="code"),
        Column("session", "场次", lambda one: one.session.title or f"{localtime(one.session.begins_at):%Y-%m-%d}", kind="code"),
        Column("name", "姓名", cell="portal/activities/person_cell.html"),
        Column("phone", "手机号码", lambda one: mask("phone", one.phone), cell="portal/activities/phone_cell.html"),
        Column("unit_title", "单位", lambda one: one.unit_title or "个人"),
        Column("made_at", "报名时间", sort="made_at", kind="time"),
        Column("state", "状态", "get_state_display", cell="portal/activities/registration_state_cell.html"),
        Column("decide", "处理", "pk", cell="portal/activities/decide_cell.html", export=False),
    ),
    filters=(
        Filter("q", "编号或单位", apply=_by_number),
        Filter("state", "状态", "choice", choices=lambda: worded(RegistrationState.choices)), Filter("made_at", "报名时间", "dates"),
    ),
    empty_title="没有报名", empty_text="公布后，报名会出现在这里。", export_permission=EXPORT,
    exports=lambda _actor, activity: _registrations(int(activity)),
))  # fmt: skip


@needs(SEE)
def activity_list(request: HttpRequest) -> HttpResponse:
    """All activities."""
    return respond(request, TABLE, with_places(Activity.objects.all()), "portal/activities/manage_list.html")


@needs(SEE)
def activity_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: where it stands, its sessions with advice, its registrations, what may be done next."""
    shown, actor = get_object_or_404(Activity, pk=pk), actor_of(request)
    sessions = list(activity_sessions(shown))
    for one in sessions:
        one.advice = None if shown.state in OVER | {S.CANCELLED} else advice_for(one)
    context = {
        "shown": shown, "sessions": sessions, "counts": counts_of(shown),
        "steps": [(code, one) for code, one in STEPS.items() if one.to in NEXT[shown.state] and _fits(code, shown)],
        "decisions": list(DECISIONS.items()) if shown.state == S.IN_REVIEW and shown.author != actor.account else [],
        "editable": shown.state in EDITABLE, "own": shown.author == actor.account,
    }  # fmt: skip
    if not actor.may(LOOK):
        return render(request, "portal/activities/manage_page.html", context)
    return respond(request, REGISTRATIONS, _registrations(pk), "portal/activities/manage_page.html", context, scope=str(pk))


def _fits(code: str, shown: Activity) -> bool:
    """Approving is no step of the author's: what is under review is published by a decision."""
    return code != "resume" or shown.state == S.POSTPONED


@needs(EDIT)
def activity_new(request: HttpRequest) -> HttpResponse:
    """Plan an activity."""
    asked = Asked("策划活动", "保存", reverse("manage:activities"), "先填写基本情况，保存后添加场次。", crumbs=_crumbs())
    form = ActivityForm(posted(request))
    made: list[Activity] = []
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: made.append(plan_activity(actor=actor_of(request), facts=form.facts())))
    if not made:
        return form_page(request, asked, form, problems)
    messages.success(request, "已保存，请添加场次")
    return redirect("manage:session-new", pk=made[0].pk)


@needs(EDIT)
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rewrite what is planned or postponed."""
    shown = get_object_or_404(Activity, pk=pk)
    form = ActivityForm(posted(request), initial=activity_initial(shown))
    return _saved(request, shown, "修改活动", form, lambda: change_activity(actor=actor_of(request), activity=pk, facts=form.facts()))


@needs(EDIT)
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a session."""
    shown = get_object_or_404(Activity, pk=pk)
    form = SessionForm(posted(request))
    return _saved(request, shown, "添加场次", form, lambda: add_session(actor=actor_of(request), activity=pk, facts=form.facts()))


@needs(EDIT)
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a session; places may be changed at any time."""
    session = get_object_or_404(Session.objects.select_related("activity"), pk=pk)
    form = SessionForm(posted(request), initial=session_initial(session))
    return _saved(
        request, session.activity, "修改场次", form, lambda: change_session(actor=actor_of(request), session=pk, facts=form.facts())
    )


@needs(EDIT)
def session_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a session back."""
    session = get_object_or_404(Session.objects.select_related("activity"), pk=pk)
    form = NothingForm(posted(request))
    return _saved(request, session.activity, "删除场次", form, lambda: remove_session(actor=actor_of(request), session=pk), danger=True)


@needs(EDIT)
def activity_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Submit, postpone, announce anew, cancel, archive: after a confirmation."""
    return _step(request, pk, STEPS, step)


@needs(APPROVE)
def activity_decision(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Approve or return."""
    return _step(request, pk, DECISIONS, step)


@needs("portal.registration.decide")
@require_POST
def registration_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in, or refuse with a reason."""
    row = get_object_or_404(Registration.objects.select_related("session"), pk=pk)
    agreed, back = request.POST.get("agreed") == "yes", reverse("manage:activity", args=[row.session.activity_id])
    reason = request.POST.get("reason", "")
    return act_and_return(
        request, lambda: decide_registration(actor=actor_of(request), registration=pk, agreed=agreed, reason=reason),
        f"{row.number} {'已通过' if agreed else '未通过'}", f"{back}?state=pending",
    )  # fmt: skip


def _step(request: HttpRequest, pk: int, steps: Mapping[str, Step], code: str) -> HttpResponse:
    if code not in steps:
        raise Http404
    step, shown = steps[code], get_object_or_404(Activity, pk=pk)
    form = ReasonForm(posted(request)) if step.reason else NothingForm(posted(request))

    def act() -> object:
        given = {"reason": form.cleaned_data["reason"]} if step.reason else {}
        return step.act(actor=_actor(request), activity=pk, **given)

    return _saved(request, shown, step.title, form, act, hint=step.hint, danger=step.danger, done=step.done)


def _actor(request: HttpRequest) -> Actor:
    return actor_of(request)


def _saved(
    request: HttpRequest, shown: Activity, title: str, form: Form, act: Callable[[], object], *, hint: str = "", danger: bool = False,
    done: str = "已保存",
) -> HttpResponse:  # fmt: skip
    """The form, or after it the activity's page."""
    back = reverse("manage:activity", args=[shown.pk])
    asked = Asked(f"{title}：{shown.title}", title, back, hint, danger, (*_crumbs(), (shown.title, back)))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(act)
        if not problems:
            messages.success(request, done)
            return redirect(back)
    return form_page(request, asked, form, problems)


def _crumbs() -> tuple[tuple[str, str], ...]:
    return (("活动管理", reverse("manage:activities")),)
