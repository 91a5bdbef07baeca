"""Scoring rules in words: every shape read into bands, parts, deductions and outcomes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keheng.appraisal.bands import Band, parse_rule, points_for
from keheng.appraisal.quantity import parse_quantity

D = Decimal
Steps = list[tuple[int | None, int | None, str, int, int]]


def steps(text: str) -> Steps:
    """Bands as (low, high, which bounds belong, least, most)."""

    def number(value: Decimal | None) -> int | None:
        return None if value is None else int(value)

    def bounds(band: Band) -> str:
        return ("[" if band.low_in else "(") + ("]" if band.high_in else ")")

    return [(number(b.low), number(b.high), bounds(b), int(b.least), int(b.most)) for b in parse_rule(text).bands]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("①300及以上得10分;②200-300得6-9分;③100-200得3-6分;④100以下,不得分。",
         [(300, None, "[]", 10, 10), (200, 300, "[)", 6, 9), (100, 200, "[)", 3, 6), (None, 100, "[)", 0, 0)]),
        ("（参考分值区间,按实际情况打分）①完成率在95%及以上得5分;②完成率大于85%以上不到95%得3-5分;③85%以下,不得分",
         [(95, None, "[]", 5, 5), (85, 95, "[)", 3, 5), (None, 85, "[)", 0, 0)]),
        ("好评率高于或等于90%得8分,低于90%得6分", [(90, None, "[]", 8, 8), (None, 90, "[)", 6, 6)]),
        ("停电数<10次得8分,大于10次小于15次得6分,大于15次不得分", [(None, 10, "[)", 8, 8), (10, 15, "()", 6, 6), (15, None, "(]", 0, 0)]),
        ("≤5次得8分,超过5次不得分", [(None, 5, "[]", 8, 8), (5, None, "(]", 0, 0)]),
        ("①1.2万家及以上得8分;②8000及以上不到1.2万得6-8分", [(12000, None, "[]", 8, 8), (8000, 12000, "[)", 6, 8)]),
        ("①2秒以内得4分;②2秒-3秒得3分", [(None, 2000, "[]", 4, 4), (2000, 3000, "[)", 3, 3)]),
        ("达到80分以上得5分,60-80分得3分,60分以下不得分", [(80, None, "[]", 5, 5), (60, 80, "[)", 3, 3), (None, 60, "[)", 0, 0)]),
        ("3个工作日内办结得5分,超过3个工作日得0分", [(None, 3, "[]", 5, 5), (3, None, "(]", 0, 0)]),
        ("印发1篇简报得6分", [(1, 1, "[]", 6, 6)]),
        ("等于7场得4分", [(7, 7, "[]", 4, 4)]),
        ("日志=365天得4分,少于365天得2分", [(365, 365, "[]", 4, 4), (None, 365, "[)", 2, 2)]),
    ],
)  # fmt: skip
def test_bands(text: str, expected: Steps) -> None:
    assert steps(text) == expected
    assert parse_rule(text).parts == ()


def test_parts_add_up() -> None:
    rule = parse_rule("①制度是否健全;(2分)②流程是否合规;(2分)③资料是否齐全。(1分)")
    assert (rule.parts, rule.bands, rule.outcomes) == ((2, 2, 1), (), ())


@pytest.mark.parametrize(
    ("text", "points"), [("每发生一次停电扣3分,扣完为止。", 3), ("一个故障扣1分。", 1), ("每降低1个百分点扣除0.5分", D("0.5"))]
)
def test_deductions(text: str, points: Decimal) -> None:
    rule = parse_rule(text)
    assert (rule.deduction, rule.bands, rule.parts) == (points, (), ())


def test_a_bound_that_is_no_number_gives_no_band() -> None:
    rule = parse_rule("5%个以上得3分")
    assert (rule.bands, rule.outcomes) == ((), (("5%个以上", 3),))


def test_a_deduction_beside_a_band() -> None:
    rule = parse_rule("一个漏水点扣2分,3个及以上得0分。")
    assert rule.deduction == 2
    assert steps("一个漏水点扣2分,3个及以上得0分。") == [(3, None, "[]", 0, 0)]


def test_outcomes_in_words() -> None:
    assert parse_rule("有演练得4分，无演练得2分。").outcomes == (("有演练", 4), ("无演练", 2))
    assert parse_rule("按时完成得5分,否则不得分").outcomes == (("按时完成", 5), ("否则", 0))


def test_points_said_twice_and_differently() -> None:
    assert parse_rule("少于64个得0分;(3分)").conflicts == ("少于64个得0分(3分)",)
    assert parse_rule("少于64个得3分;(3分)").conflicts == ()
    assert parse_rule("少于64个得2-4分;(3分)").conflicts == ()


@pytest.mark.parametrize("text", ["", "视情况而定", "5%个以上", "得分=完成率×5", "①②③"])
def test_what_fits_no_shape_is_left_out(text: str) -> None:
    rule = parse_rule(text)
    assert (rule.bands, rule.parts, rule.deduction, rule.outcomes, rule.conflicts) == ((), (), None, (), ())


@pytest.mark.parametrize(("value", "held"), [("9", False), ("10", True), ("19", True), ("20", False)])
def test_bounds_of_a_band(value: str, held: object) -> None:
    assert Band(D(10), D(20), True, False, D(1), D(2), "").holds(D(value)) is held


@pytest.mark.parametrize(("value", "held"), [("10", False), ("11", True), ("20", True), ("21", False)])
def test_the_other_bounds_of_a_band(value: str, held: object) -> None:
    assert Band(D(10), D(20), False, True, D(1), D(2), "").holds(D(value)) is held


@pytest.mark.parametrize(
    ("text", "something"),
    [("300及以上得8分", True), ("①制度;(3分)", True), ("有演练得4分", True), ("每次扣1分", True), ("按比例计分", False), ("", False)],
)
def test_whether_a_rule_says_something(text: str, something: object) -> None:
    assert parse_rule(text).says_something is something


RULE = "①2秒以下得4分;②2秒-2.5秒得3分;③2.5秒-3秒得1-2分;④3秒以上不得分。"


@pytest.mark.parametrize(
    ("actual", "points"), [("900毫秒", (4, 4)), ("2秒", (3, 3)), ("2.6秒", (1, 2)), ("4秒", (0, 0)), ("很快", None), ("", None)]
)
def test_points_for_an_actual_value(actual: str, points: tuple[int, int] | None) -> None:
    assert points_for(RULE, parse_quantity(actual)) == points


def test_a_value_between_bands_has_no_points() -> None:
    assert points_for("大于10次得4分,小于10次得2分", parse_quantity("10次")) is None


@given(st.text(alphabet="①②;。,得不扣每分-以上下及0123456789%万(个)大小于等<>≥ ", max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for band in parse_rule(text).bands:
        assert band.low is not None or band.high is not None


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 20))
def test_neighbouring_bands_read_back(low: int, step: int, points: int) -> None:
    text = f"①{low + step}及以上得{points}分;②{low}-{low + step}得{points - 1}分;③{low}以下,不得分"
    assert steps(text) == [
        (low + step, None, "[]", points, points),
        (low, low + step, "[)", points - 1, points - 1),
        (None, low, "[)", 0, 0),
    ]
