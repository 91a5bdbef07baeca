"""Whole scorecards: membership of execution points by arithmetic, totals, caps, grades, comparison of policies."""

from decimal import Decimal

import pytest
from appraisal.made_up import form, fund_line, row

from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.policy import load_policy
from keheng.appraisal.scoring.engine import compare, grade_of, membership, score, side_of, total_of
from keheng.appraisal.scoring.rounding import plain, rounded
from keheng.appraisal.scoring.scorecard import Basis, Membership

D = Decimal
CENT = D("0.01")
MOF = load_policy("mof-2020")


def with_totals(weights: str, scores: str, **more: str) -> EvaluationForm:
    line = {"initial": "100", "annual": "100", "executed": "95", "weight": "10", "score": "9.5", **more}
    return form(total=fund_line(**line), weight_total=weights, score_total=scores)


def test_a_sum_of_some_is_no_sum() -> None:
    assert (total_of([D(1), D(2)]), total_of([D(1), None]), total_of([])) == (3, None, 0)


@pytest.mark.parametrize(
    ("rows", "printed", "extra", "side"),
    [
        (D(90), D(100), D(10), Membership.IN),
        (D(100), D(100), D(10), Membership.OUT),
        (D(86), D(100), D(10), Membership.NEITHER),
        (D(100), D(100), D(0), Membership.UNKNOWN),
        (D(100), D(100), None, Membership.UNKNOWN),
        (D(90), D("100.01"), D(10), Membership.IN),
        (D(90), D("100.02"), D(10), Membership.NEITHER),
        (D(100), D("100.01"), D(10), Membership.OUT),
        (None, D(100), D(10), Membership.UNKNOWN),
        (D(90), None, D(10), Membership.UNKNOWN),
    ],
)
def test_which_side_a_total_is_on(rows: Decimal | None, printed: Decimal | None, extra: Decimal | None, side: Membership) -> None:
    assert side_of(rows, printed, extra, CENT) is side


@pytest.mark.parametrize(
    ("of", "side"),
    [
        (with_totals("100", "99.5"), Membership.IN),
        (with_totals("90", "90"), Membership.OUT),
        (with_totals("90", "99.5"), Membership.OUT),
        (with_totals("97", "99.5"), Membership.IN),
        (with_totals("97", "98"), Membership.NEITHER),
        (with_totals("97", ""), Membership.NEITHER),
        (with_totals("100", "99.5", weight="", score=""), Membership.UNKNOWN),
        (form(row("预算执行率", "", "", "8", is_execution=True)), Membership.INSIDE_TABLE),
    ],
)
def test_membership_of_execution_points(of: EvaluationForm, side: Membership) -> None:
    assert membership(of, CENT) is side


def test_a_faultless_form() -> None:
    card = score(form(), MOF)
    assert (card.policy, card.version, card.membership) == ("mof-2020", 1, Membership.IN)
    assert (card.weight_sum, card.score_sum) == (90, 90)
    assert (card.total_min, card.total_max, card.total_expected) == (D("99.50"), D("99.50"), D("99.50"))
    assert (card.grade_printed, card.grade_expected, card.cap) == ("优", "优", None)


def test_points_outside_the_total_are_left_outside() -> None:
    assert score(with_totals("90", "90"), MOF).total_expected == 90


def test_execution_counts_where_only_its_score_is_printed() -> None:
    assert score(with_totals("100", "99.5", weight=""), MOF).total_expected == D("99.5")


def test_a_form_without_execution_points_has_the_sum_of_its_rows() -> None:
    assert score(form(total=fund_line("100", "100", "95")), MOF).total_expected == 90


def test_without_a_weight_there_is_no_total() -> None:
    card = score(form(row(), row(weight="", score="5")), MOF)
    assert (card.weight_sum, card.total_min, card.total_max, card.total_expected) == (None, None, None, None)


def test_qualitative_rows_leave_the_total_open() -> None:
    card = score(form(row(), row("制度", "健全", "较为健全", score="27"), row("借阅", "≥5次", "6次")), MOF)
    assert (card.total_min, card.total_max, card.total_expected) == (D("87.50"), D("93.50"), D("93.50"))


def test_a_row_without_a_score_has_no_best_guess() -> None:
    card = score(form(row("制度", "健全", "健全", score="")), MOF)
    assert (card.total_min, card.total_max, card.total_expected) == (D("33.50"), D("39.50"), None)


def test_unknown_execution_keeps_what_was_given() -> None:
    line = fund_line("", "", "", "95%", "10", "8")
    assert score(form(total=line), MOF).total_expected == 98


