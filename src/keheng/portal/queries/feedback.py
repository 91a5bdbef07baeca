"""Reads of feedback: one by number and code, what is held about a person."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.crypto import constant_time_compare

from keheng.kernel.trail.record import mark
from keheng.portal.models import Feedback, Subscription


def by_code(number: str, code: str) -> Feedback | None:
    """The message of a number, when the code is its own. Both are compared whatever there is, so that time tells nothing."""
    number, code = number.strip().upper(), code.strip().upper()
    row = Feedback.objects.filter(number=number).first()
    right = constant_time_compare(mark(f"{number}:{code}"), row.code_mark if row else "")
    return row if right else None


def held_about(account: str) -> list[Mapping[str, object]]:
    """What an account wrote and subscribed to, in words for that person."""
    rows: list[Mapping[str, object]] = [
        {
            "事项": "留言", "编号": one.number, "类型": one.get_kind_display(), "关于": one.about, "标题": one.title, "内容": one.body,
            "姓名": one.name, "联系方式": one.contact, "收到": one.received_at, "答复": one.answer,
        }
        for one in Feedback.objects.filter(account=account).order_by("pk")
    ]  # fmt: skip
    rows += [{"事项": "订阅", "主题": one.topic, "自": one.made_at} for one in Subscription.objects.filter(account=account).order_by("pk")]
    return rows
