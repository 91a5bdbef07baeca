"""Family H on one form: the design of indicators."""

import pytest
from appraisal.made_up import COLUMNS, cell, form, found, row, rows_of

from keheng.appraisal.model import BLANK, Column

OUTCOME = {"level1": cell("效益指标"), "level2": cell("社会效益指标")}


def test_two_rows_for_one_fact():
    twice = form(row("到岗人数", "=5人", "5人"), row("解决就业人数", "=5人", "5人", **OUTCOME))
    assert rows_of("IND_DUP", twice) == [(1, 2)]
    assert rows_of("IND_DUP", form(row("到岗人数", "=5人", "5人"), row("解决就业人数", "=5人", "6人", **OUTCOME))) == []
    assert rows_of("IND_DUP", form(row("到岗人数", "=5人", "5人"), row("考核人数", "=5人", "5人"))) == []
    assert rows_of("IND_DUP", form(row("到岗情况", "好", "好"), row("就业情况", "好", "好", **OUTCOME))) == []


def test_names_that_differ_by_a_particle_only():
    assert rows_of("IND_DUP", form(row("绩效目标合理性", "", ""), row("绩效目标的合理性", "", ""))) == [(1, 2)]
    assert rows_of("IND_DUP", form(row("物业服务验收率", "", ""), row("接待服务验收率", "", ""))) == []
    assert rows_of("IND_DUP", form(row("绩效目标合理性", "好", "好"), row("绩效目标的合理性", "优", "优"))) == []
    assert rows_of("IND_DUP", form(row("", "", ""), row("目标", "", ""))) == []


@pytest.mark.parametrize(("name", "levels", "hit"), [
    ("故障重复发生率", OUTCOME, True), ("发表论文", OUTCOME, True), ("发表论文", {}, False), ("企业营收增长", OUTCOME, False),
    ("发表论文", {"level1": cell("其他"), "level2": cell("社会效益指标")}, True),
])  # fmt: skip
def test_outputs_that_pose_as_outcomes(name, levels, hit):
    assert rows_of("IND_CLASS", form(row(name, **levels))) == ([(1,)] if hit else [])


def test_rows_beside_the_point():
    rows = (row("食堂供餐人数"), row("食堂菜品合格率"), row("车辆检修次数"))
    goal = {"goal": "采购食堂供餐和菜品，服务职工。", "project": "机关食堂"}
    assert rows_of("IND_IRRELEVANT", form(*rows, **goal)) == [(3,)]
    assert rows_of("IND_IRRELEVANT", form(*rows[1:], row("道路里程"), row("绿化面积"), **goal)) == []
    assert rows_of("IND_IRRELEVANT", form(*rows, goal=BLANK)) == []
    assert rows_of("IND_IRRELEVANT", form(*rows, columns=COLUMNS - {Column.TARGET}, **goal)) == []
    assert rows_of("IND_IRRELEVANT", form(*rows[:2], row("预算执行率", is_execution=True), **goal)) == []


@pytest.mark.parametrize(
    ("name", "hit"), [("展厅工作人员满意度", True), ("项目管理者满意度", True), ("参观者满意度", False), ("工作人员到岗数", False)]
)
def test_those_asked_should_be_those_served(name, hit):
    assert rows_of("IND_SAT_OBJECT", form(row(name, "≥90%", "95%"))) == ([(1,)] if hit else [])


@pytest.mark.parametrize(("name", "target", "more", "hit"), [
    ("对产业的贡献度", "≥90%", {}, True), ("对产业的贡献度", "显著", {}, False), ("带动就业人数", "≥90人", {}, False),
    ("对产业的贡献度", "", {}, True), ("对产业的贡献度", "≥90%", {"explanation": "新增税收占比"}, False), ("对产业的贡献度", "≥90%", {"rule": "90%得满分"}, False),
])  # fmt: skip
def test_contribution_without_a_formula(name, target, more, hit):
    assert rows_of("IND_UNMEASURABLE", form(row(name, target, "", **more))) == ([(1,)] if hit else [])


def test_rankings_are_beyond_control():
    assert rows_of("IND_UNCONTROLLABLE", form(row("人才集聚水平", "全国前3", "全国第1"), row("服务人次", "≥3人", "4人"))) == [(1,)]


def test_rows_that_fit_any_project():
    generic = (row("项目完成率"), row("目标实现率"), row("完成及时性"))
    assert rows_of("IND_GENERIC", form(*generic)) == [(1, 2, 3)]
    assert rows_of("IND_GENERIC", form(*generic, row("实验动物饲养数"), row("菌种保藏数"))) == []
    assert rows_of("IND_GENERIC", form(*generic[:2])) == []


@pytest.mark.parametrize(("name", "hit"), [("运维", True), ("网站访问的", True), ("VPN", False), ("网站访问量", False), ("", False)])
def test_names_that_say_too_little(name, hit):
    assert rows_of("IND_NAME", form(row(name))) == ([(1,)] if hit else [])
    assert found("IND_NAME", form(row())) == []
