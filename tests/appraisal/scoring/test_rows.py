"""Points of one row: the legal interval and the expected value under each part of a policy."""

from decimal import Decimal

import pytest
from appraisal.made_up import row

from keheng.appraisal.model import BLANK, Row
from keheng.appraisal.policy import load_policy
from keheng.appraisal.quantity import parse_quantity
from keheng.appraisal.scoring.rows import Direction, attained, direction, level_of_words, score_row, share
from keheng.appraisal.scoring.scorecard import Basis

D = Decimal
MOF = load_policy("mof-2020")


def interval(of: Row, policy: str = "mof-2020") -> tuple[Basis, Decimal, Decimal, Decimal | None]:
    card = score_row(of, load_policy(policy))
    return card.basis, card.legal_min, card.legal_max, card.expected


@pytest.mark.parametrize(
    ("name", "target", "actual", "met"),
    [
        ("课程", "≥10次", "10次", True),
        ("课程", "≥10次", "9次", False),
        ("课程", ">10次", "10次", False),
        ("课程", ">10次", "11次", True),
        ("课程", "不少于10次", "12", True),
        ("停电", "≤3次", "3次", True),
        ("停电", "≤3次", "4次", False),
        ("停电", "<3次", "3次", False),
        ("停电", "<3次", "2次", True),
        ("响应", "≤2秒", "900毫秒", True),
        ("响应", "≤2秒", "2100毫秒", False),
        ("课程", "=10次", "10次", True),
        ("课程", "=10次", "11次", True),
        ("课程", "10次", "9次", False),
        ("设备故障率", "=5%", "3%", True),
        ("设备故障率", "5%", "8%", False),
        ("单位成本", "200元", "180元", True),
        ("单位成本", "200元", "230元", False),
        ("开放时间", "300天", "280天", None),
        ("投诉", "0起", "0起", True),
        ("投诉", "=0起", "1起", False),
        ("课程", "≥0次", "5次", True),
        ("参观者", "400-500人", "450人", True),
        ("参观者", "400-500人", "500人", True),
        ("参观者", "400-500人", "380人", False),
        ("参观者", "400-500人", "501人", None),
        ("完好率", "≥95%", "0.97", True),
        ("完好率", "≥95%", "0.93", False),
        ("完好率", "≥95%", "1", True),
        ("完好率", "≥95%", "97", True),
        ("参观者", "400-500人", "400人", True),
        ("培训时长", "≥30分钟", "45", True),
        ("培训时长", "≥30分钟", "25", False),
        ("参观者", "≥4万人", "38000", False),
        ("参观者", "≥4万人", "41000", True),
        ("参观者", "≥4万人", "5", None),
        ("参观者", "≥400人", "4.1万", None),
        ("参观者", "400-500", "450人", True),
        ("课程", "≥10次", "12家", None),
        ("课程", "≥10次", "若干", None),
        ("课程", "≥10次", "", None),
        ("课程", "健全", "12次", None),
        ("课程", "≥10次", "8-12次", None),
    ],
)
def test_whether_a_target_is_met(name: str, target: str, actual: str, met: object) -> None:
    of = row(name, target, actual)
    assert attained(of.wanted, of.reached, direction(of)) is met


def test_without_a_direction_more_is_better() -> None:
    assert attained(parse_quantity("10次"), parse_quantity("12次")) is True


@pytest.mark.parametrize(
    ("name", "target", "actual", "ratio"),
    [
        ("课程", "≥10次", "8次", D("0.8")),
        ("课程", "≥10次", "16次", D("1.6")),
        ("停电", "≤3次", "4次", D("0.75")),
        ("停电", "≤3次", "0次", None),
        ("课程", "≥10次", "0次", D(0)),
        ("参观者", "≥4万人", "38000", D("0.95")),
        ("培训时长", "≥30分钟", "24", D("0.8")),
        ("故障率", "5%", "8%", D("0.625")),
        ("完好率", "≥80%", "0.6", D("0.75")),
        ("参观者", "400-500人", "300人", D("0.75")),
        ("课程", "≥0次", "5次", None),
        ("停电", "≤0次", "2次", None),
        ("课程", "≥10次", "—", None),
        ("温差", "≥10度", "-2度", None),
    ],
)
def test_share_of_the_target(name: str, target: str, actual: str, ratio: Decimal | None) -> None:
    of = row(name, target, actual)
    assert share(of.wanted, of.reached, direction(of)) == ratio


@pytest.mark.parametrize(
    ("target", "name", "level2", "way"),
    [
        ("≥5次", "故障修复", "", Direction.MORE),
        (">5次", "成本", "", Direction.MORE),
        ("≤5次", "课程", "", Direction.LESS),
        ("<5次", "课程", "", Direction.LESS),
        ("5次", "课程", "", Direction.MORE),
        ("5次", "投诉", "", Direction.LESS),
        ("5万元", "场地布置", "经济成本指标", Direction.LESS),
        ("5%", "成本节约率", "经济成本指标", Direction.EITHER),
        ("30天", "施工周期", "时效指标", Direction.EITHER),
    ],
)
def test_direction_of_an_indicator(target: str, name: str, level2: str, way: Direction) -> None:
    assert direction(row(name, target, level1=BLANK, level2=level2)) is way


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("健全", "met"), ("较为健全", "partly"), ("基本完成", "partly"), ("比较及时", "partly"), ("部分达成指标并具有一定效果", "partly"),
        ("达成指标", "met"), ("未达成指标", "unmet"), ("不及时", "unmet"), ("未按时完成", None), ("不断优化", None), ("优", "met"),
        ("制度规范基本到位运行", None), ("基本到位，制度规范运", "partly"), ("基本到位，制度规范运行", None), ("蓬勃", None), ("", None), ("制度完善但执行基本停留在书面上的内容", None), ("运行正常，服务及时，资料规范", "met"),
    ],
)  # fmt: skip
def test_level_of_words(text: str, level: str | None) -> None:
    named = level_of_words(text, MOF.levels)
    assert (named and named.id) == level


