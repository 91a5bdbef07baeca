"""Signed forms of two years: declared, approved, spent, self-evaluated from measures, explained, signed by three people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

from django.contrib.auth import get_user_model
from django.utils.timezone import localdate

from keheng.directory.service import organisations_for
from keheng.kernel.models import StoredFile
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.trail.record import Actor
from keheng.performance.actions.evaluations import (
    Proof,
    RowTyped,
    answer_finding,
    attach_evidence,
    begin_evaluation,
    fill_row,
    keep_proof,
    typed_of,
)
from keheng.performance.actions.outside import Figure, enter_figure
from keheng.performance.actions.projects import ProjectFacts, import_execution, open_project
from keheng.performance.actions.signing import review_evaluation, sign_evaluation, submit_evaluation
from keheng.performance.actions.targets import add_indicator, begin_goals, decide_goals, submit_goals, write_goal
from keheng.performance.demo.lines import DemoProject
from keheng.performance.demo.projects import PROJECTS
from keheng.performance.demo.system_projects import SYSTEMS
from keheng.performance.models import EvaluationRow, Project, SelfEvaluation
from keheng.performance.queries.evaluations import findings_on, rows_of_evaluation, sheet_of
from keheng.performance.rules.money import Payment

_WAN = 1_000_000
_MONTHS = 12
_OVER = Decimal("1.3")
# The response of the portal in milliseconds, as its monitoring reported it for the year (published for 2022).
_RESPONSE = Decimal(766)
# The level of protection it was registered with (published for 2022).
_LEVEL = Decimal(3)
# Which institutions of the directory have projects.
_PLACES = (0, 1, 4)


def actor_of(role: str) -> Actor:
    """The demo account of a role as an actor; a made-up reference where there is none."""
    found = get_user_model().objects.filter(login=f"demo.{role}").values_list("pk", flat=True).first()
    return Actor(str(found) if found is not None else f"demo-{role}", role=role)


def units() -> tuple[int, tuple[int, ...]]:
    """The department and the units of the projects: the first authority, and some institutions of the city."""
    everything = Principal("system", powers=(Power("directory.organisation.see", Reach.ALL),))
    found = organisations_for(everything).filter(status="active").order_by("pk")
    institutions = found.filter(kind="institution").values_list("pk", flat=True)[: max(_PLACES) + 1]
    return found.filter(kind="authority").values_list("pk", flat=True)[0], tuple(institutions[place] for place in _PLACES)


def load(*, scale: str, progress: Callable[[str, int, int], None]) -> None:
    """The forms of last year, and of the year before it those of some projects."""
    last, projects = localdate().year - 1, (*PROJECTS, *SYSTEMS)
    _outside(last)
    wanted = [*((last - 1, one) for one in projects if any(one.earlier)), *((last, one) for one in projects)]
    for done, (year, one) in enumerate(wanted):
        progress("绩效自评", done, len(wanted))
        before = Project.objects.filter(year=year - 1, code=one.code).first()
        _signed(declared(one, year, scale, before), one)
    progress("绩效自评", len(wanted), len(wanted))


def _outside(year: int) -> None:
    """What the portal's operator was told by others: how fast it answers, and at which level the police registered its protection."""
    maker, unit = actor_of("finance"), units()[1][0]
    for key, title, measured_in, value, origin, reference, page in (
        ("portal.response", "门户网站平均响应时间", "毫秒", _RESPONSE, f"云岭网络监测年报 {year}（虚构）", f"YLJC-{year}", 6),
        ("portal.protection", "门户网站安全等级保护备案级别", "级", _LEVEL, "网络安全等级保护备案证明（虚构）", f"YLDB-{year}", 1),
    ):  # fmt: skip
        told = Figure(
            key=key, title=title, measured_in=measured_in, value=value, begin=date(year, 1, 1), last=date(year, 12, 31),
            origin=origin, reference=reference, page=page,
        )  # fmt: skip
        report = f"{origin}\n第 {page} 页　{title} {value} {measured_in}\n"
        enter_figure(actor=maker, unit=unit, figure=told, file=_kept(report), file_title=f"{origin} {reference}.txt")


