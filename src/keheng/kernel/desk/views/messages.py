"""The inbox, how one wants to be told, and what did not leave the site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from keheng.kernel.desk.deliveries import send_again
from keheng.kernel.desk.kinds import Way, all_kinds, kind_of
from keheng.kernel.desk.messages import inbox, mark_read, mark_unread
from keheng.kernel.desk.models import Delivery, Message
from keheng.kernel.desk.preferences import choose_ways, habit_of, ways_of
from keheng.kernel.desk.views.lists import back_to
from keheng.kernel.doors import actor_of, needs, signed_in
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.form_problems import all_problems
from keheng.kernel.row_numbers import wholes
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Bulk, Column, Filter, Table, register_table

UNPROCESSABLE = 422
# Nobody has more; letters are not indexed by their parts for it.
_MOST_READ = 20_000
_INPUT = {"class": "k-input"}


def _seen(rows: QuerySet[Message], state: str) -> QuerySet[Message]:
    return rows.filter(read_at__isnull=state == "unread")


def _saying(rows: QuerySet[Message], text: str) -> QuerySet[Message]:
    oldest = next(iter(rows.order_by("-pk").values_list("pk", flat=True)[_MOST_READ - 1 : _MOST_READ]), 0)
    return rows.filter(Q(title__icontains=text) | Q(body__icontains=text), pk__gte=oldest)


INBOX = register_table(
    Table(
        "desk.messages", "消息",
        columns=(
            Column("title", "标题", link=lambda one: reverse("desk:message", args=[one.pk])),
            Column("kind", "种类", lambda one: kind_of(one.kind).title),
            Column("state", "状态", lambda one: "已读" if one.read_at else "未读", tag=lambda one: "" if one.read_at else "brand"),
            Column("sent_at", "时间", kind="time"),
        ),
        filters=(
            Filter("q", "标题或内容", apply=_saying, hint="在最近两万条里找"),
            Filter("kind", "种类", "choice", choices=lambda: ((one.code, one.title) for one in all_kinds())),
            Filter("state", "状态", "choice", apply=_seen, choices=(("unread", "未读"), ("read", "已读"))),
            Filter("sent", "时间", "dates", apply="sent_at"),
        ),
        empty_title="还没有消息", empty_text="办事的进展、要您处理的事会告诉您。", export=False,
        actions=(
            Bulk("read", "标为已读", "desk:messages-read"),
            Bulk("unread", "标为未读", "desk:messages-unread"),
        ),
    )
)  # fmt: skip


@signed_in
def message_list(request: HttpRequest) -> HttpResponse:
    """One's inbox."""
    return respond(request, INBOX, inbox(actor_of(request).account), "desk/messages.html")


@signed_in
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message; to open it is to read it."""
    account = actor_of(request).account
    shown = get_object_or_404(inbox(account), pk=pk)
    mark_read(account, [pk])
    return render(request, "desk/message.html", {"shown": shown, "kind": kind_of(shown.kind)})


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All messages were read."""
    messages.success(request, f"已将 {mark_read(actor_of(request).account)} 条消息标为已读")
    return redirect("desk:messages")


@signed_in
@require_POST
def read_some(request: HttpRequest) -> HttpResponse:
    """The ticked messages were read."""
    return _marked(request, mark_read)


@signed_in
@require_POST
def unread_some(request: HttpRequest) -> HttpResponse:
    """The ticked messages are to stand out again."""
    return _marked(request, mark_unread)


def _marked(request: HttpRequest, mark: Callable[[str, list[int]], int]) -> HttpResponse:
    count = mark(actor_of(request).account, ticked(request))
    if count:
        messages.success(request, f"已更新 {count} 条消息")
    else:
        messages.warning(request, "没有可以更新的消息：请先勾选")
    return back_to(request, reverse("desk:messages"))


def ticked(request: HttpRequest) -> list[int]:
    """Keys of the ticked rows; what is no number is left out."""
    return wholes(request.POST.getlist("rows"))


