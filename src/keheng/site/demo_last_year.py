"""Last year's cases of the funds, talents and societies of the invented city, as an installation takes over its old cases.

Among them is the acceptance of projects that were granted two years before.

They are walked by the engine on the days they stand for and all are over; their reviews were held elsewhere, only the scores came along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.utils.timezone import localdate
from pypdfium2 import PdfDocument

from keheng.kernel.uploads.receiving import store
from keheng.matters.actions.growing import write
from keheng.matters.queries.files import MATERIAL
from keheng.matters.service import Begun, Grown, Step, grow, in_force
from keheng.site.demo_funds import NOMINATED, OTHERS, project
from keheng.site.demo_rounds import Firm, Office, demo_firms, demo_office

# Applications to the fund, and of each of the others.
_SIZES = {"small": (8, 2), "full": (1_131, 24)}
# Of the applications to the fund as many were granted; both numbers were published for 2019.
_GRANTED = {"small": 4, "full": 182}
_FIRST, _DAYS = (2, 10), 200
# Projects of two years before that were accepted last year, with their grants in 10,000 yuan; both were published for 2019.
_ACCEPTED = {"small": (4, 250), "full": (101, 6_650)}
_FUNDS, _OLD, _TEN_THOUSAND = 400, 1_200, 10_000
_ENDS = {"yl.talent": "award", "yl.title": "award", "yl.workstation": "recognise", "yl.star-society": "confirm"}
_JUDGED: dict[str, dict[str, str]] = {
    "yl.talent": {"score": "86", "listed": "yes"}, "yl.title": {"passed": "yes"},
    "yl.workstation": {"score": "82", "listed": "yes"}, "yl.star-society": {"score": "84"},
}  # fmt: skip


def load(*, scale: str) -> None:
    """Write them; the directory and the accounts are there."""
    funds, others = _SIZES[scale]
    office, firms = demo_office(), demo_firms(funds)
    begin = date(localdate().year - 1, *_FIRST)
    days = [begin + timedelta(days=_DAYS * number // funds) for number in range(funds)]
    chosen = spread(funds, _GRANTED[scale])
    found = [_fund(office, firms[number % len(firms)], number, day, granted=chosen[number]) for number, day in enumerate(days)]
    found += [one for matter in OTHERS for one in _others(office, firms, matter, days[:: max(1, len(days) // others)][:others])]
    projects = list(old_projects(office, firms, scale))
    contracts = [_contract(office, firm, one) for firm, one in projects]
    scan = _scan()
    write([*found, *(one for _firm, one in projects), *contracts], [scan], target="case:demo-last-year")
    # A case of a case of a case: those above it are there before it.
    begin = date(localdate().year - 1, *_FIRST)
    days = [begin + timedelta(days=_DAYS * number // len(projects)) for number in range(len(projects))]
    made = zip(projects, contracts, days, strict=True)
    write([_acceptance(office, firm, contract, day) for (firm, _one), contract, day in made], [scan], target="case:demo-last-year")


def spread(count: int, chosen: int) -> list[bool]:
    """Which of so many are chosen, evenly: exactly ``chosen`` of them."""
    return [(number + 1) * chosen // count > number * chosen // count for number in range(count)]


def _scan() -> str:
    """A page without words, as papers of years before were scanned: copies of it are no likeness."""
    made, page = BytesIO(), PdfDocument.new()
    page.new_page(595, 842)
    page.save(made)
    made.seek(0)
    return store().keep(made, MATERIAL.limits).digest


def _grown(matter: str, firm: Firm, day: date, typed: dict[str, Any], steps: Sequence[Step]) -> Grown:
    read = in_force(matter, localdate())
    if read is None:
        raise LookupError(matter)
    unit = int(firm.applicant.unit)
    return grow(read, Begun(firm.applicant.account, day, typed, unit), [Step("submit", firm.applicant.account, "apply"), *steps])


def old_projects(office: Office, firms: Sequence[Firm], scale: str) -> Iterator[tuple[Firm, Grown]]:
    """Projects of two years before with their units; the grants are shares of what was asked for that add up exactly."""
    count, total = _ACCEPTED[scale]
    begin = date(localdate().year - 3, *_FIRST)
    asked = [_asked(project(_FUNDS + _OLD + number, firms[0], begin)) for number in range(count)]
    for number in range(count):
        upto = [total * sum(asked[:place]) // sum(asked) for place in (number, number + 1)]
        firm, day = firms[number % len(firms)], begin + timedelta(days=_DAYS * number // count)
        yield firm, _fund(office, firm, _OLD + number, day, granted=True, grant=(upto[1] - upto[0]) * _TEN_THOUSAND)


def _contract(office: Office, firm: Firm, parent: Grown) -> Grown:
    """The contract of a project, a month after its grant, paid in two parts."""
    granted = parent.at.answers
    day, grant = parent.at.entered + timedelta(days=30), granted["grant"] // 100
    typed = {
        "name": granted["name"], "unit_name": granted["unit_name"], "grant": str(grant), "goals": granted["goals"], "phone": "19900010009",
        "schedule": [
            {"stage": "任务书签订", "day": day.isoformat(), "amount": str(grant * 6 // 10)},
            {"stage": "项目完成", "day": (day + timedelta(days=330)).isoformat(), "amount": str(grant - grant * 6 // 10)},
        ],
    }  # fmt: skip
    steps = [
        Step("confirm", firm.checker.account, "unit", 1), Step("pass", office.officer.account, "office", 3),
        Step("conclude", office.leader.account, "decide", 2),
    ]  # fmt: skip
    made = _grown("yl.zhangjiang-contract", firm, day, typed, steps)
    made.parent = parent
    return made


def _acceptance(office: Office, firm: Firm, parent: Grown, day: date) -> Grown:
    """The acceptance of a contract: its experts found the goals met."""
    signed = parent.at.answers
    typed = {
        "name": signed["name"], "grant": str(signed["grant"] // 100), "goals": signed["goals"], "phone": "19900010009",
        "results": f"{signed['name']}：对照任务书逐项完成。{signed['goals']}第三方检测报告和用户证明见附件。",
        "spent": str(signed["grant"] // 100 * 97 // 100),
    }  # fmt: skip
    steps = [
        Step("confirm", firm.checker.account, "unit", 1), Step("accept", office.clerk.account, "window", 2),
        Step("close_review", office.officer.account, "office", 9, {"score": "88"}),
        Step("approve", office.leader.account, "decide", 3, opinion="同意通过验收。"),
    ]  # fmt: skip
    made = _grown("yl.zhangjiang-acceptance", firm, day, typed, steps)
    made.parent = parent
    return made


def _asked(typed: dict[str, Any]) -> int:
    """What an application asks for, in yuan."""
    return sum(int(row["asked"]) for row in typed["budget"])


def _fund(office: Office, firm: Firm, number: int, day: date, *, granted: bool, grant: int | None = None) -> Grown:
    """Who is granted (nine tenths mostly) passes both reviews; some others are not listed by the first, the rest not by the panel."""
    typed = project(_FUNDS + number, firm, day)
    given = _asked(typed) * 9 // 10 if grant is None else grant
    clerk, officer, leader = (one.account for one in (office.clerk, office.officer, office.leader))
    first = granted or bool(number % 4)
    network = {"net_score": "81", "net_listed": "yes"} if first else {"net_score": "58", "net_listed": "no"}
    panel = {"panel_score": "84", "panel_listed": "yes"} if granted else {"panel_score": "57", "panel_listed": "no"}
    steps = [
        Step("confirm", firm.checker.account, "unit", 1),
        Step("accept", clerk, "window", 1 + number % 3, opinion="材料齐全，符合申报指南。"),
        Step("close_network", officer, "office", 9, network),
    ]
    if first:
        steps.append(Step("close_panel", officer, "office", 6, panel))
    if granted:
        steps += [
            Step("propose", officer, "office", 2, {"grant": str(given)}),
            Step("publish", leader, "decide", 1, opinion="同意公示。"),
            Step("approve", leader, "decide", 6, opinion="公示期满，没有异议。"),
        ]
    return _grown("yl.zhangjiang", firm, day, typed, steps)


def _others(office: Office, firms: Sequence[Firm], matter: str, days: Sequence[date]) -> Iterator[Grown]:
    clerk, officer, leader = (one.account for one in (office.clerk, office.officer, office.leader))
    for number, day in enumerate(days):
        firm = firms[number % len(firms)]
        steps = [Step("nominate", firm.checker.account, "unit", 1)] if matter == NOMINATED else []
        steps.append(Step("accept", clerk, "window", 1))
        if matter == "yl.workstation":
            steps.append(Step("visited", officer, "office", 4, {"visited_on": day.isoformat()}, "场地和人员属实。"))
        steps += [
            Step("close_review", officer, "office", 12, _JUDGED[matter]), Step("publish", leader, "decide", 2, opinion="同意公示。"),
            Step(_ENDS[matter], leader, "decide", 6, opinion="公示期满，没有异议。"),
        ]  # fmt: skip
        yield _grown(matter, firm, day, OTHERS[matter](number % 4, firm), steps)
