"""A year of approvals inside the office: leave, seals, purchases, documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate

from keheng.matters.actions.growing import Begun, Grown, Step, grow
from keheng.matters.rules.files.shelf import in_force

# A year of them: those of the last calendar year are as many as were published for 2020.
YEARLY = {"small": 48, "full": 1_500}
_DAYS = 365
# Of the year before the last one there are fewer: one in so many is missing.
_FEWER = 12
# Clerk, officer, leader, finance.
Team = tuple[str, str, str, str]
_PEOPLE = {"supervisor": "demo.leader", "treasurer": "demo.finance"}
_THINGS = ("复印纸", "会议服务", "交换机", "应急照明", "图书资料", "打印服务")
_PAPERS = ("合作备忘录", "会议通知", "证明材料", "授权委托书", "报送函")
_SUBJECTS = ("关于举办科普活动的通知", "关于项目验收安排的函", "关于经费预算的请示", "关于年度工作的报告")


def year_of_flows(team: Team, count: int) -> list[Grown]:
    """So many approvals spread over the last 365 days; the last ones still wait for somebody."""
    return _spread(team, count, localdate() - timedelta(days=_DAYS), localdate())


def last_years_flows(team: Team, count: int, known: Sequence[Grown]) -> list[Grown]:
    """Approvals of the last calendar year before those of ``known``, so that there are so many of it in all."""
    year, first_known = localdate().year - 1, localdate() - timedelta(days=_DAYS)
    of_it = sum(one.case.submitted_at is not None and localdate(one.case.submitted_at).year == year for one in known)
    return _spread(team, count - of_it, date(year - 1, 12, 31), max(first_known, date(year, 1, 1)))


def earlier_flows(team: Team, count: int) -> list[Grown]:
    """Approvals of the calendar year before the last one: a few less than the last one's ``count``."""
    year = localdate().year - 2
    return _spread(team, count - count // _FEWER, date(year - 1, 12, 31), date(year, 12, 10))


def _spread(team: Team, count: int, before: date, last: date) -> list[Grown]:
    """So many, the first after one day, the last on the other."""
    today, days = localdate(), (last - before).days
    makers = (_leave, _seal, _purchase, _document)
    clerk = team[0]
    found = []
    for number in range(count):
        day = before + timedelta(days=max(1, days * (number + 1) // count))
        matter, typed, steps, named = makers[number % len(makers)](number // len(makers), day, team)
        read = in_force(matter, today)
        if read is None:
            raise LookupError(matter)
        found.append(grow(read, Begun(clerk, day, typed, named=named), [Step("submit", clerk, "apply"), *steps]))
    return found


_Made = tuple[str, dict[str, Any], Sequence[Step], dict[str, str]]


def _leave(number: int, day: date, team: Team) -> _Made:
    _clerk, officer, leader, _finance = team
    length = 1 + number % 5
    ends = day + timedelta(days=9 + length)
    typed = {"kind": "年休假", "begins": (day + timedelta(days=10)).isoformat(), "ends": ends.isoformat(), "supervisor": "demo.leader"}
    steps = [Step("agree", leader, "head", number % 3, opinion="同意。")]
    if length > 3:  # noqa: PLR2004 -- days that the head grants alone
        steps += [Step("agree", officer, "personnel", 1, opinion="同意。"), Step("agree", leader, "leader", 1, opinion="同意。")]
    return "yl.leave", typed, steps, {"head": leader}


def _seal(number: int, _day: date, team: Team) -> _Made:
    _clerk, officer, leader, finance = team
    plain = number % 3 != 0
    typed = {
        "paper": f"{_PAPERS[number % len(_PAPERS)]}（演示{number + 1}）", "seal": "单位公章" if plain else "合同专用章",
        "copies": str(1 + number % 4), "receiver": "云岭演示单位", "price": "" if plain else str(30_000 + 1_000 * number),
        "outside": "no", "supervisor": "demo.finance",
    }  # fmt: skip
    steps = [Step("agree", finance, "head", number % 2, opinion="同意用印。")]
    if not plain:
        steps += [
            Step("agree", officer, "law", number % 3, opinion="合同文本已审。"),
            Step("agree", leader, "leader", 1, opinion="同意用印。"),
        ]
    steps.append(Step("stamp", officer, "keeper", number % 2, {"stamped": "1"}))
    return "yl.seal", typed, steps, {"head": finance}


def _purchase(number: int, _day: date, team: Team) -> _Made:
    clerk, officer, leader, finance = team
    price = (900, 16_000, 46_000, 128_000)[number % 4]
    thing = _THINGS[number % len(_THINGS)]
    typed = {
        "name": f"{thing}（演示{number + 1}）", "kind": ("货物", "服务")[number % 2], "why": "演示用的采购理由。", "source": "公用经费",
        "items": [{"item": thing, "qty": "1", "price": str(price)}], **_PEOPLE,
    }  # fmt: skip
    steps = [Step("agree", leader, "head", number % 2, opinion="同意采购。")]
    joint = [Step("agree", finance, "finance", 1, opinion="经费已落实，同意。"), Step("agree", officer, "office", 1, opinion="同意。")]
    if price > 5_000:  # noqa: PLR2004 -- the file's first limit
        steps += joint[:1] if price <= 100_000 else joint  # noqa: PLR2004 -- the file's second limit
        steps.append(Step("agree", leader, "leader", number % 3, opinion="同意。"))
    steps.append(Step("bought", clerk, "apply", 4, {"supplier": "云岭演示供应商", "paid": str(price * 96 // 100)}))
    return "yl.purchase", typed, steps, {"head": leader, "finance": finance}


def _document(number: int, _day: date, team: Team) -> _Made:
    _clerk, officer, leader, finance = team
    typed = {
        "subject": f"{_SUBJECTS[number % len(_SUBJECTS)]}（演示{number + 1}）", "kind": ("通知", "函", "请示", "报告")[number % 4],
        "receiver": "各区科委", "speed": "平件", "body": "演示用的正文。", "open_kind": "主动公开",
        "editor": "demo.finance", "first_office": "demo.case.officer", "second_office": "demo.leader",
    }  # fmt: skip
    steps = [
        Step("pass", finance, "head", number % 2, opinion="文字、格式已核。"), Step("agree", officer, "first", 1, opinion="无意见。"),
        Step("agree", leader, "second", 1, opinion="同意。"), Step("issue", leader, "leader", 1, opinion="同意发。"),
        Step("number", officer, "registry", 1),
    ]  # fmt: skip
    return "yl.document", typed, steps, {"head": finance, "first": officer, "second": leader}