class WaysForm(forms.Form):
    """Ways by kind of message, hours of quiet, digest."""

    quiet_from = forms.TimeField(label="安静时段开始", required=False, widget=forms.TimeInput({**_INPUT, "type": "time"}, format="%H:%M"))
    quiet_to = forms.TimeField(label="安静时段结束", required=False, widget=forms.TimeInput({**_INPUT, "type": "time"}, format="%H:%M"))
    digest = forms.BooleanField(label="邮件合并为每天一封", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in all_kinds():
            widget = forms.CheckboxSelectMultiple
            self.fields[f"ways.{kind.code}"] = forms.MultipleChoiceField(
                label=kind.title, choices=Way.choices, required=False, widget=widget
            )

    def ways(self) -> dict[str, frozenset[Way]]:
        """The ways ticked, by kind."""
        return {kind.code: frozenset(Way(one) for one in self.cleaned_data[f"ways.{kind.code}"]) for kind in all_kinds()}


@signed_in
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """How one wants to be told."""
    actor, problems = actor_of(request), tuple[Problem, ...]()
    habit = habit_of(actor.account)
    initial: dict[str, Any] = {"quiet_from": habit.quiet_from, "quiet_to": habit.quiet_to, "digest": habit.digest}
    initial |= {f"ways.{code}": list(ways) for code, ways in ways_of(actor.account).items()}
    form = WaysForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        problems = attempt(
            lambda: choose_ways(
                actor=actor, ways=form.ways(), quiet_from=given["quiet_from"], quiet_to=given["quiet_to"], digest=given["digest"]
            )
        )
        if not problems:
            messages.success(request, "接收方式已保存")
            return redirect("desk:message-settings")
    kinds = [form[f"ways.{kind.code}"] for kind in all_kinds()]
    shown = all_problems(form, problems)
    context = {"form": form, "kinds": kinds, "problems": shown}
    return render(request, "desk/message_settings.html", context, status=UNPROCESSABLE if shown else 200)


def _not_sent(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.exclude(state=Delivery.State.SENT)


_TAGS = {Delivery.State.SENT: "ok", Delivery.State.UNSURE: "bad", Delivery.State.DROPPED: "warn"}
DELIVERIES = register_table(
    Table(
        "desk.deliveries", "站外消息",
        columns=(
            Column("id", "编号", "pk", sort="pk"),
            Column("account", "账号编号", "message.account"),
            Column("kind", "种类", lambda one: kind_of(one.message.kind).title),
            Column("way", "方式", "get_way_display"),
            Column("state", "状态", "get_state_display", tag=lambda one: _TAGS.get(one.state, "")),
            Column("due_at", "应发", kind="time"),
            Column("sent_at", "发出", kind="time"),
            Column("error", "原因", cell="desk/delivery_error.html"),
        ),
        filters=(
            Filter("state", "状态", "choice", choices=tuple(Delivery.State.choices), blank="没有发出的", otherwise=_not_sent),
            Filter("way", "方式", "choice", choices=tuple(Way.choices)),
        ),
        empty_title="站外消息都已发出", empty_text="没有地址、正在重试和不确定是否送达的会列在这里。", export=False,
    )
)  # fmt: skip


@needs("desk.deliveries.manage")
def deliveries(request: HttpRequest) -> HttpResponse:
    """Deliveries, those first that did not leave."""
    rows = Delivery.objects.select_related("message").defer("message__title", "message__body")
    return respond(request, DELIVERIES, rows, "desk/deliveries.html")


@needs("desk.deliveries.manage")
@require_POST
def delivery_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one again."""
    problems = attempt(lambda: send_again(actor=actor_of(request), delivery=pk))
    if problems:
        messages.error(request, problems[0].zh)
    else:
        messages.success(request, f"第 {pk} 条将重新发送")
    return redirect("desk:deliveries")
