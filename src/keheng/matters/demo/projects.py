"""A year of IT projects of the city's departments and towns, with their consultations; what was cut comes out of their rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils.timezone import localdate

from keheng.kernel.money import Money
from keheng.matters.actions.growing import Begun, Grown, Step, grow
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.files.shelf import in_force

YEARLY = 390
# Of the last year, when most projects were large enough for a consultation: over 350 were assessed (published for 2023).
LAST_YEAR = {"small": 20, "full": 400}
# Of the year before it, so that figures are seen over years.
EARLIER = {"small": 10, "full": 60}
_LARGE, _LAST_DAYS = 10, ((1, 5), (11, 5))
_FROM_JULY = 7
# Kind of cost, words, usual price in yuan, most of it in a project.
_ITEMS = (
    ("开发人月", "应用软件开发", 21_000, 14), ("数据治理人月", "数据治理服务", 18_500, 8), ("云主机", "云主机租用", 4_800, 12),
    ("数据库授权", "数据库授权", 46_000, 2), ("密码应用", "密码应用改造", 68_000, 1), ("安全测评", "等级保护测评", 52_000, 1),
    ("网络设备", "接入交换机", 12_600, 6), ("终端设备", "业务终端", 6_200, 20), ("运维人月", "驻场运维", 13_500, 12),
    ("监理", "工程监理", 24_000, 1),
)  # fmt: skip
_SYSTEMS = (
    "政务公开",
    "网格化管理",
    "养老服务",
    "公文流转",
    "视频会议",
    "应急指挥",
    "档案管理",
    "企业服务",
    "数据共享",
    "移动办公",
    "财务内控",
    "综合执法",
)
_REASONS = ("C1 单价偏高", "C1 单价偏高", "C2 数量偏多", "C2 数量偏多", "C3 重复建设", "C4 与目标无关", "C5 可用已有资源", "C6 计算错误")
_SUPPLIERS = ("云岭演示软件有限公司", "云岭示例科技有限公司", "云岭样本信息有限公司")
_QUOTED, _GRADED, _CONSULTED, _PANEL = (Decimal(limit) for limit in (300_000, 500_000, 500_000, 1_000_000))
_FIXES = (
    ("scheme", "方案缺少安全设计一章"),
    ("plan", "请写明与现有系统的关系"),
    ("budget", "请写明人月单价的依据"),
    ("contact", "联系人不是本单位人员"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """Accounts of those who handle cases."""

    clerk: str
    officer: str
    leader: str


@dataclass(frozen=True, slots=True)
class Applying:
    """A unit that applies: its number, name and district."""

    unit: int
    name: str
    district: str


def _chance(seed: int | str) -> Random:
    return Random(seed)  # noqa: S311 -- the demo is the same every time, and holds no secret


def year_of_projects(office: Office, units: Sequence[Applying], count: int = YEARLY) -> list[Grown]:
    """So many projects, in the present year from July on, else in the last one, with a consultation where the file asks for it."""
    today = localdate()
    project, consult = in_force("yl.it-project", today), in_force("yl.it-consult", today)
    if project is None or consult is None:
        raise LookupError("definitions/yunling_it has no project in force")
    year = today.year if today.month >= _FROM_JULY else today.year - 1
    begin, end = date(year, 1, 5), min(date(year, 12, 10), today)
    found: list[Grown] = []
    for number in range(count):
        random = _chance(number)
        day = begin + timedelta(days=(end - begin).days * number // count)
        found += _project(office, units[number * 7 % len(units)], day, random, (number, project, consult, _budget(random)))
    return [*found, _suspect(office, units[0], project)]


def projects_of_year(office: Office, units: Sequence[Applying], year: int, count: int) -> list[Grown]:
    """So many projects of a past year, all over by its end; nine of ten went through a consultation."""
    today = localdate()
    project, consult = in_force("yl.it-project", today), in_force("yl.it-consult", today)
    if project is None or consult is None:
        raise LookupError("definitions/yunling_it has no project in force")
    begin, end = (date(year, *day) for day in _LAST_DAYS)
    found: list[Grown] = []
    for number in range(count):
        random = _chance(f"{begin.year}-{number}")
        day = begin + timedelta(days=(end - begin).days * number // count)
        budget = _budget(random, _CONSULTED if number % _LARGE else Decimal(0))
        found += _project(office, units[number % len(units)], day, random, (number, project, consult, budget))
    return found


def _suspect(office: Office, unit: Applying, read: Read) -> Grown:
    """A project that waits for the officer, with two quotes that one hand made from one another."""
    random, day = _chance("quotes"), localdate() - timedelta(days=3)
    rows = [(f"{words}（{part}期）", code, price) for part in ("一", "二") for code, words, price, _most in _ITEMS[:9]]
    honest = [price * random.randint(88, 117) // 100 for _words, _code, price in rows]
    quoted = (honest, [price * 107 // 100 for price in honest], [price * random.randint(90, 121) // 100 for price in honest])
    on = (day - timedelta(days=20)).isoformat()
    typed = {
        "name": "综合执法系统新建（演示，报价有疑点）", "kind": "新建", "mlps": "二级", "unit_name": unit.name, "contact": "演示人",
        "phone": "19900009999", "plan": "演示用的建设内容。",
        "budget": [{"item": words, "code": code, "qty": "1", "price": str(price)} for words, code, price in rows],
        "suppliers": [{"supplier": name, "address": "云岭一路1号", "quoted_on": on} for name in _SUPPLIERS[:2]]
        + [{"supplier": _SUPPLIERS[2], "address": "云岭三路3号", "quoted_on": on}],
        "prices": [
            {"supplier": name, "item": words, "price": str(price)}
            for name, prices in zip(_SUPPLIERS, quoted, strict=True)
            for (words, _code, _price), price in zip(rows, prices, strict=True)
        ],
    }  # fmt: skip
    steps = [Step("submit", f"unit-{unit.unit}", "apply"), Step("accept", office.clerk, "accept")]
    return grow(read, Begun(f"unit-{unit.unit}", day, typed, unit.unit, unit.district), steps)


def consulted(office: Office, unit: Applying) -> Grown:
    """A project that waits for its consultation."""
    project, day = in_force("yl.it-project", localdate()), localdate() - timedelta(days=2)
    if project is None:
        raise LookupError("yl.it-project")
    budget = [{"item": "应用软件开发", "code": "开发人月", "qty": "24", "price": "24000"}]
    typed = {
        "name": "养老服务系统升级（演示，待咨询评估）", "kind": "升级", "mlps": "二级", "unit_name": unit.name, "contact": "演示人",
        "phone": "19900009998", "plan": "演示用的建设内容。", "budget": budget, **_quotes(budget, day, _chance(1)),
    }  # fmt: skip
    steps = [Step("submit", f"unit-{unit.unit}", "apply"), Step("accept", office.clerk, "accept")]
    return grow(project, Begun(f"unit-{unit.unit}", day, typed, unit.unit, unit.district), steps)


def _project(
    office: Office, unit: Applying, day: date, random: Random, what: tuple[int, Read, Read, list[dict[str, Any]]]
) -> Iterator[Grown]:
    number, project, consult, budget = what
    total = sum((Decimal(row["price"]) * int(row["qty"]) for row in budget), Decimal(0))
    lines = [_decided(row, random) for row in budget]
    steps = list(_steps(office, unit, random, lines, consulted=total >= _CONSULTED))
    kind = random.choice(("新建", "升级", "运维"))
    typed = {
        "name": f"{random.choice(_SYSTEMS)}系统{kind}（演示{number + 1:03}）", "kind": kind, "mlps": "二级" if total >= _GRADED else "",
        "unit_name": unit.name, "contact": "演示人", "phone": f"1990000{number % 10_000:04}", "plan": "演示用的建设内容。",
        "budget": budget,
        **(_quotes(budget, day, random) if total >= _QUOTED else {}),
    }  # fmt: skip
    made = grow(project, Begun(f"unit-{unit.unit}", day, typed, unit.unit, unit.district), steps)
    made.rating = random.choice((5, 5, 5, 4, 0, 0))
    yield made
    asked = next((event for event in made.events if event.after == "consult"), None)
    closed = next((event for event in made.events if event.do == "close_consult"), None)
    if asked is not None and closed is not None:
        child = _consultation(consult, office, made, lines, asked.at.date())
        child.parent = made
        yield child


def _budget(random: Random, least: Decimal = Decimal(0)) -> list[dict[str, Any]]:
    """Three to five kinds of cost, at least so much and below a million in all: those above go before a panel."""
    rows: list[dict[str, Any]] = []
    total = Decimal(0)
    for code, words, price, most in random.sample(_ITEMS, random.choice((3, 4, 5))):
        # One line in fifteen is dear: the price book tells.
        asked = price * random.choice((90, 95, 100, 104, 110)) // 100 * (2 if random.randrange(15) == 0 else 1)
        qty = random.randint(1, most)
        if total + asked * qty < _PANEL:
            rows.append({"item": words, "code": code, "qty": str(qty), "price": str(asked)})
            total += asked * qty
    return rows if total >= least else _budget(random, least)


def _decided(row: dict[str, Any], random: Random) -> dict[str, str]:
    """A line as the officer decides it: about half stand as asked, the others lose a part or all."""
    amount = Decimal(row["price"]) * int(row["qty"])
    share = random.choice((*[100] * 8, 85, 85, 80, 72, 72, 60, 60, 50, 50, 45, 38, 0))
    approved = str(Money.yuan(amount).share(Decimal(share) / 100)).replace(",", "")
    return {"approved": approved, "reason": "" if share == 100 else random.choice(_REASONS)}  # noqa: PLR2004 -- the whole line


def _quotes(budget: Sequence[dict[str, Any]], day: date, random: Random) -> dict[str, Any]:
    on = (day - timedelta(days=20)).isoformat()
    suppliers = [{"supplier": name, "address": f"云岭{number}路{number}号", "quoted_on": on} for number, name in enumerate(_SUPPLIERS, 1)]
    prices = [
        {"supplier": name, "item": row["item"], "said": "", "price": str(int(row["price"]) * random.randint(92, 115) // 100)}
        for name in _SUPPLIERS
        for row in budget
    ]
    return {"suppliers": suppliers, "prices": prices}


def _steps(office: Office, unit: Applying, random: Random, lines: list[dict[str, str]], *, consulted: bool) -> Iterator[Step]:
    applicant = f"unit-{unit.unit}"
    yield Step("submit", applicant, "apply")
    fate = random.randrange(100)
    if fate < 14:  # noqa: PLR2004 -- so many of a hundred
        yield Step("ask_more", office.clerk, "accept", random.randint(1, 3), corrections=[random.choice(_FIXES)])
        yield Step("resend", applicant, "apply", random.randint(1, 9))
    if fate in {97, 98}:
        yield Step("withdraw", applicant, "apply", 2, opinion="项目并入其他系统")
        return
    yield Step("accept", office.clerk, "accept", random.choice((0, 1, 1, 2, 3, 4)))
    if consulted:
        yield Step("close_consult", office.officer, "office", random.randint(4, 12))
    yield Step("propose", office.officer, "office", random.choice((1, 2, 3, 4, 5, 6, 7, 11)), {"lines": lines}, "已逐行审核。")
    if fate in {90, 91, 92, 93, 94}:
        yield Step("reject", office.leader, "decide", random.randint(1, 3), opinion="与已建系统重复")
    else:
        yield Step("approve", office.leader, "decide", random.choice((0, 1, 1, 2)), opinion="同意审查意见。")


def _consultation(read: Read, office: Office, parent: Grown, lines: Sequence[dict[str, str]], day: date) -> Grown:
    answers = parent.at.answers
    advice = [
        {"item": row["item"], "amount": str(Money(row["amount"])), "advised": line["approved"], "reason": line["reason"]}
        for row, line in zip(answers["budget"], lines, strict=True)
    ]
    typed = {
        "project_number": "—", "name": answers["name"], "unit_name": answers["unit_name"], "advice": advice,
        "visits": [
            {"day": day.isoformat(), "place": answers["unit_name"], "people": "演示顾问、演示人", "found": "核对了现有系统和设备"},
        ],
        "experts": [{"expert": "演示专家", "subject": "软件造价", "view": "部分内容单价高于同类项目"}], "market": "三家报价，离散正常。",
        "is_true": "真实", "is_fair": "基本合理", "is_regular": "规范", "summary": "建议按逐行意见核减。",
    }  # fmt: skip
    steps = [Step("submit", office.officer, "apply", 2), Step("agree", office.leader, "check", 1, opinion="评估意见依据充分，予以采纳。")]
    return grow(read, Begun(office.officer, day, typed), steps)
