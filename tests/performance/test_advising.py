"""While targets are typed: the audit rules on the draft, last year beside it, whether anything proves it; nothing is saved by asking."""

from decimal import Decimal

import pytest
from people import make_account, signed_in
from performance.performance_made_up import GOAL, MAKER, ROWS, project, whole

from keheng.performance.actions.targets import add_indicator, begin_goals
from keheng.performance.models import Indicator

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


@pytest.fixture
def asking():
    """A draft, and what is said of something typed into it."""
    client = signed_in(make_account("finance", "finance"))

    def ask(goals, indicator="", **typed):
        usual = {"level1": "output", "level2": "quantity", "weight": "10", "evidence": "file", "direction": "more"}
        rows = Indicator.objects.count()
        answer = client.post(f"/performance/targets/{goals.pk}/advice/{indicator}", typed if "goal" in typed else usual | typed)
        assert (answer.status_code, Indicator.objects.count()) == (200, rows)
        return answer.content.decode()

    return ask


def draft(row=None, rows=ROWS):
    goals = begin_goals(actor=MAKER, project=(row or project()).pk)
    for facts in rows:
        add_indicator(actor=MAKER, goals=goals.pk, facts=facts)
    return goals


def test_a_target_that_is_always_met_is_told(asking):
    goals = draft()
    assert "任何情况下都成立" in asking(goals, title="门户故障率", target="≤100%", measure="")
    assert "任何情况下都成立" not in asking(goals, title="门户故障率", target="≤1%", measure="")


def test_a_row_without_a_measure_is_told_and_one_with_it_is_not(asking):
    goals = draft(rows=ROWS[:1])
    bound = {"evidence": "measure", "measure": "performance.outside", "scope": "key=items"}
    assert "没有系统指标" in asking(goals, title="门户更新信息", target="≥200条")
    assert "没有系统指标" not in asking(goals, title="门户更新信息", target="≥200条", **bound)
    assert asking(goals, title="门户更新信息") == asking(goals, target="≥200条") == "\n"


def test_a_target_below_last_years_result_is_told(asking):
    before = whole().project
    goals = draft(project(before.unit, year=before.year + 1, code="YL-02", previous=before.pk), rows=())
    bound = {"evidence": "measure", "measure": "performance.outside", "scope": "key=visits"}
    assert "低于上年实际" in asking(goals, title="门户网站访问量", target="≥500万次", **bound)
    assert "低于上年实际" not in asking(goals, title="门户网站访问量", target="≥1500万次", **bound)


def test_a_goal_that_says_another_figure_than_the_table_is_told(asking):
    goals = draft()
    assert "1200" in asking(goals, goal=GOAL.replace("访问量不少于1000万次", "门户网站访问量≥1200万次"))
    assert "1000万次" not in asking(goals, goal=GOAL)


def test_a_row_that_is_changed_is_looked_at_in_its_place(asking):
    goals = draft()
    row = goals.indicators.get(title="网站用户满意度")
    typed = {"title": row.title, "weight": "10", "evidence": "survey", "level1": "satisfaction", "level2": "served"}
    assert "任何情况下都成立" in asking(goals, f"?indicator={row.pk}", target="≥0%", **typed)
    assert "任何情况下都成立" not in asking(goals, f"?indicator={row.pk}", target="≥90%", **typed)
    row.refresh_from_db()
    assert row.value == Decimal(90)
