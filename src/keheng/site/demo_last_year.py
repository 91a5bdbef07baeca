"""Last year's applications to the funds, talents and societies of the invented city, as an installation takes over its old cases.

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
    write(found, _scan(), target="case:demo-last-year")


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


def _fund(office: Office, firm: Firm, number: int, day: date, *, granted: bool) -> Grown:
    """Who is granted nine tenths passes both reviews; of the others some are not listed by the first, the rest not by the panel."""
    typed = project(400 + number, firm, day)
    asked = sum(int(row["asked"]) for row in typed["budget"])
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
            Step("propose", officer, "office", 2, {"grant": str(asked * 9 // 10)}),
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
