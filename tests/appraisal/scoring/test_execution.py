"""Points for budget execution: linear, banded, unknown; roundings; amounts as intervals."""

from decimal import Decimal

import pytest
from appraisal.made_up import form, fund_line, row

from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.policy import load_policy
from keheng.appraisal.scoring.execution import execution_rate, execution_weight, rate_bounds, score_execution

D = Decimal


def spent(executed: str, annual: str = "200000.00", unit: str = "元", score: str = "", weight: str = "10") -> EvaluationForm:
    return form(total=fund_line(annual, annual, executed, "", weight, score, unit), unit=unit)


def points(of: EvaluationForm, policy: str) -> tuple[Decimal, Decimal, Decimal | None]:
    card = score_execution(of, load_policy(policy))
    return card.legal_min, card.legal_max, card.expected


def test_the_rate_is_exact() -> None:
    assert execution_rate(spent("150000.00")) == D("0.75")


@pytest.mark.parametrize(("executed", "annual"), [("", "200000"), ("150000", ""), ("150000", "0"), ("150000", "—")])
def test_no_rate_without_both_amounts(executed: str, annual: str) -> None:
    of = form(total=fund_line("", annual, executed, "", "10", "9"))
    card = score_execution(of, load_policy("mof-2020"))
    assert (execution_rate(of), card.rate, card.legal_min, card.legal_max, card.expected) == (None, None, 0, 10, None)


def test_amounts_in_yuan_are_exact_and_in_ten_thousands_open() -> None:
    exact = rate_bounds(spent("150000").funds.total)
    assert exact == (D("0.75"), D("0.75"), D("0.75"))
    rate, low, high = rate_bounds(spent("15.00", "20.00", "万元").funds.total) or (D(0),) * 3
    assert (rate, low, high) == (D("0.75"), D("14.995") / D("20.005"), D("15.005") / D("19.995"))


def test_whole_ten_thousands_are_no_wider_than_two_places() -> None:
    assert rate_bounds(spent("15", "20", "万元").funds.total) == rate_bounds(spent("15.00", "20.00", "万元").funds.total)


def test_a_tiny_budget_has_no_bound_below_nothing() -> None:
    bounds = rate_bounds(spent("0.00", "0.004", "万元").funds.total)
    assert bounds is not None
    assert bounds[2] > 0


@pytest.mark.parametrize(
    ("policy", "executed", "expected"),
    [
        ("mof-2020", "190000.00", "9.5"),
        ("mof-2020", "185594", "9.28"),
        ("sh-2023", "185594", "9.27"),
        ("mof-2020", "250000.00", "10"),
        ("hubei-2020", "190000.00", "9.5"),
    ],
)
def test_linear_points(policy: str, executed: str, expected: str) -> None:
    assert points(spent(executed), policy)[2] == D(expected)


def test_the_printed_weight_counts_before_the_policys() -> None:
    assert points(spent("190000.00", weight="20"), "mof-2020")[2] == 19
    policy = load_policy("hubei-2020")
    assert execution_weight(spent("190000.00", weight="", score="19"), policy) == 20
    assert execution_weight(spent("190000.00", weight=""), policy) is None


def test_every_usual_rounding_is_legal() -> None:
    low, high, _ = points(spent("146842.00"), "mof-2020")  # 73.421 %
    assert (low, high) == (D("7.3"), D("7.35"))


def test_bands_are_intervals() -> None:
    assert [points(spent(executed, weight="8"), "sh-2019-a")[:2] for executed in ("180000", "179999", "140000", "139999")] == [
        (8, 8), (6, 8), (4, 6), (0, 0),
    ]  # fmt: skip


def test_bands_scale_with_the_row() -> None:
    assert points(spent("170000", weight="16"), "sh-2019-a")[:2] == (12, 16)


def test_an_unknown_rule_judges_nothing_and_advises_linear() -> None:
    card = score_execution(spent("150000"), load_policy("sh-2020"))
    assert (card.legal_min, card.legal_max, card.expected) == (0, 10, D("7.5"))
    assert card.formula == "口径未印制；按线性为 75% × 10 = 7.5"


def test_money_given_back_is_no_negative_score() -> None:
    assert points(spent("-5000"), "mof-2020") == (0, 0, 0)
    assert points(spent("-5000", weight="8"), "sh-2019-a")[:2] == (0, 0)


def test_execution_as_a_row_of_the_table() -> None:
    inside = row("预算执行率", "", "", "8", "6", is_execution=True)
    of = form(inside, total=fund_line("", "200000", "170000"))
    card = score_execution(of, load_policy("sh-2019-a"))
    assert (card.given, card.points, card.legal_min, card.legal_max) == (6, 8, 6, 8)
