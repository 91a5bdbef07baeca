"""Demo records of review in the invented city Yunling: one round that is published, one that is being judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils.timezone import localdate

from keheng.directory.service import organisations_for
from keheng.kernel.accounts import accounts
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.trail.record import Actor
from keheng.review.actions.texts import keep_texts
from keheng.review.enums import SeatState, rubric_from, rubrics
from keheng.review.models import Entry, Round, Seat
from keheng.review.queries.pools import in_pool
from keheng.review.service import (
    Call,
    RoundFacts,
    Subject,
    call_judges,
    combine_round,
    commit_draw,
    file_objection,
    hand_in_half,
    name_observer,
    open_round,
    pledge_half,
    publish_list,
    reveal_draw,
    state_independence,
    submit_scores,
)

Progress = Callable[[str, int, int], None]
_ENTRIES, _JUDGES, _SMALL = 60, 30, 6
_PART, _KIND, _SEATS = "评审 reviews", "demo.project", {"技术": 3}
_HALF = "云岭观察员的演示密钥二〇二六年"
_THINGS = (
    "低温传感器",
    "膜分离材料",
    "农田遥感",
    "城市积水预报",
    "种质资源保存",
    "中药质量标志物",
    "锂电回收",
    "轨道检测机器人",
    "语音康复",
    "海藻固碳",
)
_AIMS = ("关键技术研究", "中试验证", "示范应用", "共性平台建设", "检测方法研究", "装备研制")
_PLACES = ("东岭", "西塬", "北湖", "南桥", "上坪", "下沙", "白石", "青滩", "大坝", "新港", "老城", "高新")
_DOINGS = ("布设", "校准", "比对", "连续观测", "拆检", "复测", "分级", "抽样", "标定", "巡检", "建模", "记录")
_MEASURES = ("误差", "成本", "停机时间", "能耗", "返工率", "漏检率", "响应时间", "回收率", "样本量", "覆盖率")


def load(*, progress: Progress) -> None:
    """Take two rounds through their steps by the acts themselves; needs the directory and the accounts of the demo."""
    random = Random(2026)  # noqa: S311 -- invented records, the same every time
    officer = accounts().principal(accounts().find("demo.case.officer"), "")
    leader = accounts().principal(accounts().find("demo.leader"), "")
    watcher = accounts().find("demo.citizen")
    experts = list(in_pool().order_by("pk").values_list("pk", flat=True)[:_JUDGES])
    units = organisations_for(Principal("demo", powers=(Power("directory.organisation.see", Reach.ALL),)))
    applicants = list(units.filter(status="active", kind="enterprise").order_by("pk").values_list("pk", flat=True)[:_ENTRIES])
    progress(_PART, 0, 2)
    row = _open(officer, "云岭市科技创新项目评审（演示）", _subjects(random, _ENTRIES, applicants), experts, first_account="")
    _draw(officer, row, watcher)
    _score(row, random)
    combine_round(actor=officer, pk=row.pk)
    publish_list(actor=leader, pk=row.pk)
    best = Entry.objects.filter(round=row, proposed=True).order_by("code").first()
    if best is not None:
        file_objection(
            actor=Actor(""), entry=best.pk, name="钱一人", phone="19900000001", body="该项目的样机与去年验收的项目相同，请核查（演示）。"
        )
    progress(_PART, 1, 2)
    own = accounts().find("demo.expert")
    small = _open(officer, "云岭市青年项目评审（演示）", _subjects(random, _SMALL, applicants), experts[:5], first_account=own)
    _draw(officer, small, watcher)
    progress(_PART, 2, 2)


def _open(officer: Principal, title: str, subjects: Sequence[Subject], experts: Sequence[int], *, first_account: str) -> Round:
    """A round with its panel; the first judge has an account of the demo where one is told, the others have none that signs in."""
    quota = max(2, len(subjects) // 5)
    facts = RoundFacts(
        title=title, kind=_KIND, rubric="innovation", combination="mean", seats=_SEATS, most=12, quota=quota, listed="拟立项",
        scoring_until=localdate() + timedelta(days=10),
    )  # fmt: skip
    row = open_round(actor=officer, facts=facts, subjects=subjects)
    names = [f"demo-judge-{place:02}" for place in range(len(experts))]
    names[0] = first_account or names[0]
    call_judges(actor=officer, pk=row.pk, calls=[Call(expert, name, "技术") for expert, name in zip(experts, names, strict=True)])
    return row


def _subjects(random: Random, count: int, applicants: Sequence[int]) -> list[Subject]:
    """Projects with documents that name nobody; the second copies half of the first."""
    found = []
    for place in range(count):
        thing, aim = _THINGS[place % len(_THINGS)], _AIMS[(place // len(_THINGS) + place) % len(_AIMS)]
        own = [_paragraph(random, thing) for _ in range(5)]
        found.append(Subject(f"demo-{count}-{place:03}", f"{thing}{aim}", applicants[place % len(applicants)], "\n\n".join(own)))
    copied = "\n\n".join([*found[0].document.split("\n\n")[:3], *found[1].document.split("\n\n")[3:]])
    found[1] = Subject(found[1].reference, found[1].title, found[1].unit, copied)
    return found


def _paragraph(random: Random, thing: str) -> str:
    """Sentences of chance words: two projects share no passage but one that was copied."""

    def sentence() -> str:
        places, doings, (one, other) = random.sample(_PLACES, 2), random.sample(_DOINGS, 3), random.sample(_MEASURES, 2)
        return (
            f"{places[0]}{doings[0]}{random.randrange(10, 99)}处，{doings[1]}后{places[1]}的{thing}{one}降低{random.randrange(3, 60)}%，"
            f"再经{random.randrange(2, 24)}个月{doings[2]}，{other}控制在{random.randrange(2, 40)}以内。"
        )

    return "".join(sentence() for _ in range(4))


def _draw(officer: Principal, row: Round, watcher: str) -> None:
    """The panel states its independence, half of the key lies with the observer, and the draw is made."""
    name_observer(actor=officer, pk=row.pk, account=watcher)
    pledge_half(actor=Actor(watcher), pk=row.pk, half=_HALF)
    for one in row.panel.order_by("pk"):
        state_independence(actor=Actor(one.account), panelist=one.pk, agreed=True)
    commit_draw(actor=officer, pk=row.pk)
    hand_in_half(actor=Actor(watcher), pk=row.pk, half=_HALF)
    reveal_draw(actor=officer, pk=row.pk)


def _score(row: Round, random: Random) -> None:
    """Readings around a quality of each entry and a strictness of each judge."""
    criteria = rubric_from(rubrics()["innovation"]).criteria
    quality: dict[Any, float] = {}
    strict: dict[Any, float] = {}
    for seat in Seat.objects.filter(entry__round=row, state=SeatState.OPEN).select_related("panelist").order_by("pk"):
        level = quality.setdefault(seat.entry_id, random.gauss(7, 0.9)) + strict.setdefault(seat.panelist_id, random.gauss(0, 0.6))
        points = {one.code: Decimal(round(min(10.0, max(0.0, random.gauss(level, 0.5))) * 2)) / 2 for one in criteria}
        comment = "方案完整，现场验证条件具备。" if level > 7 else "依据不足，建议补充用户证明和预算明细。"  # noqa: PLR2004 -- about the middle
        submit_scores(actor=Actor(seat.panelist.account), seat=seat.pk, points=points, comment=comment)


def compare_texts() -> None:
    """Once all cases are there: what the job does every ten minutes."""
    keep_texts()
