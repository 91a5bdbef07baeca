"""Demo cases of the funds, talents and societies of the invented city Yunling, in every stage; all names are invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils.timezone import localdate

from keheng.kernel.accounts import accounts
from keheng.kernel.trail.record import Actor
from keheng.matters.models import Case
from keheng.matters.service import note_correction, rate_case, write_letter
from keheng.review.models import Entry, Round
from keheng.review.service import file_objection
from keheng.site.demo_rounds import Firm, Office, begin, demo_firms, demo_office, do, draw_judges, judge, read_entries, round_of

Progress = Callable[[str, int, int], None]
_PART = "专项资金和评选 funds"
# Projects of the fund: those of the first wave that were granted, of the second that are public, under review, and before it.
_WAVES = {"small": (10, 8, 4), "full": (40, 36, 24)}
_EARLY = ("draft", "draft", "unit_check", "unit_check", "rework", "formal", "formal", "fix")
_THINGS = (
    "低温传感器", "膜分离材料", "农田遥感", "城市积水预报", "种质资源保存", "中药质量标志物", "锂电回收", "轨道检测机器人",
    "语音康复", "海藻固碳", "车规芯片测试", "病理图像分析",
)  # fmt: skip
_AIMS = ("关键技术研究", "中试验证", "示范应用", "检测方法研究", "装备研制")
_FIELDS = ("智能装备", "新材料", "绿色低碳", "人工智能", "生物医药", "集成电路")
# What an application of last year and one of this year say in the same words.
_COPIED = frozenset({402, 203})
_PASSAGE = (
    "项目拟建立覆盖原料、加工、装配三个环节的在线检测流程，用对照样品逐批校准，记录温度、湿度和振动的影响，"
    "形成可以由中小企业直接使用的操作规程，并在园区内三家单位连续运行半年，逐月公布比对结果和改进措施。"
)
_TEN_THOUSAND = 10_000


def load(*, scale: str, progress: Progress) -> None:
    """Fill an installation that has its directory, accounts and experts."""
    random, office = Random(2026), demo_office()  # noqa: S311 -- invented records, the same every time
    first, second, third = _WAVES[scale]
    steps: tuple[Callable[[Sequence[Firm]], None], ...] = (
        lambda firms: _granted(office, firms, first, random),
        lambda firms: _public(office, firms, second, random),
        lambda firms: _under_review(office, firms, third, random),
        lambda firms: _before_review(office, firms),
        lambda firms: _talents(office, firms, random),
        lambda firms: _intakes(office, firms),
    )
    firms = demo_firms(max(first, second, third, len(_EARLY)))
    for number, step in enumerate(steps, 1):
        step(firms)
        progress(_PART, number, len(steps))


def project(number: int, firm: Firm, today: date) -> dict[str, Any]:
    """An application to the fund, as it is typed on a day."""
    asked = 40 + 7 * (number % 9)
    thing = _THINGS[number % len(_THINGS)]
    return {
        "unit_name": firm.name, "unit_code": firm.code, "rd_share": f"{3.2 + number % 7}", "unfinished": "no",
        "contact": "演示人", "phone": f"1990001{number:04}", "name": f"{thing}{_AIMS[number % len(_AIMS)]}（演示{number + 1}）",
        "field": _FIELDS[number % len(_FIELDS)], "begins": (today + timedelta(days=60)).isoformat(),
        "ends": (today + timedelta(days=790)).isoformat(),
        "summary": f"围绕{thing}开展材料、结构和检测方法研究，形成样机{2 + number % 4}台，在{1 + number % 3}处现场比对运行。"
        f"{_PASSAGE if number in _COPIED else ''}",
        "goals": f"样机{2 + number % 4}台；主要指标提高{10 + number % 20}%；企业标准一项。",
        "milestones": [
            {"stage": "方案", "until": (today + timedelta(days=180)).isoformat(), "product": "设计报告"},
            {"stage": "样机", "until": (today + timedelta(days=600)).isoformat(), "product": f"样机{2 + number % 4}台"},
        ],
        "budget": [
            {"item": "设备费", "total": str(asked * 2 * _TEN_THOUSAND), "asked": str(asked * _TEN_THOUSAND)},
            {"item": "材料费", "total": "260000", "asked": "120000"},
        ],
    }  # fmt: skip


def _accepted(office: Office, firms: Sequence[Firm], numbers: Sequence[int]) -> list[Case]:
    """Applications that passed the formal check and wait for their network review."""
    found = []
    for place, number in enumerate(numbers):
        firm = firms[place % len(firms)]
        case = begin(firm.applicant, "yl.zhangjiang", project(number, firm, localdate()))
        case = do(firm.applicant, case, "submit")
        case = do(firm.checker, case, "confirm")
        found.append(do(office.clerk, case, "accept", opinion="材料齐全，符合申报指南。"))
    return found


def _ranked(office: Office, cases: Sequence[Case], move: str, random: Random, offset: int) -> list[Case]:
    """The round that the cases share is judged; those that go on."""
    judge(office.officer, round_of(cases[0]), random, offset=offset)
    return [case for case in (do(office.officer, one, move) for one in cases) if not case.end]


def _listed(office: Office, firms: Sequence[Firm], numbers: Sequence[int], random: Random) -> list[Case]:
    """Applications on the proposed list, published."""
    cases = _ranked(office, _accepted(office, firms, numbers), "close_network", random, 0)
    found = []
    for case in _ranked(office, cases, "close_panel", random, 40):
        proposed = do(office.officer, case, "propose", grant=str((case.answers["requested"] // 100) * 9 // 10))
        found.append(do(office.leader, proposed, "publish", opinion="同意公示。"))
    return found


def _weeks_ago(row: Round, weeks: int) -> None:
    """Time goes by in the demo city: the days of objections are over."""
    over = timedelta(weeks=weeks)
    if row.published_at is not None and row.objections_until is not None:
        Round.objects.filter(pk=row.pk).update(published_at=row.published_at - over, objections_until=row.objections_until - over)


def _granted(office: Office, firms: Sequence[Firm], count: int, random: Random) -> None:
    """A wave that ended: granted projects with their contracts, payments and acceptance."""
    cases = _listed(office, firms, range(count), random)
    _weeks_ago(round_of(cases[0]), 3)
    granted = [do(office.leader, case, "approve", opinion="公示期满，没有异议。") for case in cases]
    by_unit = {firm.applicant.unit: firm for firm in firms}
    for place, case in enumerate(granted):
        firm = by_unit[str(case.unit_id)]
        rate_case(actor=firm.applicant, case=case.pk, stars=5, comment="评审过程看得见。")
        contract = _contract(firm, case, place)
        if place % 3 == 2:  # noqa: PLR2004 -- the last of three waits for the unit's check
            continue
        for actor, move in ((firm.checker, "confirm"), (office.officer, "pass"), (office.leader, "conclude")):
            contract = do(actor, contract, move)
        _payments(office, firm, contract)
        if place % 3 == 0:
            _midterm(office, firm, contract, ended=True)
            _acceptance(office, firm, contract)
        else:
            _midterm(office, firm, contract, ended=False)


def _contract(firm: Firm, case: Case, place: int) -> Case:
    grant, today = case.answers["grant"], localdate()
    first = grant * 6 // 10
    typed = {
        "phone": f"1990002{place:04}",
        "midterm_on": (today + timedelta(days=280)).isoformat(),
        "schedule": [
            {"stage": "任务书签订", "day": (today - timedelta(days=10)).isoformat(), "amount": _yuan(first)},
            {"stage": "中期检查合格", "day": (today + timedelta(days=300)).isoformat(), "amount": _yuan(grant - first)},
        ],
    }
    return do(firm.applicant, begin(firm.applicant, "yl.zhangjiang-contract", typed, case), "submit")


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _payments(office: Office, firm: Firm, contract: Case) -> None:
    """The first instalment is paid, the second asked for."""
    for number, row in enumerate(contract.answers["schedule"], 1):
        typed = {
            "number": str(number),
            "amount": _yuan(row["amount"]),
            "progress": "按任务书完成本阶段工作，报告见附件。",
            "phone": "19900020000",
        }
        case = do(firm.applicant, begin(firm.applicant, "yl.zhangjiang-payment", typed, contract), "submit")
        if number == 1:
            do(office.leader, do(office.officer, case, "verify"), "pay")


def _midterm(office: Office, firm: Firm, contract: Case, *, ended: bool) -> None:
    """The report of the middle of a project: found in order, or still before the office."""
    typed = {
        "progress": "已完成样机一台，其余正在装配，现场比对已经开始，进度与任务书一致。", "late": "no",
        "spent": _yuan(contract.answers["grant"] * 52 // 100), "phone": "19900020002",
    }  # fmt: skip
    case = do(firm.applicant, begin(firm.applicant, "yl.zhangjiang-midterm", typed, contract), "submit")
    case = do(firm.checker, case, "confirm")
    if ended:
        do(office.leader, do(office.officer, case, "propose", opinion="进展和经费使用符合任务书约定。"), "approve")


def _acceptance(office: Office, firm: Firm, contract: Case) -> None:
    """Accepted by the window, its round waits for the draw."""
    typed = {
        "results": "完成全部样机，经第三方检测达到考核目标，已在两处现场连续运行。",
        "spent": _yuan(contract.answers["grant"] * 97 // 100), "phone": "19900020001",
    }  # fmt: skip
    case = do(firm.applicant, begin(firm.applicant, "yl.zhangjiang-acceptance", typed, contract), "submit")
    do(office.clerk, do(firm.checker, case, "confirm"), "accept")


def _public(office: Office, firms: Sequence[Firm], count: int, random: Random) -> None:
    """A wave on the published list, with an objection to one of it."""
    cases = _listed(office, firms, range(100, 100 + count), random)
    entry = Entry.objects.filter(reference=f"case:{cases[-1].pk}").order_by("-pk").first()
    if entry is not None:
        body = "该项目的样机与去年验收的项目相同，请核查（演示）。"
        file_objection(actor=Actor(""), entry=entry.pk, name="钱一人", phone="19900000001", body=body)


def _under_review(office: Office, firms: Sequence[Firm], count: int, random: Random) -> None:
    """A wave that judges read; the expert of the demo has not begun."""
    row, own = round_of(_accepted(office, firms, range(200, 200 + count))[0]), accounts().find("demo.expert")
    read_entries(draw_judges(office.officer, row, offset=7, first_account=own), random, leave=[own])


def _before_review(office: Office, firms: Sequence[Firm]) -> None:
    """Drafts, applications before the unit's check and before the window, one to be corrected."""
    for number, stage in enumerate(_EARLY):
        firm = firms[number % 2]
        case = begin(firm.applicant, "yl.zhangjiang", project(300 + number, firm, localdate()))
        if stage == "draft":
            continue
        case = do(firm.applicant, case, "submit")
        if stage == "rework":
            do(firm.checker, case, "hand_back", opinion="请补充与已有产品的区别。")
        elif stage in {"formal", "fix"}:
            case = do(firm.checker, case, "confirm")
        if stage == "fix":
            note_correction(actor=office.clerk, case=case.pk, target="goals", text="考核目标请写明检测方法")
            note_correction(actor=office.clerk, case=case.pk, target="proposal", text="可行性报告缺少盖章页")
            do(office.clerk, case, "ask_more")


