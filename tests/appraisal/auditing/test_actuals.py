"""Family D: actual values and what they rest on."""

import pytest
from appraisal.made_up import COLUMNS, cell, form, found, row, rows_of

from keheng.appraisal.model import Column, FormKind


@pytest.mark.parametrize(("target", "actual", "hit"), [
    ("≥95.00(%)", "95.00(%)", True), ("≥95%", "95.1%", False), ("=95%", "95%", False), ("≥100%", "100%", False), ("≥95次", "95次", False),
    (">=90百分比", "90", True), ("≥0%", "0%", False), ("≥90%-95%", "90%", False), ("≥95%", "≥95%", False), ("≥95%", "良好", False),
])  # fmt: skip
def test_exactly_at_the_line(target, actual, hit):
    assert rows_of("ACT_EQ_TARGET", form(row("通过率", target, actual))) == ([(1,)] if hit else [])


def test_all_rows_at_the_line_make_one_finding():
    of = form(row("通过率", "≥95%", "95%"), row("读者", "≥5人", "6人"), row("满意度", "≥90%", "90%"))
    assert rows_of("ACT_EQ_TARGET", of) == [(1, 3)]


@pytest.mark.parametrize(("target", "actual", "hit"), [
    ("≥20场", "达成指标", True), ("全年开放", "达成指标", True), ("完善", "达成指标", False), ("≥20场", "部分达成指标", False),
    ("≥20场", "22场", False), ("10-12场", "已完成", True), ("完成", "完成", False),
])  # fmt: skip
def test_attained_is_no_value_where_one_can_be_measured(target, actual, hit):
    assert rows_of("ACT_NOT_STATED", form(row("开放情况", target, actual))) == ([(1,)] if hit else [])


def test_an_actual_in_the_words_of_the_target():
    assert rows_of("ACT_COPIES_TARGET", form(row("接听量", "≥4万个", "≥4万个"))) == [(1,)]
    assert rows_of("ACT_COPIES_TARGET", form(row("接听量", "≥4万个", "41200个"))) == []
    assert rows_of("ACT_COPIES_TARGET", form(row("接听量", "≥4万个", "4万个以上"))) == []


def test_an_account_that_repeats_the_comparison_of_the_goal():
    goal = "全年工单量大于4万个。"
    (finding,) = found("ACT_COPIES_TARGET", form(goal=goal, achieved="工单量大于4万个，运行正常。"))
    assert finding.variant == "narrative"
    assert not found("ACT_COPIES_TARGET", form(goal=goal, achieved="工单量41230个。"))


@pytest.mark.parametrize(("name", "target", "actual", "hit"), [
    ("培训人数", "达标", "达标", True), ("培训人数", "≥20人", "良好", False), ("培训效果", "良好", "良好", False), ("办结率", "良好", "良好", True),
    ("投诉率", "无", "无", False),
])  # fmt: skip
def test_a_count_answered_in_words(name, target, actual, hit):
    assert rows_of("COUNT_AS_QUAL", form(row(name, target, actual))) == ([(1,)] if hit else [])


@pytest.mark.parametrize(("target", "actual", "hit"), [
    ("<2秒", "21ms", True), ("<2秒", "1.5S", False), ("≥4万个", "67818个", True), ("≥2场次", "2场", False), ("≥5家", "6个", True), ("≥5家", "6", False),
    ("≥5家", "较多", False),
])  # fmt: skip
def test_units_of_one_row_must_be_the_same(target, actual, hit):
    assert rows_of("UNIT_MIX", form(row("响应", target, actual))) == ([(1,)] if hit else [])


RULED = COLUMNS - {Column.TARGET, Column.ACTUAL}


def test_scored_rows_that_the_account_never_mentions():
    rows = (row("资金使用合规性", "", "", level1=cell("投入与管理")), row("举办学术沙龙", "", ""), row("服务企业", "", ""))
    of = form(*rows, columns=RULED, achieved="全年服务企业120家。")
    assert rows_of("EVID_MISSING", of) == [(2,)]
    assert rows_of("EVID_MISSING", form(*rows, columns=COLUMNS, achieved="全年服务企业120家。")) == []
    assert rows_of("EVID_MISSING", form(*rows, columns=RULED)) == []
    assert rows_of("EVID_MISSING", form(*rows, columns=RULED, achieved="服务企业", kind=FormKind.TARGETS)) == []
    assert rows_of("EVID_MISSING", form(row("服务企业", "", ""), columns=RULED, extras={"results": cell("服务企业120家")})) == []


SATISFIED = row("用户满意度", "≥90%", "96.3%", level1=cell("满意度指标"))


def test_satisfaction_needs_a_survey():
    assert rows_of("SAT_NO_EVID", form(row(), SATISFIED)) == [(2,)]
    assert rows_of("SAT_NO_EVID", form(row(), SATISFIED, achieved="发放问卷200份，回收180份。")) == []
    assert rows_of("SAT_NO_EVID", form(row())) == []


def test_full_points_where_nobody_was_asked():
    said = "本年度未开展满意度调查。"
    assert rows_of("SAT_NO_SURVEY", form(row(), SATISFIED, achieved=said)) == [(2,)]
    lower = row("用户满意度", "≥90%", "96.3%", "10", "8", level1=cell("满意度指标"))
    assert rows_of("SAT_NO_SURVEY", form(row(), lower, achieved=said)) == []
    assert rows_of("SAT_NO_SURVEY", form(row(), SATISFIED, achieved="开展了调查。")) == []


def test_another_basis_in_prose():
    of = form(row("获得专利", "≥3件", "3件"), row("读者", "≥1人", "2人"), achieved="全年申请专利15件，其余工作正常。")
    assert rows_of("DEF_MISMATCH", of) == [(1,)]
    assert rows_of("DEF_MISMATCH", form(row("获得专利", "≥3件", "3件"), achieved="全年获得专利3件，另申请2件。")) == []
    assert rows_of("DEF_MISMATCH", form(row("专利", "≥3件", "3件"), achieved="全年申请专利15件。")) == []
    assert rows_of("DEF_MISMATCH", form(row("获得专利", "≥3件", "3件"), achieved="")) == []
    assert rows_of("DEF_MISMATCH", form(row("获得专利", "≥3件", "3件"), achieved="培训100人。")) == []
