"""Over-long texts are refused with their name and limit, never cut; what has room is kept whole."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate
from people import make_account, signed_in
from performance.performance_made_up import CHECKER, GOAL, MAKER, ROWS, YEAR, approved, document, fill, filled, project, spent, unit, whole

from keheng.kernel.errors import Refused
from keheng.performance.actions.evaluations import Proof, answer_finding, attach_evidence, tell_results
from keheng.performance.actions.monitoring import enter_monitored, explain_deviation, plan_point, take_point
from keheng.performance.actions.outside import Figure, enter_figure
from keheng.performance.actions.projects import ProjectFacts, adjust_budget, open_project, post_execution
from keheng.performance.actions.rechecks import Opinion, answer_rectification, ask_rectification, draw_sample, score_recheck, send_back
from keheng.performance.actions.senders import let_in
from keheng.performance.actions.signing import return_evaluation, submit_evaluation
from keheng.performance.actions.targets import add_indicator, begin_goals, decide_goals, note_goals, submit_goals, write_goal
from keheng.performance.forms.base import ReasonForm
from keheng.performance.models import EvaluationRow, GoalVersion, MonitorRow, Recheck, Rectification, SelfEvaluation
from keheng.performance.rules.lengths import room_for
from keheng.performance.rules.money import Payment

pytestmark = pytest.mark.django_db
LONG = "长" * 5000


def refused(act):
    """Field, limit and length of what was too long."""
    with pytest.raises(Refused) as refusal:
        act()
    assert {one.code for one in refusal.value.problems} == {"PERF_LONG"}
    assert all("字" in one.zh and one.remedy_zh for one in refusal.value.problems)
    return {one.field: one.zh for one in refusal.value.problems}


def test_targets():
    row = project()
    goals = begin_goals(actor=MAKER, project=row.pk)
    facts = replace(ROWS[2], title=LONG, rule=LONG, target=LONG)
    told = refused(lambda: add_indicator(actor=MAKER, goals=goals.pk, facts=facts))
    assert told == {
        "title": "“名称”最多 100 字，现在 5000 字", "rule": "“评分规则”最多 500 字，现在 5000 字", "target": "“年度指标值”最多 300 字，现在 5000 字",
    }  # fmt: skip
    assert list(refused(lambda: write_goal(actor=MAKER, goals=goals.pk, base="", goal=LONG))) == ["goal"]
    assert list(refused(lambda: note_goals(actor=MAKER, goals=goals.pk, note="长" * 301))) == ["note"]
    note_goals(actor=MAKER, goals=goals.pk, note="长" * 300)
    assert len(GoalVersion.objects.get().note) == 300


def test_sending_targets_back():
    row = project()
    goals = begin_goals(actor=MAKER, project=row.pk)
    for facts in ROWS:
        add_indicator(actor=MAKER, goals=goals.pk, facts=facts)
    write_goal(actor=MAKER, goals=goals.pk, base="", goal=GOAL)
    submit_goals(actor=MAKER, goals=goals.pk)
    decide = {"actor": CHECKER, "goals": goals.pk, "approved": False}
    assert refused(lambda: decide_goals(**decide, reason=LONG)) == {"reason": "“原因”最多 300 字，现在 5000 字"}
    assert GoalVersion.objects.get().state == "submitted"
    decide_goals(**decide, reason=LONG[:300])
    maker = signed_in(make_account("finance", "finance"))
    assert LONG[:300] in maker.get(f"/performance/projects/{row.pk}/targets/").content.decode()


def test_money_and_heads():
    row = approved(project()).project
    assert list(refused(lambda: begin_goals(actor=MAKER, project=row.pk, document=LONG))) == ["document"]
    facts = ProjectFacts(year=YEAR, code=LONG, title=LONG, unit=row.unit_id, department=row.unit_id, layout="mof", office=LONG)
    assert list(refused(lambda: open_project(actor=MAKER, facts=facts, budget={"appropriation": 1}))) == ["code", "title", "office"]
    adjust = {"source": "appropriation", "fen": 1, "decided_on": date(YEAR, 5, 1)}
    assert list(refused(lambda: adjust_budget(actor=MAKER, project=row.pk, document=LONG, reason=LONG, **adjust))) == ["document", "reason"]
    payment = Payment(voucher=LONG, paid_on=date(YEAR, 5, 1), fen=1, summary=LONG)
    assert list(refused(lambda: post_execution(actor=MAKER, project=row.pk, payment=payment))) == ["voucher", "summary"]


def test_figures_from_outside():
    of = unit()
    told = Figure(
        key=LONG, title=LONG, measured_in=LONG, value=Decimal(1), begin=date(YEAR, 1, 1), last=date(YEAR, 2, 1), origin=LONG, reference=LONG
    )
    wrong = refused(lambda: enter_figure(actor=MAKER, unit=of.pk, figure=told, file=document("数")))
    assert list(wrong) == ["key", "title", "measured_in", "origin", "reference"]
    assert list(refused(lambda: let_in(actor=MAKER, unit=of.pk, name=LONG))) == ["name"]


def test_self_evaluations():
    row = approved(project()).project
    spent(row)
    evaluation = filled(row)
    words = EvaluationRow.objects.select_related("indicator").get(evaluation=evaluation, place=3)
    typed = {"actual": LONG, "score_reason": LONG, "reason": LONG, "definition_note": LONG}
    assert list(refused(lambda: fill(words, **typed))) == list(typed)
    proof = Proof(kind="minutes", title=LONG, dated_on=date(YEAR, 12, 1), method=LONG)
    assert list(refused(lambda: attach_evidence(actor=MAKER, row=words.pk, proof=proof, file=document("纪要")))) == ["title", "method"]
    told = {"base": {"achieved": evaluation.achieved, "budget_reason": ""}, "achieved": LONG, "budget_reason": LONG}
    wrong = refused(lambda: tell_results(actor=MAKER, evaluation=evaluation.pk, **told))
    assert wrong == {"achieved": "“实际完成情况”最多 3000 字，现在 5000 字", "budget_reason": "“预算执行说明”最多 500 字，现在 5000 字"}
    assert list(refused(lambda: answer_finding(actor=MAKER, evaluation=evaluation.pk, mark="M", text=LONG))) == ["text"]
    assert answer_finding(actor=MAKER, evaluation=evaluation.pk, mark="M", text=f"{LONG[:500]} ").text == LONG[:500]
    evaluation.refresh_from_db()
    assert evaluation.budget_reason == ""


def test_sending_back():
    form = whole()
    SelfEvaluation.objects.filter(pk=form.pk).update(state="draft", form=None, digest="", frozen_at=None)
    form.signatures.all().delete()
    submit_evaluation(actor=MAKER, evaluation=form.pk)
    assert list(refused(lambda: return_evaluation(actor=CHECKER, evaluation=form.pk, reason=LONG))) == ["reason"]


def test_monitoring():
    row = approved(project()).project
    assert list(refused(lambda: plan_point(actor=MAKER, project=row.pk, stage=LONG, on=date(YEAR, 6, 30)))) == ["stage"]
    point = plan_point(actor=MAKER, project=row.pk, stage="半年", on=date(YEAR, 6, 30))
    take_point(actor=MAKER, point=point.pk)
    words = MonitorRow.objects.get(indicator__title="网站管理制度")
    assert list(refused(lambda: enter_monitored(actor=MAKER, row=words.pk, actual=LONG))) == ["actual"]
    typed = {"cause": LONG, "action": LONG, "responsible": "77", "due_on": localdate() + timedelta(days=3)}
    assert list(refused(lambda: explain_deviation(actor=MAKER, row=words.pk, base={}, typed=typed))) == ["cause", "action"]


def test_rechecks():
    form = whole()
    assert list(refused(lambda: draw_sample(actor=CHECKER, year=YEAR, seed=LONG))) == ["seed"]
    draw_sample(actor=CHECKER, year=YEAR, seed="一号")
    row = Recheck.objects.get(evaluation=form)
    opinions = {3: Opinion(score=Decimal(30), note=LONG)}
    wrong = refused(lambda: score_recheck(actor=CHECKER, recheck=row.pk, opinions=opinions, verdicts={}, opinion=LONG))
    assert wrong == {"opinion": "“复核意见”最多 500 字，现在 5000 字", "note-3": "“说明”最多 300 字，现在 5000 字"}
    due = localdate() + timedelta(days=5)
    assert list(refused(lambda: ask_rectification(actor=CHECKER, recheck=row.pk, place=None, text=LONG, due_on=due))) == ["text"]
    asked = ask_rectification(actor=CHECKER, recheck=row.pk, place=None, text=LONG[:500], due_on=due)
    assert list(refused(lambda: answer_rectification(actor=MAKER, rectification=asked.pk, reply=LONG))) == ["reply"]
    assert Rectification.objects.get().reply == ""
    assert list(refused(lambda: send_back(actor=CHECKER, recheck=row.pk, reason=LONG))) == ["reason"]
    assert Recheck.objects.get().state == "open"


def test_a_column_without_a_limit_is_a_mistake():
    with pytest.raises(ValueError, match="any length"):
        room_for(GoalVersion, "goal")


def test_what_is_sent_back_has_as_much_room_on_the_page_as_in_the_row():
    kept = {room_for(SelfEvaluation, "returned"), room_for(Recheck, "opinion")}
    assert kept == {500}
    assert [ReasonForm({"reason": "长" * length}).is_valid() for length in (500, 501)] == [True, False]