def _talents(office: Office, firms: Sequence[Firm], random: Random) -> None:
    """Talents, titles, workstations and societies: of each some wait at the window, some are judged, one is published."""
    for matter, typed in OTHERS.items():
        cases = []
        for number in range(4):
            firm = firms[number % len(firms)]
            case = do(firm.applicant, begin(firm.applicant, matter, typed(number, firm)), "submit")
            if matter == NOMINATED:
                case = do(firm.checker, case, "nominate", opinion="德才兼备，同意推荐。")
            if number == 3:  # noqa: PLR2004 -- the last one waits at the window
                write_letter(actor=firm.applicant, case=case.pk, text="请问材料是否齐全？")
                continue
            case = do(office.clerk, case, "accept")
            if matter == "yl.workstation":
                case = do(office.officer, case, "visited", opinion="场地和人员属实。", visited_on=localdate().isoformat())
            cases.append(case)
        row = judge(office.officer, round_of(cases[0]), random, offset=11)
        going = [case for case in (do(office.officer, one, "close_review") for one in cases) if not case.end]
        for case in going:
            do(office.leader, case, "publish", opinion="同意公示。")
        if going and matter == "yl.star-society":
            row.refresh_from_db()
            _weeks_ago(row, 3)
            going[0].refresh_from_db()
            do(office.leader, going[0], "confirm", opinion="公示期满，没有异议。")


