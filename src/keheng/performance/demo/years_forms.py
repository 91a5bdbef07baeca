"""Last year's forms: declared, approved, spent, self-evaluated from measures, explained, signed by three people."""

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


def actor_of(role: str) -> Actor:
    """The demo account of a role as an actor; a made-up reference where there is none."""
    found = get_user_model().objects.filter(login=f"demo.{role}").values_list("pk", flat=True).first()
    return Actor(str(found) if found is not None else f"demo-{role}", role=role)


def units() -> tuple[int, int]:
    """The department and the unit of the projects: the first authority and institution of the city."""
    everything = Principal("system", powers=(Power("directory.organisation.see", Reach.ALL),))
    found = organisations_for(everything).filter(status="active").order_by("pk")
    return found.filter(kind="authority").values_list("pk", flat=True)[0], found.filter(kind="institution").values_list("pk", flat=True)[0]


def load(*, scale: str, progress: Callable[[str, int, int], None]) -> None:
    """The forms of last year."""
    year, (_, unit) = localdate().year - 1, units()
    told = Figure(
        key="portal.response", title="门户网站平均响应时间", measured_in="毫秒", value=_RESPONSE,
        begin=date(year, 1, 1), last=date(year, 12, 31), origin="云岭网络监测年报（虚构）", reference=f"YLJC-{year}", page=6,
    )  # fmt: skip
    report = f"云岭网络监测年报 {year}（虚构）\n第 6 页　门户网站平均响应时间 {_RESPONSE} 毫秒\n"
    enter_figure(actor=actor_of("finance"), unit=unit, figure=told, file=_kept(report), file_title=f"云岭网络监测年报 {year}.txt")
    projects = (*PROJECTS, *SYSTEMS)
    for done, one in enumerate(projects):
        progress("绩效自评", done, len(projects))
        _signed(declared(one, year, scale), one)
    progress("绩效自评", len(projects), len(projects))


def declared(one: DemoProject, year: int, scale: str, previous: Project | None = None, months: int = _MONTHS) -> Project:
    """A project with approved targets and its payments of so many months."""
    maker, (department, unit) = actor_of("finance"), units()
    facts = ProjectFacts(
        year=year, code=one.code, title=one.title, unit=unit, department=department, layout=one.layout, recurring=True, office="平台运行部",
        previous=previous.pk if previous else None,
    )  # fmt: skip
    project = open_project(actor=maker, facts=facts, budget={"appropriation": one.budget * _WAN})
    goals = begin_goals(actor=maker, project=project.pk)
    if previous is None:
        for line in one.lines:
            add_indicator(actor=maker, goals=goals.pk, facts=line.facts(scale))
        write_goal(actor=maker, goals=goals.pk, base="", goal=one.told_goal(scale))
    submit_goals(actor=maker, goals=goals.pk)
    decide_goals(actor=actor_of("leader"), goals=goals.pk, approved=True)
    share = one.spent * _WAN // _MONTHS
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
    day = date(row.evaluation.project.year, 12, 10)
    if row.indicator.evidence == "survey":
        proof = Proof(
            kind="survey",
            title=f"{one.title}年度满意度调查（虚构）",
            dated_on=day,
            sample=412,
            population=5110,
            method="按用户名册系统抽样，网上填答",
        )
    else:
        proof = Proof(kind="minutes", title="云岭科办纪〔2025〕31号（虚构）", dated_on=day)
    text = f"{proof.title}\n{one.title}（{one.code}）\n{row.indicator.title}：{stated}\n" + "".join(
        f"{label}：{value}\n"
        for label, value in (("有效样本", proof.sample), ("调查对象", proof.population), ("方法", proof.method))
        if value
    )
    attach_evidence(actor=maker, row=row.pk, proof=proof, file=_kept(text), file_title=f"{proof.title}.txt")


def _kept(text: str) -> StoredFile:
    """A small invented document in the store."""
    return keep_proof(BytesIO(text.encode()))


def _far(row: EvaluationRow) -> str:
    wanted = row.indicator.value
    far = row.actual is not None and wanted and row.indicator.direction == "more" and row.actual >= wanted * _OVER
    return "年初按保守口径设定目标，实际需求增长较快；下年按实际水平提高目标。" if far else ""
