"""The workbench's front page with one's tasks, and handing them over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.views.decorators.http import require_http_methods, require_POST

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.calendar import items_of
from keheng.kernel.desk.drafts import drafts_of
from keheng.kernel.desk.handovers import (
    accept_handover,
    decline_handover,
    end_handover,
    handovers_of,
    offer_handover,
    withdraw_handover,
)
from keheng.kernel.desk.messages import inbox
from keheng.kernel.desk.models import Handover, Task
from keheng.kernel.desk.policy import policy
from keheng.kernel.desk.tasks import hand_back_task, own_tasks, take_task, taken_tasks, tasks_for, time_left
from keheng.kernel.desk.views.lists import back_to
from keheng.kernel.desk.views.messages import UNPROCESSABLE, ticked
from keheng.kernel.doors import actor_of, signed_in
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.form_problems import all_problems
from keheng.kernel.panels import PanelPlace, panels_for
from keheng.kernel.powers import Principal
from keheng.kernel.substrings import holding
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Bulk, Column, Filter, Table, register_table

_INPUT = {"class": "k-input"}
_WEEK = timedelta(days=7)
_OWN = "own"


def _taken(rows: QuerySet[Task], state: str) -> QuerySet[Task]:
    return rows.exclude(account="") if state == _OWN else rows.filter(account="")


def _late(rows: QuerySet[Task], _asked: object) -> QuerySet[Task]:
    return rows.filter(due_at__lte=now())


def _whose(one: Task) -> str:
    """``stands_in`` comes with the list (``tasks_for``)."""
    return "代同事办理" if getattr(one, "stands_in", False) else "由我办理" if one.account else "待认领"


def _until(one: Task) -> str:
    """The day and what is left until then, in one column: titles are long."""
    if one.due_at is None:
        return ""
    day = localtime(one.due_at)
    return f"{day:{'%m-%d' if day.year == localdate().year else '%Y-%m-%d'}} {time_left(one.due_at)}"


def _urgency(one: Task) -> str:
    if one.due_at is None:
        return ""
    return "bad" if one.due_at <= now() else "warn" if time_left(one.due_at).startswith(("今天", "下个")) else ""


TASKS = register_table(
    Table(
        "desk.tasks", "我的任务",
        columns=(
            Column("title", "任务", link=lambda one: one.url),
            Column("left", "时限", _until, sort="due_at", tag=_urgency),
            Column("due_at", "到期", kind="time", shown=False),
            Column("state", "办理", _whose, tag=lambda one: "brand" if one.account else ""),
            Column("opened_at", "提出", kind="time", shown=False),
        ),
        filters=(
            Filter("q", "任务", apply=lambda rows, text: holding(rows, "title", text)),
            Filter("state", "办理", "choice", apply=_taken, choices=((_OWN, "由我办理"), ("free", "待认领"))),
            Filter("late", "只看逾期的", "flag", apply=_late),
        ),
        order="left", empty_title="没有待办的任务", empty_text="需要您办理的事会出现在这里，最急的在最前。", export=False,
        actions=(
            Bulk("take", "认领", "desk:tasks-take"), Bulk("back", "退回", "desk:tasks-back"),
            Bulk("hand", "交接给同事", "desk:handover-new"),
        ),
    )
)  # fmt: skip


@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """What is to be done, what is new, what comes up."""
    actor, recent = actor_of(request), policy("tasks")["recent"]
    every = request.GET.get("drafts") == "all"
    drafts = drafts_of(actor.account, None if every else recent + 1)
    context = {
        "recent": inbox(actor.account).order_by("-pk")[:recent],
        "coming": items_of(actor, now(), now() + _WEEK)[:recent],
        "drafts": drafts if every else drafts[:recent],
        "more_drafts": not every and len(drafts) > recent,
        "offered": Handover.objects.filter(taker=actor.account, state=Handover.State.OFFERED).count(),
        "panels": panels_for(PanelPlace.WORKBENCH, actor),
    }
    rows = taken_tasks(actor) if request.GET.get("state") == _OWN else tasks_for(actor)
    return respond(request, TASKS, rows, "desk/desk.html", context)


@signed_in
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the ticked tasks."""
    return _each(request, take_task, "已认领")


