"""Rules between forms: what one form says beside another of the same unit."""

from dataclasses import replace
from typing import Any

import pytest
from appraisal.made_up import cell, form, row

from keheng.appraisal.auditing.engine import rules
from keheng.appraisal.auditing.peers import Batch, facts_of
from keheng.appraisal.auditing.registry import BATCH_RULES
from keheng.appraisal.model import BLANK
from keheng.appraisal.policy import load_policy

assert rules  # importing them registers them


def batch(*forms) -> Batch:
    numbered = [form_with(index, **more) for index, more in enumerate(forms, 1)]
    return Batch(tuple(facts_of(each) for each in numbered), load_policy("mof-2020"))


def form_with(index: int, rows: tuple[Any, ...] = (), **more: Any):
    nobody = more.pop("nobody", False)
    made = form(*rows, form_index=index, project=more.pop("project", f"项目{index}"), **more)
    return replace(made, unit=BLANK) if nobody else made


def hits(code: str, *forms) -> list[tuple[int, tuple[int, ...]]]:
    return [(f.form_index, f.rows) for f in BATCH_RULES[code](batch(*forms))]


def one(name: str, actual: str, target: str = "≥1个", **more: Any) -> dict[str, Any]:
    return {"rows": (row(name, target, actual),), **more}


def test_one_uneven_satisfaction_rate_in_three_forms():
    same = one("用户满意度", "97.36%")
    assert hits("SAT_REUSED", same, same, same) == [(1, (1,)), (2, (1,)), (3, (1,))]
    assert hits("SAT_REUSED", same, same) == []
    assert hits("SAT_REUSED", *[one("用户满意度", "95%")] * 3) == []
    assert hits("SAT_REUSED", *[one("合格率", "97.36%")] * 3) == []
    assert hits("SAT_REUSED", same, same, one("用户满意度", "97.36%", year=2022)) == []
    assert hits("SAT_REUSED", *[one("用户满意度", "97.36%", nobody=True)] * 3) == []


@pytest.mark.parametrize(("name", "value", "hit"), [
    ("工单量", "67818个", True), ("工单量", "5000个", False), ("工单量", "12个", False), ("办结率", "131%", False), ("可用时间", "365天", False), ("工单量", "很多", False),
])  # fmt: skip
def test_one_output_in_two_projects(name, value, hit):
    assert bool(hits("XF_DUP_CLAIM", one(name, value), one(name, value))) is hit


def test_another_value_is_another_output():
    assert hits("XF_DUP_CLAIM", one("工单量", "67818个"), one("工单量", "67819个")) == []


def test_one_name_with_two_values():
    assert hits("XF_VALUE", one("展厅每日巡检", "5个"), one("展厅每日巡检", "7个")) == [(1, (1,)), (2, (1,))]
    assert hits("XF_VALUE", one("展厅每日巡检", "5个"), one("展厅每日巡检", "5个")) == []
    assert hits("XF_VALUE", one("展厅每日巡检", "5个"), one("展厅每日巡检", "7个", "≥2个")) == []
    assert hits("XF_VALUE", one("巡检", "5个"), one("巡检", "7个")) == []


def scored(actual: str, score: str) -> dict[str, Any]:
    return {"rows": (row("机制建设", "健全", actual, "10", score),)}


def test_one_word_with_two_scores():
    assert hits("SCORE_INCONSISTENT", scored("较为健全", "9"), scored("较为健全", "6")) == [(2, (1,))]
    assert hits("SCORE_INCONSISTENT", scored("较为健全", "9"), scored("较为健全", "8")) == []
    assert (
        hits("SCORE_INCONSISTENT", {"rows": (*scored("较为健全", "9")["rows"], *scored("较为健全", "5")["rows"])}, one("数", "1个")) == []
    )


def worded(name: str, word: str) -> Any:
    return row(name, word, word)


def test_a_word_that_elsewhere_answers_other_indicators():
    roads = {"rows": (worded("道路状况", "畅行无阻"),)}
    loans = {"rows": (worded("借阅情况", "有序开放"),)}
    mixed = {"rows": (worded("借阅情况", "畅行无阻"),)}
    assert hits("COPIED_VALUE", roads, roads, loans, mixed) == [(4, (1,))]
    assert hits("COPIED_VALUE", roads, loans, mixed) == []
    assert hits("COPIED_VALUE", roads, roads, mixed) == []
    near = {"rows": (worded("道路借用情况", "畅行无阻"),)}
    assert hits("COPIED_VALUE", roads, roads, loans, {"rows": (worded("借阅状况", "畅行无阻"),)}, near) == []


LONG = "对绩效指标的理解还不够深入，指标设置的科学性有待加强。"


def test_the_same_sentences_in_several_forms():
    problems = {"extras": {"problems": cell(LONG)}}
    assert hits("TEXT_BOILERPLATE", problems, problems) == [(1, ()), (2, ())]
    assert hits("TEXT_BOILERPLATE", problems, {"extras": {"problems": cell("高峰时段排队时间较长，坐席数量不足。")}}) == []
    assert hits("TEXT_BOILERPLATE", problems, {"extras": {"improvements": cell(LONG)}}) == []
    assert hits("TEXT_BOILERPLATE", {"achieved": "运行正常。"}, {"achieved": "运行正常。"}) == []
    reason = {"rows": (row("课程", reason="受场地改造影响，部分课程未能如期开设。"),)}
    assert hits("TEXT_BOILERPLATE", reason, reason) == [(1, ()), (2, ())]


def test_a_goal_of_another_project():
    goal = {"goal": "保障平台全年稳定运行，有效支撑企业申报管理需求。"}
    assert hits("GOAL_COPIED", goal, goal) == [(1, ()), (2, ())]
    assert hits("GOAL_COPIED", {**goal, "project": "甲"}, {**goal, "project": "甲"}) == []
    assert hits("GOAL_COPIED", goal, {**goal, "year": 2022}) == []


def year(value: int, actual: str, target: str = "≥100个", **more: Any) -> dict[str, Any]:
    return one("服务企业数", actual, target, year=value, **more)


def test_a_target_that_never_moves():
    assert hits("XY_STALE", year(2022, "200个"), year(2023, "210个")) == [(2, (1,))]
    assert hits("XY_STALE", year(2022, "120个"), year(2023, "210个")) == []
    assert hits("XY_STALE", year(2022, "200个"), year(2023, "210个", "≥180个")) == []
    assert hits("XY_STALE", year(2023, "200个"), year(2023, "210个")) == []
    assert hits("XY_STALE", year(2022, "200个", "<100个"), year(2023, "210个", "<100个")) == []
    assert hits("XY_STALE", year(2022, "200个"), year(2023, "较多")) == []


def test_a_value_that_fell():
    assert hits("XY_DROP", year(2022, "200个"), year(2023, "130个")) == [(2, (1,))]
    assert hits("XY_DROP", year(2022, "200个"), year(2023, "150个")) == []
    assert hits("XY_DROP", year(2022, "200个", "<300个"), year(2023, "20个", "<300个")) == []
    assert hits("XY_DROP", year(2022, "200家"), year(2023, "20个")) == []


def test_related_forms_are_named_and_capped():
    (first, *_) = BATCH_RULES["SAT_REUSED"](batch(*[one("用户满意度", "97.36%")] * 30))
    assert len(first.related) == 20
    assert first.related[0] == ("made_up.txt", 2, (1,))
