"""Demo cases of the invented city Yunling, through the real acts; only their files are put into the store without an upload.

All names of projects and people are invented; numbers begin with 1990000, which nobody has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.utils.timezone import localdate, now

from keheng.directory.service import organisations_for
from keheng.kernel.accounts import accounts
from keheng.kernel.powers import Principal
from keheng.kernel.uploads.receiving import store
from keheng.matters.actions.growing import write
from keheng.matters.demo import permits, policies, ratings
from keheng.matters.demo.flows import YEARLY, earlier_flows, last_years_flows, year_of_flows
from keheng.matters.demo.orders import years_of_orders
from keheng.matters.demo.projects import EARLIER, LAST_YEAR, Applying, Office, consulted, projects_of_year, year_of_projects
from keheng.matters.demo.reports import year_of_reports
from keheng.matters.models import Case, Material
from keheng.matters.queries.cases import loaded, matter_of
from keheng.matters.queries.files import MATERIAL
from keheng.matters.queries.printing import application_pdf
from keheng.matters.service import (
    MoveWish,
    archive_case,
    move_case,
    note_correction,
    open_case,
    publish_guides,
    rate_case,
    save_answers,
    write_letter,
)

Progress = Callable[[str, int, int], None]
COUNTS = {"small": 18, "full": 240}
# The other cases that ended are archived by the hourly job.
_ARCHIVED, _SAMPLES = 3, 5
_SYSTEMS = ("政务数据目录", "科普场馆预约", "实验室安全监管", "企业服务专窗", "会议室管理", "档案检索", "公文流转", "能耗监测", "展厅导览")
_PROJECT = DRAFT, WAITING, FIX, EXAMINE, REJECTED, APPROVED = tuple(range(6))
_PERMIT = WAITING_PERMIT, VERIFIED, ACCEPTED, GRANTED = tuple(range(4))
_FIRST = ("SAMPLE", "EXAMPLE", "SPECIMEN")


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who acts in the demo."""

    firm: Principal
    clerk: Principal
    officer: Principal
    leader: Principal


