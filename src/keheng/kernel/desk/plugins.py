"""What the desk registers with the rest of the kernel: the keeper of lists, kinds of messages, places, what persons own here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from keheng.kernel.desk import calendar, deliveries, exports
from keheng.kernel.desk.drafts import drafts_of
from keheng.kernel.desk.handovers import KIND as HANDOVER
from keheng.kernel.desk.kinds import MessageKind, Way, register_kind
from keheng.kernel.desk.lists import DeskKeeper
from keheng.kernel.desk.models import CalendarFeed, Delivery, Draft, Export, Habit, Handover, Message, Preference, SavedFilter, TableChoice
from keheng.kernel.desk.office import Card, register_card
from keheng.kernel.desk.palette import Entry, fitting, register_source
from keheng.kernel.personal.holders import Erased, Holder, register_holder
from keheng.kernel.personal.retention import Binding, bind_retention
from keheng.kernel.powers import Principal
from keheng.kernel.tables.keeping import keep_with
from keheng.kernel.trail.record import Actor

_PLACES = (
    ("工作台", "desk:desk", "layout-dashboard", "首页 任务 待办"), ("消息", "desk:messages", "inbox", "通知 站内信"),
    ("日历", "desk:calendar", "calendar", "日程"), ("交接", "desk:handovers", "undo-2", "代办 出差 休假"),
    ("接收设置", "desk:message-settings", "bell", "邮件 短信 免打扰"), ("个人中心", "desk:personal", "user", "我的"),
    ("单位中心", "desk:unit", "building-2", "本单位"), ("提出交接", "desk:handover-new", "send", "代办"),
)  # fmt: skip
_OWN = (Message, Draft, SavedFilter, TableChoice, Export, CalendarFeed, Preference, Habit)


def _places(_actor: Principal, text: str) -> list[Entry]:
    return fitting([Entry(title, reverse(address), "工作台", icon, words) for title, address, icon, words in _PLACES], text)


def _account(person_key: str) -> str:
    kind, _, number = person_key.partition(":")
    return number if kind == "account" else ""


def _export(person_key: str) -> Sequence[Mapping[str, object]]:
    account = _account(person_key)
    if not account:
        return []
    told: list[Mapping[str, object]] = [
        {"消息": one.title, "内容": one.body, "时间": one.sent_at, "读于": one.read_at}
        for one in Message.objects.filter(account=account).order_by("pk")
    ]
    told += [{"草稿": one.typed.title or one.key, "内容": dict(one.typed.fields), "保存于": one.saved_at} for one in drafts_of(account)]
    filters = SavedFilter.objects.filter(account=account).order_by("pk")
    return [*told, *({"常用筛选": one.name, "条件": one.query, "保存于": one.saved_at} for one in filters)]


def _erase(person_key: str, _actor: Actor) -> Erased:
    account = _account(person_key)
    if not account:
        return Erased(0)
    return Erased(sum(model.objects.filter(account=account).delete()[0] for model in _OWN))


def _of_account(row: Any) -> list[str]:
    return [f"account:{row.account}"]


keep_with(DeskKeeper())
register_kind(MessageKind(exports.MESSAGE, "表格导出"))
register_kind(MessageKind("desk.notice", "系统通知"))
register_kind(MessageKind(HANDOVER, "任务交接", frozenset({Way.EMAIL})))
register_source(_places)
register_card(
    Card("运行", "站外消息", "没有发出的邮件和短信", "send", "desk:deliveries", "desk.deliveries.manage",
         Delivery.objects.exclude(state=Delivery.State.SENT).exclude(state=Delivery.State.WAITING, error="").count)
)  # fmt: skip
register_holder(Holder("desk", "消息、草稿和常用筛选", _export, _erase))
bind_retention(Binding("draft", "desk.Draft", Draft.objects.all, "saved_at", person_keys=_of_account))
bind_retention(Binding("draft", "desk.Export", Export.objects.all, "asked_at", person_keys=_of_account))
bind_retention(Binding("message", "desk.Message", Message.objects.all, "sent_at", person_keys=_of_account))
bind_retention(
    Binding(
        "handover", "desk.Handover", Handover.objects.exclude(state=Handover.State.ACCEPTED).all, "decided_at",
        person_keys=lambda row: [f"account:{row.giver}", f"account:{row.taker}"],
    )
)  # fmt: skip
# Their jobs are registered when they are loaded.
JOBS = (calendar, deliveries, exports)