def declared(one: DemoProject, year: int, scale: str, previous: Project | None = None, months: int = _MONTHS) -> Project:
    """A project with approved targets and its payments of so many months."""
    maker, (department, places) = actor_of("finance"), units()
    facts = ProjectFacts(
        year=year, code=one.code, title=one.title, unit=places[one.unit], department=department, layout=one.layout, recurring=True,
        office="平台运行部", previous=previous.pk if previous else None,
    )  # fmt: skip
    budget, spent = one.earlier if year < localdate().year - 1 else (one.budget, one.spent)
    project = open_project(actor=maker, facts=facts, budget={"appropriation": budget * _WAN})
    goals = begin_goals(actor=maker, project=project.pk)
    if previous is None:
        for line in one.lines:
            add_indicator(actor=maker, goals=goals.pk, facts=line.facts(scale))
        write_goal(actor=maker, goals=goals.pk, base="", goal=one.told_goal(scale))
    submit_goals(actor=maker, goals=goals.pk)
    decide_goals(actor=actor_of("leader"), goals=goals.pk, approved=True)
    share = spent * _WAN // _MONTHS
    import_execution(
        actor=maker, project=project.pk,
        payments=[
            Payment(voucher=f"{one.code}-{year}{month:02}", paid_on=date(year, month, 20), fen=share, summary="按月支付")
            for month in range(1, months + 1)
        ],
    )  # fmt: skip
    return project


def _signed(project: Project, one: DemoProject) -> SelfEvaluation:
    maker = actor_of("finance")
    evaluation = begin_evaluation(actor=maker, project=project.pk)
    reasons = {line.title: line.reason for line in one.lines}
    for row in rows_of_evaluation(evaluation):
        _completed(row, one, reasons[row.indicator.title])
    evaluation.refresh_from_db()
    for found in findings_on(sheet_of(evaluation)):
        if found.must:
            text = "数字由业务记录或所附依据得出，可逐格核验；目标将在下年申报时一并调整。"
            answer_finding(actor=maker, evaluation=evaluation.pk, mark=found.mark, text=text)
    submit_evaluation(actor=maker, evaluation=evaluation.pk)
    review_evaluation(actor=actor_of("case.officer"), evaluation=evaluation.pk)
    return sign_evaluation(actor=actor_of("leader"), evaluation=evaluation.pk)


def _completed(row: EvaluationRow, one: DemoProject, reason: str) -> None:
    """A row with its stated value and evidence, and why it missed its target or went far beyond; nothing where there is nothing to say."""
    maker = actor_of("finance")
    stated = one.stated.get(row.indicator.title)
    missed = row.score is not None and row.score < row.indicator.weight
    said = reason if missed else _far(row)
    if stated is None and not said:
        return
    base = typed_of(row).plain()
    typed = {**base, "actual": stated or base["actual"], "reason": said}
    fill_row(actor=maker, row=row.pk, base=base, typed=RowTyped(**typed))  # type: ignore[arg-type]  # the fields of a row as it is typed
    if stated is None:
        return
    title = f"云岭市科委{row.indicator.title}文本（虚构）"
    proof = Proof(kind="file", title=title, dated_on=date(row.evaluation.project.year, 12, 10), page=1)
    text = f"{title}\n{one.title}（{one.code}）\n{row.indicator.title}：{stated}\n"
    attach_evidence(actor=maker, row=row.pk, proof=proof, file=_kept(text), file_title=f"{title}.txt")


def _kept(text: str) -> StoredFile:
    """A small invented document in the store."""
    return keep_proof(BytesIO(text.encode()))


def _far(row: EvaluationRow) -> str:
    wanted = row.indicator.value
    far = row.actual is not None and wanted and row.indicator.direction == "more" and row.actual >= wanted * _OVER
    return "年初按保守口径设定目标，实际需求增长较快；下年按实际水平提高目标。" if far else ""