def load(*, scale: str, progress: Progress) -> None:
    """Fill an empty installation with cases in every stage; ``progress`` hears how much is done."""
    logins = ("demo.unit.manager", "demo.window.clerk", "demo.case.officer", "demo.leader")
    firm, clerk, officer, leader = (accounts().principal(accounts().find(login), "") for login in logins)
    cast, total = _Cast(firm, clerk, officer, leader), COUNTS[scale]
    publish_guides()
    permits.load(scale=scale, progress=progress)
    for number in range(total):
        (_project, _permit, _leave)[number % 3](cast, number // 3)
        progress("办件 cases", number + 1, total)
    progress("一年的项目和审批 a year", 0, 1)
    _year(cast, scale)
    ended = Case.objects.filter(matter="yl.it-project", ended_at__isnull=False).order_by("pk").values_list("pk", flat=True)
    for case in list(ended[:_ARCHIVED]):
        archive_case(case=case)
    ratings.load(cast.firm)
    progress("一年的项目和审批 a year", 1, 1)
    policies.load(scale=scale, progress=progress)


def _year(cast: _Cast, scale: str) -> None:
    """A year of IT projects of the city's departments and of approvals inside the office; two calendar years of both.

    Besides service orders, and what was reported upwards.
    """
    rows = organisations_for(cast.leader).filter(status="active", kind="authority").order_by("pk")
    units = [Applying(row.pk, row.name, row.district) for row in rows] or [Applying(int(cast.firm.unit), "云岭演示单位", "")]
    clerk, officer, leader = (one.account for one in (cast.clerk, cast.officer, cast.leader))
    office, team = Office(clerk, officer, leader), (clerk, officer, leader, accounts().find("demo.finance"))
    # Cases share a handful of different files, one after another.
    files = [store().keep(BytesIO(application_pdf(loaded(one))), MATERIAL.limits).digest for one in Case.objects.order_by("pk")[:_SAMPLES]]
    flows = year_of_flows(team, YEARLY[scale])
    last = localdate().year - 1
    write([*year_of_projects(office, units), consulted(office, units[0]), *flows], files)
    write([*projects_of_year(office, units, last, LAST_YEAR[scale]), *last_years_flows(team, YEARLY[scale], flows)], files)
    write([*projects_of_year(office, units, last - 1, EARLIER[scale]), *earlier_flows(team, YEARLY[scale])], files)
    write([*years_of_orders(officer, clerk), *year_of_reports(scale, clerk, officer)], files)


def _begin(actor: Principal, matter: str, typed: Mapping[str, Any]) -> Case:
    case = open_case(actor=actor, matter=matter)
    save_answers(actor=actor, case=case.pk, typed=typed, seen=case.marks)
    case.refresh_from_db()
    file = store().keep(BytesIO(application_pdf(loaded(case))), MATERIAL.limits)
    rows = [
        Material(case=case, code=one.id, name=f"{one.title}.pdf", file_id=file.digest, by=actor.account, at=now())
        for one in matter_of(case).materials
        if one.need == "always"
    ]
    Material.objects.bulk_create(rows)
    return case


def _do(actor: Principal, case: Case, move: str, *, opinion: str = "", **typed: Any) -> Case:
    wish = MoveWish(move, case.version, typed, opinion, signed=True)
    return move_case(actor=actor, case=case.pk, wish=wish)


def _project(cast: _Cast, number: int) -> None:
    """An IT project: a draft, before the window, to be corrected, examined, approved, refused."""
    months = 4 + number % 9
    typed = {
        "name": f"{_SYSTEMS[number % len(_SYSTEMS)]}系统（演示{number + 1}）", "kind": ("新建", "升级", "运维")[number % 3], "mlps": "二级",
        "unit_name": "云岭演示单位", "contact": "演示人", "phone": f"1990000{number:04}", "plan": "演示用的建设内容。",
        "budget": [
            {"item": "应用软件开发", "code": "开发人月", "qty": months, "price": "21000"},
            {"item": "云主机租用", "code": "云主机", "qty": 2, "price": "4800.50"},
        ],
    }  # fmt: skip
    case, stage = _begin(cast.firm, "yl.it-project", typed), number % len(_PROJECT)
    if stage == DRAFT:
        return
    case = _do(cast.firm, case, "submit")
    if stage == FIX:
        note_correction(actor=cast.clerk, case=case.pk, target="plan", text="请写明与现有系统的关系")
        note_correction(actor=cast.clerk, case=case.pk, target="scheme", text="方案缺少安全设计一章")
        _do(cast.clerk, case, "ask_more")
    if stage > FIX:
        case = _do(cast.clerk, case, "accept")
    if stage > EXAMINE:
        lines = [{"approved": str(months * 20000), "reason": "C1 单价偏高"}, {"approved": "9601"}]
        case = _do(cast.officer, case, "propose", lines=lines)
        if stage == REJECTED:
            _do(cast.leader, case, "reject", opinion="与已建系统重复")
        else:
            case = _do(cast.leader, case, "approve", opinion="同意审查意见。")
            rate_case(actor=cast.firm, case=case.pk, stars=5 - number % 2, comment="演示评价")


def _permit(cast: _Cast, number: int) -> None:
    """A permit extension: before the window, accepted, verified, granted, with letters."""
    today = localdate()
    typed = {
        "unit_name": "云岭演示单位", "unit_code": "91990101000DBCMM5J", "phone": f"1990000{number:04}", "nationality": "演示国",
        "person": f"{_FIRST[number % len(_FIRST)]} PERSON {number + 1}", "passport": f"X{number:07}",
        "grade": ("A类", "B类", "C类")[number % 3],
        "expires": (today + timedelta(days=60 + number % 30)).isoformat(), "same_post": "yes", "pay": str(300000 + 1000 * number),
        "until": (today + timedelta(days=425)).isoformat(),
    }  # fmt: skip
    case, stage = _do(cast.firm, _begin(cast.firm, "yl.work-permit-extension", typed), "submit"), number % len(_PERMIT)
    if stage == WAITING_PERMIT:
        return
    case = _do(cast.clerk, case, "accept")
    if stage == VERIFIED:
        case = _do(cast.officer, case, "verify", opinion="核验学历")
        write_letter(actor=cast.firm, case=case.pk, text="请问核验大约需要多久？")
        write_letter(actor=cast.officer, case=case.pk, text="已向核验机构发函，收到答复后恢复计时。")
    if stage == GRANTED:
        case = _do(cast.officer, case, "pass", opinion="材料齐全，符合条件。")
        _do(cast.leader, case, "grant")


def _leave(cast: _Cast, number: int) -> None:
    """A leave: with the head, to be countersigned, granted."""
    begins = localdate() + timedelta(days=10 + number)
    typed = {
        "kind": "年休假", "begins": begins.isoformat(), "ends": (begins + timedelta(days=1 + number % 5)).isoformat(),
        "supervisor": "demo.leader",
    }  # fmt: skip
    case = _do(cast.clerk, _begin(cast.clerk, "yl.leave", typed), "submit")
    if number % 2:
        _do(cast.leader, case, "agree", opinion="同意。")
