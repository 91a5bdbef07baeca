"""Family F: scoring rules in words, held against the weight, against themselves and against the goal."""

import pytest
from appraisal.made_up import form, found, row

GOOD = "①300及以上得10分;②200-300得6-9分;③200以下,不得分"


def findings(code: str, rule: str, weight: str = "10", name: str = "阅览人数", goal: str = "") -> list[dict[str, str]]:
    of = form(row(name, "", "", weight, rule=rule), goal=goal, template="sh-2019-b")
    return [dict(finding.values) for finding in found(code, of)]


@pytest.mark.parametrize(
    ("rule", "weight", "points"),
    [
        (GOOD, "10", []),
        (GOOD, "8", ["10"]),
        (GOOD, "9.99", []),
        ("①300及以上得8分;②200-300得6-8分", "8", []),
        ("①300及以上得8分;②200-300得6-8.01分", "9", []),
        ("①300及以上得6分;②200-300得5-7分", "6", ["7"]),
        ("①300及以上得8分;②200-300得5-9分;③200以下,不得分", "10", ["9"]),
        ("①3次以内得4分;②3-5次得2-5分;③5次以上不得分", "10", ["5"]),
        ("有演练得6分,无演练得2分", "5", ["6"]),
        ("①制度健全;(3分)②流程合规;(3分)", "2", ["3"]),
        ("①制度健全;(3分)②流程合规;(3分)", "6", []),
        # Points out of a hundred, turned into the weight afterwards.
        ("①300及以上得100分;②200-300得60-80分", "10", []),
        ("优秀得20分,良好得15分,按权重折算", "10", []),
        ("每发生一次扣20分", "10", []),
        (GOOD, "", []),
        ("", "10", []),
    ],
)
def test_a_step_above_the_weight_or_above_a_better_one(rule: str, weight: str, points: list[str]) -> None:
    assert [values["points"] for values in findings("RULE_BAND_GT_WT", rule, weight)] == points


def test_a_worse_step_above_a_better_one_reads_differently() -> None:
    def variants(weight: str) -> list[str]:
        of = form(row("阅览人数", "", "", weight, rule="①300及以上得6分;②200-300得5-7分"))
        return [finding.variant for finding in found("RULE_BAND_GT_WT", of)]

    assert (variants("6"), variants("8")) == (["default"], ["upside_down"])


def test_one_clause_with_two_promises() -> None:
    assert findings("RULE_TEXT_CONFLICT", "不少于64个得5分;少于64个得0分;(3分)") == [{"name": "阅览人数", "clause": "少于64个得0分(3分)"}]
    assert findings("RULE_TEXT_CONFLICT", GOOD) == []


@pytest.mark.parametrize(
    ("rule", "gap"),
    [
        (GOOD, []),
        ("大于10次得4分,小于10次得2分", ["10"]),
        ("①300及以上得10分;②200-250得6分;③200以下,不得分", ["250–300"]),
        ("①90%及以上得8分;②80%-89%得5分;③80%以下不得分", []),
        ("100%得8分,90%以上未达100%得6分", ["< 90"]),
        ("300以上得8分,200以上未达300得6分,否则不得分", []),
        ("300以上得8分,200以上未达300得0分", []),
        ("300以上得8分", []),
        ("①0以上得8分;②5以上得9分", []),
        ("①3次以内得4分;②5次以内得3分", []),
        ("每发生一次扣1分", []),
    ],
)
def test_values_without_points(rule: str, gap: list[str]) -> None:
    assert [values["gap"] for values in findings("RULE_GAP", rule)] == gap


@pytest.mark.parametrize(
    ("rule", "weight", "share"),
    [
        ("高于或等于90%得8分,低于90%得6分", "8", ["75%"]),
        ("高于或等于90%得8分,低于90%得4分", "8", []),
        ("有演练得5分,无演练得3分", "5", ["60%"]),
        (GOOD, "10", []),
        ("高于或等于90%得8分", "8", []),
        ("高于或等于90%得8分,低于90%得6分", "0", []),
    ],
)
def test_most_points_for_the_worst(rule: str, weight: str, share: list[str]) -> None:
    assert [values["share"] for values in findings("RULE_FLOOR", rule, weight)] == share


@pytest.mark.parametrize(
    ("name", "rule", "goal", "line"),
    [
        ("网络带宽", "①带宽大于等于150M得6分;②低于150M得3分", "网络带宽不小于100M。", ["150"]),
        ("网络带宽", "①带宽大于等于100M得6分;②低于100M得3分", "网络带宽不小于100M。", []),
        ("网络带宽", "①带宽大于等于100M得6分;②低于100M得3分", "", []),
        ("网络带宽", "①带宽大于等于150M得6分;②低于150M得3分", "举办课程不少于12场。", []),
        ("网络带宽", "①带宽大于等于150M得6分;②低于150M得3分", "网络带宽不小于100M，举办课程12场。", ["150"]),
        ("网络带宽", "①带宽大于等于150M得6分;②低于150M得3分", "举办课程12场，网络带宽不小于100M。", ["150"]),
        ("网络带宽", "视情况而定", "网络带宽不小于100M。", []),
        ("网络带宽", "带宽大于等于150M得6分", "网络带宽不小于100M。", []),
        # The row's name is another than the goal's, but the rule says what it counts.
        ("保障能力", "阅览座位大于等于80个得5分;少于80个得0分", "阅览座位不少于50个。", ["80"]),
        ("保障能力", "座位数大于等于80个得5分;少于80个得0分", "座位数不少于50个。", ["80"]),
        ("停电次数", "停电次数<10次得8分,大于10次小于15次得6分", "停电次数少于10次。", []),
        ("停电次数", "停电次数≤8次得8分,大于8次得6分", "停电次数少于10次。", ["8"]),
        ("来访人数", "来访人数超过500人得8分,500人以下得6分", "来访人数大于500人。", []),
        ("来访人数", "来访人数超过500人得8分,500人以下得6分", "来访人数不少于500人。", ["500"]),
        ("漏水点数", "一个漏水点扣2分,3个及以上得4分", "漏水点数少于5个。", []),
        ("漏水点数", "一个漏水点扣2分,3个及以上得0分", "漏水点数少于5个。", ["3"]),
        ("漏水点数", "一个漏水点扣2分,5个及以上得0分", "漏水点数少于5个。", []),
        ("漏水点数", "一个漏水点扣2分,3个以下得0分", "漏水点数少于5个。", []),
    ],
)
def test_the_line_for_full_points_and_the_goal(name: str, rule: str, goal: str, line: list[str]) -> None:
    assert [values["line"] for values in findings("RULE_GOAL_CONFLICT", rule, name=name, goal=goal)] == line