@signed_in
@require_POST
def back(request: HttpRequest) -> HttpResponse:
    """Hand the ticked tasks back."""
    return _each(request, hand_back_task, "已退回")


def _each(request: HttpRequest, do: Callable[..., object], done: str) -> HttpResponse:
    """Each task by itself: one that cannot be does not keep the others."""
    actor, count, wrong = actor_of(request), 0, dict[str, None]()
    for number in ticked(request):
        problems = attempt(partial(do, actor=actor, task=number))
        count += not problems
        wrong |= dict.fromkeys(f"{one.zh}：{one.remedy_zh}" for one in problems)
    if count:
        messages.success(request, f"{done} {count} 项任务")
    for words in wrong:
        messages.error(request, words)
    if not count and not wrong:
        messages.warning(request, "请先勾选任务")
    return back_to(request, reverse("desk:desk"))


class HandoverForm(forms.Form):
    """To whom, until when, why, what."""

    login = forms.CharField(label="同事的登录名", max_length=80, widget=forms.TextInput(_INPUT))
    ends = forms.DateField(
        label="交回日期",
        required=False,
        widget=forms.DateInput({**_INPUT, "type": "date"}, format="%Y-%m-%d"),
        help_text="到这一天自动交回；长期交接的不填",
    )
    reason = forms.CharField(label="原因", required=False, max_length=200, widget=forms.TextInput(_INPUT), help_text="如：出差、休假、调岗")

    def __init__(self, *args: Any, tasks: QuerySet[Task], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.title) for one in tasks]
        self.fields["tasks"] = forms.MultipleChoiceField(
            label="交接的任务", choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )


@signed_in
@require_http_methods(["GET", "POST"])
def handover_new(request: HttpRequest) -> HttpResponse:
    """Offer tasks to a colleague; the ticked ones of a list are ticked here too."""
    actor, problems = actor_of(request), tuple[Problem, ...]()
    tasks = own_tasks(actor.account).order_by("due_at", "pk")
    offering = request.method == "POST" and "login" in request.POST
    form = HandoverForm(request.POST if offering else None, tasks=tasks, initial={"tasks": request.POST.getlist("rows")})
    if offering and form.is_valid():
        given = form.cleaned_data
        chosen = [int(one) for one in given.pop("tasks")]
        problems = attempt(lambda: offer_handover(actor=actor, tasks=chosen, **given))
        if not problems:
            messages.success(request, "已提出交接，等待同事接受")
            return redirect("desk:handovers")
    shown = all_problems(form, problems)
    context = {"form": form, "problems": shown, "has_tasks": tasks.exists()}
    return render(request, "desk/handover_new.html", context, status=UNPROCESSABLE if shown else 200)


@signed_in
def handovers(request: HttpRequest) -> HttpResponse:
    """What one gives and takes."""
    account = actor_of(request).account
    rows = list(handovers_of(account)[:50])
    names = accounts().names({one.giver for one in rows} | {one.taker for one in rows})
    shown = [
        {"row": one, "giver": names.get(one.giver, "—"), "taker": names.get(one.taker, "—"), "mine": one.giver == account} for one in rows
    ]
    return render(request, "desk/handovers.html", {"rows": shown})


_DECISIONS: dict[str, tuple[Callable[..., object], str]] = {
    "accept": (accept_handover, "已接手"),
    "decline": (decline_handover, "已谢绝"),
    "withdraw": (withdraw_handover, "已撤回"),
    "end": (end_handover, "交接已结束，未办结的任务已交回"),
}


@signed_in
@require_POST
def handover_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept, decline, withdraw or end one."""
    actor: Principal = actor_of(request)
    decide, done = _DECISIONS.get(request.POST.get("decision", ""), (None, ""))
    problems = attempt(lambda: decide(actor=actor, handover=pk)) if decide else ()
    for one in problems:
        messages.error(request, f"{one.zh}：{one.remedy_zh}")
    if decide and not problems:
        messages.success(request, done)
    return redirect("desk:handovers")