def test_no_words_no_level() -> None:
    assert level_of_words("健全", ()) is None


def test_met_gives_full_points_and_nothing_else() -> None:
    assert interval(row()) == (Basis.MET, 30, 30, 30)


def test_unmet_gives_its_share_within_the_tolerance() -> None:
    assert interval(row(actual="8次")) == (Basis.PROPORTIONAL, D("23.9"), D("24.1"), 24)
    card = score_row(row(actual="8次"), MOF)
    assert (card.formula, card.ratio, card.clause) == ("30 × 8 ÷ 10 = 24.00", D("0.8"), MOF.clause)


def test_unmet_negative_turns_the_fraction_round() -> None:
    card = score_row(row("停电", "≤3次", "4次", "20"), MOF)
    assert (card.expected, card.formula) == (15, "20 × 3 ÷ 4 = 15.00")


def test_an_interval_never_leaves_the_row() -> None:
    assert interval(row("课程", "≥1000次", "1次", "30"))[1:3] == (0, D("0.13"))
    assert interval(row("课程", "≥1000次", "999次", "30"))[1:3] == (D("29.87"), 30)


@pytest.mark.parametrize(
    ("policy", "actual", "points"),
    [
        ("mof-2020", "13次", 30), ("manual-2022", "12次", 30), ("manual-2022", "13次", 28), ("sc-2020-dept", "12次", 30),
        ("sc-2020-dept", "13次", 0), ("sc-2020-dept", "9次", 0),
    ],
)  # fmt: skip
def test_far_above_or_below_the_target(policy: str, actual: str, points: int) -> None:
    assert interval(row(actual=actual), policy)[3] == points


def test_a_deduction_for_overshooting_never_goes_below_nothing() -> None:
    assert interval(row(actual="20次", weight="1"), "manual-2022") == (Basis.MET, 0, 0, 0)


def test_a_negative_indicator_cannot_overshoot() -> None:
    assert interval(row("停电", "≤10次", "1次"), "manual-2022") == (Basis.MET, 30, 30, 30)


def test_a_policy_without_scoring_judges_nothing_unmet() -> None:
    assert interval(row(actual="8次"), "transfer-2021") == (Basis.UNKNOWN, 0, 30, None)


@pytest.mark.parametrize(("word", "low", "high"), [("健全", 24, 30), ("较为健全", 18, 24), ("未达成", 0, 18)])
def test_qualitative_levels_are_intervals(word: str, low: int, high: int) -> None:
    assert interval(row("管理制度", "健全", word)) == (Basis.LEVEL, low, high, None)


def test_the_middle_level_of_another_province() -> None:
    assert interval(row("管理制度", "健全", "较为健全"), "hubei-2020")[1:3] == (15, 24)


@pytest.mark.parametrize(
    ("target", "actual"),
    [("健全", "蓬勃"), ("≥10次", ""), ("≥10次", "12家"), ("≤0次", "2次"), ("400-500人", "600人")],
)
def test_what_is_unknown_is_never_guessed(target: str, actual: str) -> None:
    card = score_row(row(target=target, actual=actual), MOF)
    assert (card.basis, card.legal_min, card.legal_max, card.expected, card.known) == (Basis.UNKNOWN, 0, 30, None, False)


def test_a_row_without_points_is_no_unread_row() -> None:
    assert score_row(row(weight="0"), MOF).weight == 0


@pytest.mark.parametrize("weight", ["", "—", "-5"])
def test_without_a_weight_nothing_is_known(weight: str) -> None:
    card = score_row(row(weight=weight, score="5"), MOF)
    assert (card.weight, card.legal_min, card.legal_max, card.given) == (None, 0, 0, 5)


def test_the_rows_own_rule_comes_first() -> None:
    rule = "①300及以上得10分;②200-300得6-9分;③200以下,不得分"
    assert interval(row("读者", "≥300人", "250人", "10", rule=rule), "sh-2019-b") == (Basis.BANDS, 6, 9, 9)
    assert interval(row("读者", "≥300人", "", "10", rule=rule), "sh-2019-b") == (Basis.UNKNOWN, 0, 10, None)


@pytest.mark.parametrize(
    ("rule", "basis"),
    [
        ("按比例计分", Basis.PROPORTIONAL),
        ("每少一次扣2分", Basis.UNKNOWN),
        ("①制度;(3分)②流程;(5分)", Basis.UNKNOWN),
        ("有得8分,无不得分", Basis.UNKNOWN),
    ],
)
def test_a_general_sentence_leaves_the_points_to_the_policy(rule: str, basis: Basis) -> None:
    assert score_row(row("读者", "≥300人", "150人", "8", rule=rule), MOF).basis is basis


def test_a_band_above_the_weight_is_cut_to_it() -> None:
    assert interval(row("读者", "", "320人", "8", rule="①300及以上得10分;②300以下得9分"), "sh-2019-b") == (Basis.BANDS, 8, 8, 8)