def _rows(*rows: tuple[str, int, int]) -> list[dict[str, str]]:
    return [
        {"item": item, "most": str(most), "points": str(points), "file": "1", "proof": f"第 {place} 部分"}
        for place, (item, most, points) in enumerate(rows, 1)
    ]


def _talent(number: int, firm: Firm) -> dict[str, Any]:
    return {
        "person": f"演示英才{number + 1}", "employer": firm.name, "age": str(31 + number), "years": str(2 + number),
        "phone": f"1990003{number:04}",
        "topic": f"{_THINGS[number]}方向", "category": ("基础研究", "技术开发", "成果转化", "科普")[number % 4],
        "indicators": _rows(("创新能力", 30, 25 + number), ("业绩贡献", 40, 33), ("发展潜力", 30, 24 + number)),
        "works": f"完成{_THINGS[number]}的方法和样机，已有用户在现场使用，形成标准一项。",
    }  # fmt: skip


def _intake(number: int, firm: Firm) -> dict[str, Any]:
    return {
        "person": f"演示人才{number + 1}", "employer": firm.name, "age": str(36 + number), "phone": f"1990007{number:04}",
        "plan": ("省级青年人才", "省级领军人才", "国家青年人才")[number % 3], "other": "no",
        "works": [{"what": f"{_THINGS[number]}的方法", "year": "2025", "role": "主持"}],
        "aim": f"支持期内完成{_THINGS[number]}的标准方法，培养青年骨干三名。",
    }  # fmt: skip


