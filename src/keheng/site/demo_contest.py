"""The youth contest of the invented city Yunling: schools of all districts, entries in every stage. All students are invented.

Entries come in by the batches that sheets use, and go on by the engine's own walk; rounds are drawn and read by the acts themselves.
At full scale there are as many entries, schools and districts as the 35th contest of a real city published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from django.utils.timezone import localdate

from keheng.directory.service import districts, facts_from, register_organisation
from keheng.kernel.accounts import accounts
from keheng.kernel.credit_code import make
from keheng.kernel.trail.record import SYSTEM
from keheng.matters.actions.growing import write
from keheng.matters.models import Case
from keheng.matters.rules.files.reading import Read
from keheng.matters.service import Begun, Grown, Step, enter_cases, grow, in_force
from keheng.review.service import name_observer
from keheng.site.demo_rounds import demo_office, do, draw_judges, read_entries, round_of

Progress = Callable[[str, int, int], None]
MATTER = "yl.youth-contest"
_PART = "青少年科技创新大赛 contest"
# Entries, schools; and of the entries those that go to the review one by one.
SIZES = {"small": (60, 16, 6), "full": (10_769, 737, 24)}
# Entries of last year that came before the judges; their students are others.
LAST_YEAR = {"small": 12, "full": 480}
_SERIALS_OF_LAST_YEAR = 20_000
_SCORES = ("93.5", "86", "74.25", "56.5", "90", "81.75")
_LINE = Decimal(60)
_CATEGORIES = ("科技创新成果", "科技创意", "科技实践活动", "科学幻想绘画", "科技辅导员成果")
_SUBJECTS = ("数学", "物理", "化学", "生物", "计算机", "工程", "环境", "社会科学")
_THINGS = ("雨量花盆", "盲道检测车", "种子发芽箱", "水质浮标", "垃圾分类秤", "声音地图", "风向标", "省水龙头", "昆虫旅馆", "月相钟")
_WAYS = ("对比三种材料", "记录三个月数据", "在两所学校试用", "改变温度和光照", "用开源电路控制")
_OFFICER = "demo-district"
_ONWARD = {
    "district": [],
    "formal": [Step("recommend", _OFFICER, "district", opinion="符合规则，同意推荐。")],
    "rework": [Step("hand_back", _OFFICER, "district", opinion="请补充三个月的记录数据。")],
    "not_recommended": [Step("pass_over", _OFFICER, "district", opinion="与往年作品相同。")],
}
_STAGES_REACHED = ("district", "formal", "district", "formal", "rework", "not_recommended")
_ALIKE = frozenset({"DIR_NAME_ALIKE"})


@dataclass(frozen=True, slots=True)
class School:
    """A school with entries: its number in the directory, name, district, whether it is a model school."""

    pk: int
    name: str
    district: str
    model: bool


def load(*, scale: str, progress: Progress) -> None:
    """Fill an installation that has its directory, accounts and experts."""
    entries, schools, judged = SIZES[scale]
    read = in_force(MATTER, localdate())
    if read is None:
        raise ValueError(f"{MATTER} is not in force")
    progress(_PART, 0, entries)
    places = _schools(schools)
    grown: list[Grown] = []
    for number, (school, typed) in enumerate(_entries(places, entries, localdate().year)):
        stage = "formal" if number < judged else _STAGES_REACHED[number % len(_STAGES_REACHED)]
        begun = Begun(f"demo-school-{school.pk}", localdate(), typed, school.pk, school.district)
        grown.append(grow(read, begun, [Step("submit", begun.applicant, "apply"), *_ONWARD[stage]]))
    enter_cases(grown, actor=SYSTEM, target="case:demo-contest")
    _reviewed([one.case for one in grown[:judged]])
    write(_finished(read, places, LAST_YEAR[scale]), target="case:demo-contest-last-year")
    progress(_PART, entries, entries)


def _schools(count: int) -> list[School]:
    """Schools of all districts in turn."""
    places, made = list(districts().items()), []
    for number in range(count):
        district, said = places[number % len(places)]
        kind = "中学" if number % 3 else "小学"
        name = f"{said}演示第{number // len(places) + 1}{kind}"
        facts = facts_from(code=make("1", "2", district, 7_000_000 + number * 11), name=name, kind="institution", district=district)
        made.append(School(register_organisation(actor=SYSTEM, facts=facts, accepted=_ALIKE).pk, name, district, number % 9 == 0))
    return made


def _entries(schools: Sequence[School], count: int, year: int, first: int = 0) -> Iterator[tuple[School, dict[str, Any]]]:
    """Entries of a year as they are typed, the schools in turn; ``first`` is the number of the first one."""
    for number in range(first, first + count):
        school, category = schools[number % len(schools)], _CATEGORIES[number % 4 if number % 10 else 4]
        young = number % 3 == 0
        born = date(2014 if young else 2009 + number % 3, 1 + number % 12, 1 + number % 28)
        thing, way = _THINGS[number % len(_THINGS)], _WAYS[number // len(_THINGS) % len(_WAYS)]
        yield school, {
            "school": school.name, "tier": "科技教育示范学校" if school.model else "普通学校",
            "stage": "小学" if young else "初中", "code": f"YL{number + 1:05}", "category": category,
            "work": f"{thing}（演示{number + 1}）",
            "subject": _SUBJECTS[number % len(_SUBJECTS)], "done_on": f"{year}-04-{1 + number % 28:02}",
            "summary": f"围绕{thing}提出问题，{way}，得到第 {number + 1} 组结果，并画出变化曲线，说明了误差的来源。",
            "adviser": f"演示教师{number % 400 + 1}", "phone": "19900000000", "size": "1", "a_name": f"演示学生{number + 1:05}",
            "a_number": _number_of(born, number), "a_born": born.isoformat(),
            **({"consent": "yes", "paper": "学校存档"} if young else {}),
        }  # fmt: skip


def _finished(read: Read, schools: Sequence[School], count: int) -> list[Grown]:
    """Last year's contest: judged, published and awarded; its reviews were held elsewhere, only the scores came along."""
    office, year = demo_office(), localdate().year - 1
    clerk, officer, leader = (one.account for one in (office.clerk, office.officer, office.leader))
    made = []
    for number, (school, typed) in enumerate(_entries(schools, count, year, _SERIALS_OF_LAST_YEAR)):
        score = _SCORES[number % len(_SCORES)]
        judged = {"score": score, "listed": "yes" if Decimal(score) >= _LINE else "no"}
        steps = [
            Step("submit", f"demo-school-{school.pk}", "apply"),
            Step("recommend", _OFFICER, "district", 2, opinion="符合规则，同意推荐。"),
            Step("accept", clerk, "window", 2, opinion="材料齐全，说明中没有姓名和学校。"),
            Step("close_review", officer, "office", 15, judged),
        ]
        if judged["listed"] == "yes":
            steps += [
                Step("publish", leader, "decide", 2, opinion="同意公示。"),
                Step("award", leader, "decide", 6, opinion="公示期满，没有异议。"),
            ]
        begun = Begun(f"demo-school-{school.pk}", date(year, 9, 1 + number % 20), typed, school.pk, school.district)
        made.append(grow(read, begun, steps))
    return made


def _number_of(born: date, serial: int) -> str:
    """An identity number with its check digit (GB 11643-1999), of a region that does not exist."""
    first = f"99{serial // 1000:04}{born:%Y%m%d}{serial % 1000:03}"
    return first + "10X98765432"[sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(first)) % 11]


def _reviewed(cases: Sequence[Case]) -> None:
    """The city accepts entries, which enter their round; it is watched, drawn, and half read."""
    office = demo_office()
    for case in cases:
        do(office.clerk, case, "accept", opinion="材料齐全，说明中没有姓名和学校。")
    row = round_of(cases[0])
    name_observer(actor=office.officer, pk=row.pk, account=accounts().find("demo.organiser"))
    draw_judges(office.officer, row, offset=21)
    waiting = row.panel.order_by("code").values_list("account", flat=True)[:2]
    read_entries(row, Random(2026), leave=list(waiting))  # noqa: S311 -- invented readings, the same every time
