"""Information that the invented city reported upwards in a year, and what of it was adopted: as many as were published for 2020."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import gcd

from django.utils.timezone import localdate

from keheng.matters.actions.growing import Begun, Grown, Step, grow
from keheng.matters.rules.files.shelf import in_force

MATTER = "yl.info-report"
# Items by where they went, and how many of all were adopted; both published for 2020.
_SENT = {
    "small": ((("上级科协", 3), ("市委信息部门", 12), ("市政府信息部门", 5)), 4),
    "full": ((("上级科协", 31), ("市委信息部门", 176), ("市政府信息部门", 60)), 46),
}
_KINDS = ("工作动态", "经验做法", "问题建议")
_SUBJECTS = (
    "科普日活动覆盖全部街镇",
    "学会服务企业技术攻关",
    "院士工作站带动产业升级",
    "青少年科技竞赛组织经验",
    "科技工作者状况调查",
    "科普场馆错峰开放的建议",
)
_FIRST, _DAYS, _ANSWER = (1, 6), 300, 15


def year_of_reports(scale: str, writer: str, editor: str) -> Iterator[Grown]:
    """The items of last year, spread over it, all of them answered by its end."""
    read, year = in_force(MATTER, localdate()), localdate().year - 1
    if read is None:
        raise LookupError(MATTER)
    by_receiver, adopted = _SENT[scale]
    receivers = [to for to, count in by_receiver for _ in range(count)]
    count = len(receivers)
    for number in range(count):
        day = date(year, *_FIRST) + timedelta(days=_DAYS * number // count)
        # Each receiver's items go all through the year: neighbours in the list are far apart in time.
        to, subject = receivers[number * _stride(count) % count], _SUBJECTS[number % len(_SUBJECTS)]
        typed = {
            "headline": f"{subject}（演示{number + 1}）", "to": to, "kind": _KINDS[number % len(_KINDS)],
            "body": f"{subject}：演示用的正文，写明做法、成效和下一步打算。",
        }  # fmt: skip
        steps = [Step("submit", writer, "apply"), Step("send", editor, "editor", number % 2)]
        if (number + 1) * adopted // count > number * adopted // count:
            steps.append(Step("adopt", editor, "editor", _ANSWER, {"adopted_in": f"《云岭信息》{year} 年第 {number // 6 + 1} 期"}))
        else:
            steps.append(Step("pass_over", editor, "editor", _ANSWER))
        yield grow(read, Begun(writer, day, typed), steps)


def _stride(count: int) -> int:
    """A step that meets each of so many once."""
    return next(step for step in range(count * 3 // 8, count) if gcd(step, count) == 1)
