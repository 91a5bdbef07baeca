"""Targets: all problems at once, two editors, approval by others, adjustment."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from performance.performance_made_up import APPROVER, MAKER, ROWS, approved, measured, project, stated, whole

from keheng.kernel.errors import Refused
from keheng.performance.actions.targets import (
    add_indicator,
    begin_goals,
    change_indicator,
    decide_goals,
    facts_of,
    note_goals,
    remove_indicator,
    submit_goals,
    write_goal,
)
from keheng.performance.models import GoalVersion, Indicator
from keheng.performance.queries.projects import below_last_year, last_year, name_of
from keheng.performance.rules.merging import merge

pytestmark = pytest.mark.django_db


def codes(act):
    with pytest.raises(Refused) as refusal:
        act()
    return [one.code for one in refusal.value.problems]


def test_a_row_is_told_everything_wrong_at_once():
    goals = begin_goals(actor=MAKER, project=project().pk)
    bad = measured("", "", "0", "visits", level1="none", level2="quantity")
    assert codes(lambda: add_indicator(actor=MAKER, goals=goals.pk, facts=bad)) == [
        "PERF_TITLE", "PERF_CLASS", "PERF_CLASS", "PERF_NO_TARGET", "PERF_WEIGHT",
    ]  # fmt: skip
    percent = replace(ROWS[0], measure="performance.execution_rate", scope={})
    assert codes(lambda: add_indicator(actor=MAKER, goals=goals.pk, facts=percent)) == ["PERF_UNITS"]
    assert codes(lambda: add_indicator(actor=MAKER, goals=goals.pk, facts=replace(ROWS[0], measure="no.such"))) == ["PERF_NO_MEASURE"]
    beyond = replace(ROWS[0], scope={"moon": "full"})
    assert codes(lambda: add_indicator(actor=MAKER, goals=goals.pk, facts=beyond)) == ["PERF_SCOPE"]


def test_weights_that_are_not_100_with_the_execution_are_refused():
    goals = begin_goals(actor=MAKER, project=project().pk)
    assert codes(lambda: submit_goals(actor=MAKER, goals=goals.pk)) == ["PERF_GOAL", "PERF_NO_ROWS"]
    add_indicator(actor=MAKER, goals=goals.pk, facts=ROWS[0])
    add_indicator(actor=MAKER, goals=goals.pk, facts=ROWS[0])
    assert codes(lambda: submit_goals(actor=MAKER, goals=goals.pk)) == ["PERF_GOAL", "PERF_WEIGHTS", "PERF_TWICE"]


def test_two_editors_keep_both_changes_and_are_told_of_the_field_both_changed():
    goals = begin_goals(actor=MAKER, project=project().pk)
    row = add_indicator(actor=MAKER, goals=goals.pk, facts=ROWS[0])
    base = facts_of(row).plain()
    change_indicator(actor=MAKER, indicator=row.pk, base=base, facts=replace(ROWS[0], target="≥1100万次"))
    change_indicator(actor=APPROVER, indicator=row.pk, base=base, facts=replace(ROWS[0], weight=Decimal(40)))
    row.refresh_from_db()
    assert (row.value, row.weight, row.version) == (1100, 40, 3)
    with pytest.raises(Refused) as refusal:
        change_indicator(actor=APPROVER, indicator=row.pk, base=base, facts=replace(ROWS[0], target="≥900万次"))
    assert [(one.code, one.field) for one in refusal.value.problems] == [("PERF_CONFLICT", "target")]
    assert "1100万次" in refusal.value.problems[0].zh


def test_a_goal_changed_meanwhile_is_told():
    goals = begin_goals(actor=MAKER, project=project().pk)
    write_goal(actor=MAKER, goals=goals.pk, base="", goal="第一稿")
    assert codes(lambda: write_goal(actor=MAKER, goals=goals.pk, base="", goal="另一稿")) == ["PERF_CONFLICT"]


@given(st.dictionaries(st.sampled_from("abc"), st.tuples(*[st.integers(0, 2)] * 3), min_size=1))
def test_merging_loses_nothing(fields):
    base, theirs, mine = ({name: one[place] for name, one in fields.items()} for place in range(3))
    found = merge(base, theirs, mine)
    for name, (then, now, typed) in fields.items():
        if name in found.conflicts:
            assert then not in {now, typed}
            assert now != typed
        else:
            assert found.values[name] == (now if typed == then else typed)


def test_nobody_approves_their_own_and_an_adjustment_supersedes():
    row = project()
    goals = approved(row)
    assert codes(lambda: begin_goals(actor=MAKER, project=row.pk)) == ["PERF_DOCUMENT"]
    second = begin_goals(actor=MAKER, project=row.pk, document="云财〔2025〕8号")
    assert (second.goal, second.indicators.count()) == (goals.goal, 4)
    assert codes(lambda: begin_goals(actor=MAKER, project=row.pk, document="再调")) == ["PERF_GOALS_OPEN"]
    submit_goals(actor=MAKER, goals=second.pk)
    assert codes(lambda: decide_goals(actor=MAKER, goals=second.pk, approved=True)) == ["PERF_OWN_GOALS"]
    assert codes(lambda: decide_goals(actor=APPROVER, goals=second.pk, approved=False)) == ["PERF_REASON"]
    decide_goals(actor=APPROVER, goals=second.pk, approved=True)
    assert list(GoalVersion.objects.order_by("number").values_list("state", flat=True)) == ["superseded", "approved"]
    assert codes(lambda: remove_indicator(actor=MAKER, indicator=Indicator.objects.last().pk)) == ["PERF_STATE"]


def test_last_year_comes_along_and_is_compared():
    form = whole()
    before = form.project
    row = project(before.unit, year=before.year + 1, code="YL-01", previous=before.pk)
    goals = begin_goals(actor=MAKER, project=row.pk)
    rows = {one.title: one for one in goals.indicators.all()}
    then = last_year(row)
    visits = rows["门户网站访问量"]
    assert below_last_year(visits, then[name_of(visits)]) == Decimal("1114.3566")
    assert below_last_year(rows["网站管理制度"], then[name_of(rows["网站管理制度"])]) is None
    remove_indicator(actor=MAKER, indicator=rows["网站管理制度"].pk)
    add_indicator(actor=MAKER, goals=goals.pk, facts=stated("新制度", "完善", "30", "file", "outcome", "lasting"))
    assert codes(lambda: submit_goals(actor=MAKER, goals=goals.pk)) == ["PERF_DROPPED"]
    note_goals(actor=MAKER, goals=goals.pk, note="并入新制度")
    assert submit_goals(actor=MAKER, goals=goals.pk).state == "submitted"
    assert codes(lambda: project(before.unit, year=before.year + 1, code="YL-02", previous=before.pk)) == ["PERF_PREVIOUS_TAKEN"]
