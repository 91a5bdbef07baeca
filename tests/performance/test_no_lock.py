"""Measures take seconds on a city's records: nobody waits for a write meanwhile, and what moved in between is seen."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from performance.performance_made_up import MAKER, YEAR, approved, explained, figure, filled, project, spent, stated, unit

from keheng.kernel import measures
from keheng.kernel.errors import Refused
from keheng.kernel.measures import Value
from keheng.performance.actions.evaluations import _begin, begin_evaluation, read_measures, tell_results
from keheng.performance.actions.monitoring import plan_point, take_point
from keheng.performance.actions.signing import _submit, submit_evaluation
from keheng.performance.actions.targets import add_indicator, begin_goals, decide_goals, remove_indicator, submit_goals
from keheng.performance.models import FrozenReading, GoalVersion, Indicator, MonitorRow, SelfEvaluation

CODE = "performance.outside"


@pytest.fixture
def watched(fresh, monkeypatch):
    """A project, and whether a transaction was open each time its measure looked at records; ``meanwhile`` is done once on the way."""
    known, seen, meanwhile = measures._measures[CODE], [], []

    def compute(period, scope) -> Value:
        seen.append(connection.in_atomic_block)
        while meanwhile:
            meanwhile.pop()()
        return known.compute(period, scope)

    def evidence(period, scope):
        seen.append(connection.in_atomic_block)
        return known.evidence(period, scope)

    of = unit()
    row = project(of)
    figure(of, "visits", "11143566")
    figure(of, "items", "245")
    approved(row)
    spent(row)
    monkeypatch.setitem(measures._measures, CODE, replace(known, compute=compute, evidence=evidence))
    return row, seen, meanwhile


def refused(act):
    with pytest.raises(Refused) as refusal:
        act()
    return [one.code for one in refusal.value.problems]


def test_no_measure_is_read_while_a_transaction_is_open(watched):
    row, seen, _ = watched
    point = plan_point(actor=MAKER, project=row.pk, stage="半年", on=date(YEAR, 6, 30))
    found = []
    for act in (
        lambda: begin_evaluation(actor=MAKER, project=row.pk),
        lambda: read_measures(actor=MAKER, evaluation=SelfEvaluation.objects.get().pk),
        lambda: submit_evaluation(actor=MAKER, evaluation=explained(filled_of(row)).pk),
        lambda: take_point(actor=MAKER, point=point.pk),
    ):
        act()
        found.append((bool(seen), any(seen)))
        seen.clear()
    assert found == [(True, False)] * 4
    assert SelfEvaluation.objects.get().state == "submitted"


def filled_of(row):
    """The evaluation that is there, completed as ``filled`` completes a new one."""
    SelfEvaluation.objects.filter(project=row).delete()
    return filled(row)


def test_what_was_frozen_says_when_it_was_read(watched):
    row, _, _ = watched
    begin_evaluation(actor=MAKER, project=row.pk)
    begun = SelfEvaluation.objects.get().begun_at
    assert FrozenReading.objects.count() == 2
    assert all(one.taken_at < begun for one in FrozenReading.objects.all())


def other_targets(row):
    goals = begin_goals(actor=MAKER, project=row.pk, document="云科〔2025〕9号")
    remove_indicator(actor=MAKER, indicator=Indicator.objects.get(goals=goals, title="网站用户满意度").pk)
    add_indicator(actor=MAKER, goals=goals.pk, facts=stated("用户满意度", "≥92%", "10"))
    submit_goals(actor=MAKER, goals=goals.pk)
    decide_goals(actor=replace(MAKER, account="12"), goals=goals.pk, approved=True)


def test_targets_adjusted_while_measures_were_read_refuse_the_beginning(watched):
    row, _, meanwhile = watched
    meanwhile.append(lambda: other_targets(row))
    assert refused(lambda: begin_evaluation(actor=MAKER, project=row.pk)) == ["PERF_MOVED"]
    assert not SelfEvaluation.objects.exists()
    assert not FrozenReading.objects.exists()
    assert begin_evaluation(actor=MAKER, project=row.pk).state == "draft"


def test_targets_adjusted_while_a_point_was_read_leave_it_to_be_taken(watched):
    row, _, meanwhile = watched
    point = plan_point(actor=MAKER, project=row.pk, stage="半年", on=date(YEAR, 6, 30))
    meanwhile.append(lambda: other_targets(row))
    assert refused(lambda: take_point(actor=MAKER, point=point.pk)) == ["PERF_MOVED"]
    assert not MonitorRow.objects.exists()
    assert take_point(actor=MAKER, point=point.pk).taken_at is not None


def test_a_form_changed_while_its_measures_were_read_is_not_overwritten(watched):
    row, _, meanwhile = watched
    made = explained(filled(row))
    base = {"achieved": made.achieved, "budget_reason": ""}

    def tell(text):
        tell_results(actor=MAKER, evaluation=made.pk, base=base, achieved=text, budget_reason="")
        base["achieved"] = text

    for text, act in (("全年访问{1}。", read_measures), ("全年更新{2}。", submit_evaluation)):
        meanwhile.append(lambda text=text: tell(text))
        assert refused(lambda act=act: act(actor=MAKER, evaluation=made.pk)) == ["PERF_MOVED"]
    made.refresh_from_db()
    assert (made.state, made.achieved) == ("draft", "全年更新{2}。")
    assert submit_evaluation(actor=MAKER, evaluation=made.pk).state == "submitted"


def test_what_opened_too_late_to_be_read_is_neither_begun_nor_submitted(watched):
    """A form that was not yet one to fill in when its measures would have been read has no figures to freeze."""
    row, _, _ = watched
    goals = GoalVersion.objects.get(project=row).pk
    assert refused(lambda: _begin(actor=MAKER, project=row.pk, goals=goals, figures={})) == ["PERF_MOVED"]
    made = explained(filled(row))
    assert refused(lambda: _submit(actor=MAKER, evaluation=made.pk, seen=None, stale=[])) == ["PERF_MOVED"]
    assert SelfEvaluation.objects.get().state == "draft"