@pytest.mark.parametrize(
    ("executed", "cap"),
    [
        ("100", None),
        ("80", None),
        ("79.99", 89),
        ("70", 89),
        ("69.99", 79),
        ("60", 79),
        ("59.99", 69),
        ("50", 69),
        ("49.99", 59),
        ("", None),
    ],
)
def test_caps_by_rate(executed: str, cap: int | None) -> None:
    card = score(form(total=fund_line("100", "100", executed, "", "10", "5")), load_policy("manual-2022"))
    assert card.cap == cap
    if cap is not None and card.total_max is not None:
        assert card.total_max == min(cap, card.total_max)


def test_the_cap_holds_for_the_whole_total() -> None:
    card = score(form(total=fund_line("100", "100", "15", "", "10", "1.5")), load_policy("manual-2022"))
    assert (card.total_min, card.total_max, card.total_expected) == (59, 59, 59)


def test_execution_inside_the_table_is_scored_by_its_bands() -> None:
    of = form(row(), row("预算执行率", "", "", "8", "8", is_execution=True), total=fund_line("", "100", "85"), template="sh-2019-a")
    card = score(of, load_policy("sh-2019-a"))
    assert (card.rows[1].basis, card.rows[1].legal_min, card.rows[1].legal_max) == (Basis.EXECUTION, 6, 8)
    assert (card.total_min, card.total_max) == (36, 38)


def test_bands_do_not_reach_beyond_the_row() -> None:
    of = form(row("预算执行率", "", "", "5", "5", is_execution=True), total=fund_line("", "100", "95", "", "8"), template="sh-2019-a")
    assert [(each.legal_min, each.legal_max) for each in score(of, load_policy("sh-2019-a")).rows] == [(5, 5)]


def test_execution_inside_the_table_without_amounts_stays_open() -> None:
    of = form(row("预算执行率", "", "", "8", "8", is_execution=True), total=fund_line())
    assert score(of, load_policy("sh-2019-a")).rows[0].basis is Basis.UNKNOWN


def test_sections_carry_their_usual_points() -> None:
    of = form(row(), row(weight="20"), row("读者满意度", "≥90%", "95%", "12", level1="满意度指标（12分）"), row(weight=""))
    assert [(s.label, s.weight, s.given, s.usual) for s in score(of, MOF).sections] == [
        ("产出指标", 50, 50, 50),
        ("满意度指标", 12, 12, 10),
    ]


@pytest.mark.parametrize(
    ("total", "policy", "grade"),
    [
        ("90", "mof-2020", "优"), ("89.99", "mof-2020", "良"), ("80", "mof-2020", "良"), ("79.99", "mof-2020", "中"),
        ("60", "mof-2020", "中"), ("59.99", "mof-2020", "差"), ("75", "sh-2019-a", "良好"),
        ("74.99", "sh-2019-a", "合格"), ("95", "sh-2020", None),
    ],
)  # fmt: skip
def test_grades(total: str, policy: str, grade: str | None) -> None:
    assert grade_of(D(total), load_policy(policy)) == grade


def test_no_total_no_grade() -> None:
    assert grade_of(None, MOF) is None


@pytest.mark.parametrize(("printed", "read"), [("优秀", "优"), ("优", "优"), ("特等", "特等"), ("", None)])
def test_a_printed_grade_in_the_policys_words(printed: str, read: str | None) -> None:
    assert score(form(grade=printed), MOF).grade_printed == read


def test_two_policies_compared_show_only_what_differs() -> None:
    of = form(row(actual="20次"), row("制度", "健全", "较为健全", score="20"), total=fund_line("100", "100", "40", "40%", "10", "4"))
    assert compare(of, MOF, MOF) == []
    assert compare(of, MOF, load_policy("manual-2022")) == [("开放实验室课程", "30", "28"), ("总分", "54", "52"), ("总分上限", "—", "59")]
    assert compare(of, MOF, load_policy("hubei-2020")) == [("制度", "18–24", "15–24")]


@pytest.mark.parametrize(
    ("mode", "value", "result"),
    [
        ("half_up", "1.005", "1.01"),
        ("half_up", "1.004", "1.00"),
        ("down", "1.009", "1.00"),
        ("up", "1.001", "1.01"),
        ("up", "1.00", "1.00"),
    ],
)
def test_roundings(mode: str, value: str, result: str) -> None:
    assert rounded(D(value), (mode, 2)) == D(result)


@pytest.mark.parametrize(("value", "text"), [("5.00", "5"), ("9.5", "9.5"), ("0.00001", "0"), ("-0.00001", "0"), ("100", "100")])
def test_numbers_as_people_write_them(value: str, text: str) -> None:
    assert plain(D(value)) == text