def _title(number: int, firm: Firm) -> dict[str, Any]:
    return {
        "person": f"演示工程师{number + 1}", "employer": firm.name, "phone": f"1990004{number:04}", "specialty": "测控技术",
        "level": ("中级", "副高级")[number % 2], "degree": "硕士", "years": str(8 + number), "hours": "90",
        "work": "主持检测设备研制，设备已在产线连续运行，形成企业标准两项。",
    }  # fmt: skip


def _workstation(number: int, firm: Firm) -> dict[str, Any]:
    return {
        "unit_name": firm.name, "staff": str(18 + number), "phone": f"1990005{number:04}", "topic": f"{_THINGS[number + 4]}",
        "experts_list": [{"expert": f"演示专家{number + 1}", "post": "院士", "until": (localdate() + timedelta(days=1200)).isoformat()}],
        "days_on_site": str(12 + number), "plan": "三年内合作开展方法研究和人员培养，形成方法标准一项、样机两台。",
    }  # fmt: skip


def _society(number: int, _firm: Firm) -> dict[str, Any]:
    return {
        "society": f"云岭演示{('测绘', '材料', '生态', '计算机')[number]}学会", "founded": f"{2008 + number}-05-01", "inspected": "yes",
        "members": str(420 + 110 * number), "phone": f"1990006{number:04}", "field": ("测绘", "材料", "生态", "计算机")[number],
        "selfrating": _rows(("内部治理", 30, 26), ("学术活动", 30, 25 + number), ("科普和服务", 20, 17), ("会员和党建", 20, 18)),
        "report": f"全年举办学术会议{4 + number}次、科普活动{9 + number}场，会员稳定增长，服务单位评价良好。",
    }  # fmt: skip


def _intakes(office: Office, firms: Sequence[Firm]) -> None:
    """Talents for plans of higher levels: one waits for the unit, one at the window, one above, one is selected."""
    for number in range(4):
        firm = firms[number % len(firms)]
        case = do(firm.applicant, begin(firm.applicant, "yl.talent-intake", _intake(number, firm)), "submit")
        ways = ((firm.checker, "nominate"), (office.clerk, "accept"), (office.leader, "report"))
        for actor, move in ways[: (0, 1, 3, 3)[number]]:
            case = do(actor, case, move)
    do(office.officer, case, "select", document="演〔2026〕1 号")


# Talents are nominated by the other person of their unit.
NOMINATED = "yl.talent"
# Talents, titles, workstations and societies, as they are typed.
OTHERS: dict[str, Callable[[int, Firm], dict[str, Any]]] = {
    NOMINATED: _talent, "yl.title": _title, "yl.workstation": _workstation, "yl.star-society": _society,
}  # fmt: skip
