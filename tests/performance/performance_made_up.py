"""A unit, its people, a project on its way, and figures to prove it with."""

from datetime import date
from decimal import Decimal
from io import BytesIO

from people import make_unit

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
from keheng.performance.actions.projects import ProjectFacts, open_project, post_execution
from keheng.performance.actions.signing import review_evaluation, sign_evaluation, submit_evaluation
from keheng.performance.actions.targets import add_indicator, begin_goals, decide_goals, submit_goals, write_goal
from keheng.performance.models import EvaluationRow, Project, SelfEvaluation
from keheng.performance.queries.evaluations import findings_on, sheet_of
from keheng.performance.rules.money import Payment
from keheng.performance.rules.targets import IndicatorFacts

MAKER, APPROVER, REVIEWER, HEAD, CHECKER = (Actor(name) for name in ("11", "12", "13", "14", "15"))
YEAR = 2025
GOAL = "保障云岭科技门户网站全年运行，访问量不少于1000万次，更新信息不少于200条，用户满意。"


def unit():
    return make_unit("云岭市科技平台中心")


def project(of=None, *, year=YEAR, code="YL-01", layout="mof", budget=100_000_00, **more):
    of = of or unit()
    facts = ProjectFacts(year=year, code=code, title="门户网站运行", unit=of.pk, department=of.pk, layout=layout, recurring=True, **more)
    return open_project(actor=MAKER, facts=facts, budget={"appropriation": budget})


def document(text):
    """A kept file; another text is another file."""
    return keep_proof(BytesIO(text.encode()))


def figure(of, key, value, *, reference="R-1", begin=date(YEAR, 1, 1), last=date(YEAR, 12, 31)):
    told = Figure(
        key=key, title=f"外部 {key}", measured_in="次", value=Decimal(value), begin=begin, last=last, origin="月报", reference=reference
    )
    return enter_figure(actor=MAKER, unit=of.pk, figure=told, file=document(f"{key} {value}"), file_title="月报.txt")


def measured(title, target, weight, key, **more):
    facts = {"level1": "output", "level2": "quantity", **more}
    return IndicatorFacts(
        title=title, target=target, weight=Decimal(weight), evidence="measure", measure="performance.outside", scope={"key": key}, **facts
    )


def stated(title, target, weight, evidence="survey", level1="satisfaction", level2="served", **more):
    return IndicatorFacts(title=title, target=target, weight=Decimal(weight), evidence=evidence, level1=level1, level2=level2, **more)


ROWS = (
    measured("门户网站访问量", "≥1000万次", "30", "visits"),
    measured("门户更新信息", "≥200条", "20", "items"),
    stated("网站管理制度", "完善", "30", "file", "outcome", "lasting"),
    stated("网站用户满意度", "≥90%", "10"),
)


def approved(row, rows=ROWS, goal=GOAL):
    goals = begin_goals(actor=MAKER, project=row.pk)
    for facts in rows:
        add_indicator(actor=MAKER, goals=goals.pk, facts=facts)
    write_goal(actor=MAKER, goals=goals.pk, base="", goal=goal)
    submit_goals(actor=MAKER, goals=goals.pk)
    return decide_goals(actor=APPROVER, goals=goals.pk, approved=True)


def spent(row, fen=95_000_00, voucher="V-1"):
    return post_execution(actor=MAKER, project=row.pk, payment=Payment(voucher=voucher, paid_on=date(row.year, 6, 1), fen=fen))


def fill(row, **typed):
    base = typed_of(row)
    return fill_row(actor=MAKER, row=row.pk, base=base.plain(), typed=RowTyped(**{**base.plain(), **typed}))


def filled(row: Project) -> SelfEvaluation:
    """Begun and completed by hand; ready to be submitted."""
    evaluation = begin_evaluation(actor=MAKER, project=row.pk)
    rows = {one.place: one for one in EvaluationRow.objects.filter(evaluation=evaluation).select_related("indicator")}
    for one in rows.values():
        one.refresh_from_db()
        if one.indicator.measure:
            continue
        survey = one.indicator.evidence == "survey"
        fill(one, actual="95%" if survey else "完善")
        if survey:
            proof = Proof(kind="survey", title="年度用户调查", dated_on=date(YEAR, 12, 1), sample=320, population=5000, method="系统抽样")
        else:
            proof = Proof(kind="minutes", title="办公会纪要 12 号", dated_on=date(YEAR, 12, 2))
        attach_evidence(actor=MAKER, row=one.pk, proof=proof, file=document(proof.title), file_title=f"{proof.title}.txt")
    evaluation.refresh_from_db()
    return evaluation


def explained(evaluation):
    for row in EvaluationRow.objects.filter(evaluation=evaluation).select_related("indicator"):
        if row.actual is not None and row.indicator.value and row.actual >= row.indicator.value * Decimal("1.3"):
            fill(row, reason="需求增长快，明年提高目标")
    for one in findings_on(sheet_of(evaluation)):
        if one.must:
            answer_finding(actor=MAKER, evaluation=evaluation.pk, mark=one.mark, text="制度文本见附件，逐条对照")
    return evaluation


def signed(row: Project) -> SelfEvaluation:
    evaluation = explained(filled(row))
    submit_evaluation(actor=MAKER, evaluation=evaluation.pk)
    review_evaluation(actor=REVIEWER, evaluation=evaluation.pk)
    return sign_evaluation(actor=HEAD, evaluation=evaluation.pk)


def whole(**more) -> SelfEvaluation:
    """From nothing to a signed form, computed from outside figures."""
    of = unit()
    row = project(of, **more)
    figure(of, "visits", "11143566")
    figure(of, "items", "245")
    approved(row)
    spent(row)
    return signed(row)
