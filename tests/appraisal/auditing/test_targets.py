"""Family C: each rule on a form it must catch and on the nearest form it must leave alone."""

import pytest
from appraisal.made_up import form, found, row, rows_of

from keheng.appraisal.model import BLANK


@pytest.mark.parametrize(("target", "actual", "expected"), [
    ("≥200(条)", "260(条)", [(1,)]), ("≥200(条)", "259(条)", []), (">100家", "131家", [(1,)]), ("≤100次", "10次", []),
    ("=100个", "200个", []), ("≥1万次", "15000次", [(1,)]), ("≥0次", "5次", []), ("≥100次", "较多", []), ("100次", "300次", []),
])  # fmt: skip
def test_a_target_exceeded_by_thirty_percent_is_low(target, actual, expected):
    assert rows_of("TGT_LOW", form(row("更新条目", target, actual))) == expected


@pytest.mark.parametrize(("target", "actual", "expected"), [
    ("<20次", "0次", [(1,)]), ("<5次", "0次", []), ("<2秒", "200毫秒", [(1,)]), ("<2秒", "1秒", []), ("≥2次", "0次", []),
    ("≤2秒", "很快", []), ("≤100%", "0%", []),
])  # fmt: skip
def test_a_limit_far_above_the_actual_is_lax(target, actual, expected):
    assert rows_of("TGT_LAX", form(row("设备中断次数", target, actual))) == expected


@pytest.mark.parametrize(("name", "target", "variant"), [
    ("巡检次数", "≥0.00(次)", "always"), ("巡检次数", "≥1次", None), ("完成比例", "≤100%", "always"), ("系统故障率", "≤95%", "reversed"),
    ("系统故障率", "≤5%", None), ("系统故障率", "≥95%", "reversed"), ("用户满意度", "≤90%", "reversed"), ("用户满意度", "≥90%", None),
    ("制度建设", "完善", None), ("故障修复满意率", "≤95%", None), ("故障次数", "≤3次", None),
])  # fmt: skip
def test_a_target_that_binds_nothing(name, target, variant):
    assert [f.variant for f in found("TGT_MEANINGLESS", form(row(name, target, "1次")))] == ([variant] if variant else [])


GOAL = "全年举办技术培训不少于12场，受理申请236件，系统响应时间小于2秒。"


@pytest.mark.parametrize(("name", "target", "expected"), [
    ("举办技术培训", "≥8场", [(1,)]), ("举办技术培训", "≥12场", []), ("举办技术培训", "≥12场次", []), ("系统响应时间", "<2000ms", []),
    ("系统响应时间", "<3秒", [(1,)]), ("受理申请", "240-260件", []), ("受理申请", "良好", []), ("读者人数", "≥8人", []),
])  # fmt: skip
def test_goal_and_table_must_agree(name, target, expected):
    assert rows_of("TGT_GOAL_MISMATCH", form(row(name, target, "9"), goal=GOAL)) == expected


def test_a_magnitude_word_counts_as_a_number():
    assert rows_of("TGT_GOAL_MISMATCH", form(row("人才数量", "≥500万", "600万"), goal="建成千万级人才数据平台。")) == [(1,)]


def test_rough_words_and_parts_are_no_contradiction():
    assert not found("TGT_GOAL_MISMATCH", form(row("服务企业", "≥105家", "110家"), goal="服务企业约100家。"))
    assert not found("TGT_GOAL_MISMATCH", form(row("推广活动", "≥6场", "7场"), goal="举办会议10场，其中推广活动4场。"))


def test_a_blank_goal_counts_only_where_the_label_is_printed():
    assert len(found("GOAL_EMPTY", form(goal=BLANK, labels=frozenset({"goal"})))) == 1
    assert not found("GOAL_EMPTY", form(goal=BLANK))
    assert not found("GOAL_EMPTY", form(goal="完成3项", labels=frozenset({"goal"})))


@pytest.mark.parametrize(("goal", "count"), [
    ("提升服务水平，营造良好环境。", 1), ("1.保障系统运行;2.做好服务。", 1), ("2023年是“十四五”关键之年，筹备第8届大会和30 周年活动。", 1),
    ("按〔2019〕10号文件执行，学习二十大精神。", 1), ("编写报告一份。", 0), ("举办三场活动", 0), ("服务企业200家", 0), ("", 0),
])  # fmt: skip
def test_a_goal_needs_a_number_that_can_be_checked(goal, count):
    assert len(found("GOAL_VAGUE", form(goal=goal))) == count


def test_demands_without_an_indicator_are_listed():
    of = form(row("服务企业数", "≥100家", "120家"), goal="服务企业不少于100家，申请发明专利不少于6件。")
    (finding,) = found("GOAL_UNCOVERED", of)
    assert finding.values["count"] == "1"
    assert "申请发明专利" in finding.values["demands"]
    assert not found("GOAL_UNCOVERED", form(row("服务企业数", "≥100家", "120家"), goal="服务企业不少于100家。"))
    assert not found("GOAL_UNCOVERED", form(goal=""))
