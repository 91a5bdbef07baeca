"""Family B: budget execution, each code with its near miss."""

from decimal import Decimal
from typing import Any

import pytest
from appraisal.made_up import cell, form, found, fund_line, row

from keheng.appraisal.auditing.finding import Severity
from keheng.appraisal.model import BLANK, Cell, EvaluationForm, Funds
from keheng.appraisal.reading.funds import money


def spent(executed: str, annual: str = "200000.00", rate: str = "", initial: str = "", **more: Any) -> EvaluationForm:
    unit = more.pop("unit", "元")
    line = fund_line(initial or annual, annual, executed, rate, more.pop("weight", "10"), more.pop("points", ""), unit)
    return form(*more.pop("rows", ()), total=line, unit=unit, **more)


@pytest.mark.parametrize(
    ("executed", "annual", "rate", "unit", "codes"),
    [
        ("190000", "200000", "95.00%", "元", []),
        ("186540", "200000", "93.00%", "元", ["EXEC_RATE"]),
        ("146842", "200000", "73.42%", "元", []),
        ("146842", "200000", "73.43%", "元", []),
        ("146848", "200000", "73.42%", "元", []),
        ("146842", "200000", "73.41%", "元", ["EXEC_RATE"]),
        ("186560", "200000", "93.29%", "元", []),
        ("199990", "200000", "100.00%", "元", ["EXEC_RATE_ROUND"]),
        ("199980", "200000", "100.00%", "元", ["EXEC_RATE_ROUND"]),
        ("199900", "200000", "100.00%", "元", ["EXEC_RATE"]),
        ("200000", "200000", "100.00%", "元", []),
        # Fewer printed places promise less.
        ("186540", "200000", "93%", "元", []),
        ("183900", "200000", "93%", "元", ["EXEC_RATE"]),
        ("186540", "200000", "93.3%", "元", []),
        ("199000", "200000", "100%", "元", ["EXEC_RATE_ROUND"]),
        # A share printed without a per cent sign.
        ("186540", "200000", "0.9327", "元", []),
        ("186540", "200000", "0.9300", "元", ["EXEC_RATE"]),
        ("186540", "200000", "0.93", "元", []),
        ("186540", "200000", "93.27", "元", []),
        # Amounts in 万元 are intervals of ±0.005.
        ("0.11", "0.15", "73.00%", "万元", []),
        ("0.11", "0.15", "80.00%", "万元", ["EXEC_RATE"]),
        ("15", "20", "74.00%", "万元", ["EXEC_RATE"]),
        ("", "200000", "93.00%", "元", []),
        ("186540", "", "93.00%", "元", []),
        ("186540", "200000", "", "元", []),
        ("186540", "200000", "约九成", "元", []),
    ],
)
def test_printed_rates(executed: str, annual: str, rate: str, unit: str, codes: list[str]) -> None:
    of = spent(executed, annual, rate, unit=unit)
    assert [code for code in ("EXEC_RATE", "EXEC_RATE_ROUND") if found(code, of)] == codes


def test_the_division_is_shown() -> None:
    [finding] = found("EXEC_RATE", spent("186540", "200000", "93.00%"))
    assert finding.formula == "186540 ÷ 200000 = 93.2700%"
    assert [each.text for each in finding.cells] == ["93.00%", "186540", "200000"]
    assert finding.values["exact"] == "93.27%"


@pytest.mark.parametrize(
    ("of", "policy", "times"),
    [
        (spent("190000", points="9.50"), "mof-2020", 0),
        (spent("190000", points="9.51"), "mof-2020", 0),
        (spent("190000", points="9.49"), "mof-2020", 0),
        (spent("190000", points="9.48"), "mof-2020", 1),
        (spent("190000", points="10"), "mof-2020", 1),
        (spent("190000", points="8.0"), "mof-2020", 1),
        (spent("190000", points=""), "mof-2020", 0),
        (spent("190000", "", points="10"), "mof-2020", 0),
        (spent("190000", points="9.4"), "sh-2020", 0),
        (spent("190000", points="3"), "sh-2020", 1),
        (spent("190000", points="11"), "sh-2020", 1),
        (spent("250000", points="12.5"), "mof-2020", 1),
        (spent("146842", points="7.35"), "sh-2022", 0),
        (spent("146842", points="7.34"), "sh-2022", 0),
    ],
)
def test_points_for_execution(of: EvaluationForm, policy: str, times: int) -> None:
    assert len(found("EXEC_SCORE", of, policy)) == times


def test_execution_inside_the_table_is_named_by_its_row() -> None:
    of = form(row(), row("预算执行率", "", "", "8", "8", is_execution=True), total=fund_line("", "100", "75"))
    [finding] = found("EXEC_SCORE", of, "sh-2019-a")
    assert (finding.rows, finding.place, [cell.text for cell in finding.cells]) == ((2,), "score", ["8"])
    assert (finding.values["low"], finding.values["high"]) == ("4", "6")
    [beside] = found("EXEC_SCORE", spent("190000", points="8.0"))
    assert (beside.rows, beside.place, [cell.text for cell in beside.cells]) == ((), "funds.score", ["8.0"])


def test_without_a_known_rule_there_is_a_hint_only() -> None:
    [hint] = found("EXEC_SCORE", spent("190000", points="3"), "sh-2020")
    assert (hint.severity, hint.variant, hint.confidence, hint.values["low"]) == (Severity.INFO, "unknown", 0.4, "9.5")
    [wrong] = found("EXEC_SCORE", spent("190000", points="11"), "sh-2020")
    assert (wrong.severity, wrong.variant, wrong.values["high"]) == (Severity.HIGH, "default", "10")


def test_points_off_the_rule_show_the_interval() -> None:
    [finding] = found("EXEC_SCORE", spent("190000", points="10"))
    assert finding.values == {"printed": "10", "low": "9.5", "high": "9.5", "rate": "95.00%"}
    assert (finding.points, finding.confidence) == (Decimal("0.5"), 0.9)
    assert found("EXEC_SCORE", spent("190000", points="10", template="unknown"))[0].confidence == 0.6


@pytest.mark.parametrize(
    ("executed", "annual", "unit", "times"),
    [
        ("200000.01", "200000.00", "元", 1),
        ("200000.00", "200000.00", "元", 0),
        ("199999.99", "200000.00", "元", 0),
        ("20.01", "20.00", "万元", 1),
        # Unequal places: 20.003 万元 may be what stands behind both.
        ("20.003", "20.00", "万元", 0),
        ("20.005", "20.00", "万元", 0),
        ("20.006", "20.00", "万元", 1),
        ("", "20", "万元", 0),
        ("20", "", "万元", 0),
    ],
)
def test_more_spent_than_budgeted(executed: str, annual: str, unit: str, times: int) -> None:
    findings = found("EXEC_OVER", spent(executed, annual, unit=unit))
    assert [f.severity for f in findings] == [Severity.CRITICAL] * times


def test_spending_on_no_budget_has_no_rate() -> None:
    [finding] = found("EXEC_OVER", spent("5", "0"))
    assert finding.values == {"executed": "5", "annual": "0", "rate": "—"}


@pytest.mark.parametrize(
    ("of", "times"),
    [
        (spent("179999"), 1),
        (spent("180000"), 0),
        (spent("100000", rows=(row(reason="经费在年底前尚未付清"),)), 0),
        (spent("100000", rows=(row(reason="天气原因课程顺延"),)), 1),
        (spent("100000", extras={"problems": cell("合同尾款支付较慢，存在结余")}), 0),
        (spent("100000", extras={"results": cell("项目资金保障了课程开展")}), 1),
        (spent("", "", "72.00%"), 1),
        (spent("", "", "92.00%"), 0),
        (spent("", "", "0.72"), 0),
        (spent("", ""), 0),
        (spent("100000", rows=(row("预算执行率", "", "", "8", is_execution=True, reason="招标推迟"),)), 0),
    ],
)
def test_low_execution_without_a_reason(of: EvaluationForm, times: int) -> None:
    assert len(found("EXEC_LOW_NO_REASON", of)) == times


@pytest.mark.parametrize(
    ("of", "variants"),
    [
        (spent("180000", "180000", initial="200000"), ["default"]),
        (spent("180100", "180000", initial="200000"), ["default"]),
        (spent("179900", "180000", initial="200000"), ["default"]),
        (spent("179821", "180000", initial="200000"), ["default"]),
        (spent("179820", "180000", initial="200000"), ["soft"]),
        (spent("182000", "182000", initial="200000"), ["soft"]),
        (spent("190000", "190000", initial="200000"), []),
        (spent("200000", "200000", initial="200000"), []),
        (spent("240000", "240000", initial="200000"), []),
        (spent("180000", "180000", initial="200000", rows=(row(reason="年中预算调减"),)), []),
        (spent("180000", "180000", initial="200000", achieved="按要求压减后完成"), []),
        (spent("180000", "180000", initial="0"), []),
        (spent("0", "0", initial="200000"), []),
        (spent("", "180000", initial="200000"), []),
        (spent("180000", "", initial="200000"), []),
        (form(total=fund_line("", "180000", "180000")), []),
    ],
)
def test_budget_cut_and_spent(of: EvaluationForm, variants: list[str]) -> None:
    assert [f.variant for f in found("BUD_CUT", of)] == variants


def test_a_mere_cut_is_a_soft_hint() -> None:
    [hard], [soft] = (
        found("BUD_CUT", spent("180000", "180000", initial="200000")),
        found("BUD_CUT", spent("182000", "182000", initial="200000")),
    )
    assert (hard.severity, soft.severity) == (Severity.MEDIUM, Severity.LOW)
    assert hard.formula == "1 − 180000 ÷ 200000 = 10.00%"


@pytest.mark.parametrize(
    ("recurring", "prior", "times"), [("是", "0.00", 1), ("否", "0.00", 0), ("是", "150000.00", 0), ("是", "", 0), ("", "0.00", 0)]
)
def test_recurring_project_without_a_budget_last_year(recurring: str, prior: str, times: int) -> None:
    funds = Funds("元", fund_line("", "200000", "190000"), prior_year=money(Cell(prior), "元") if prior else None)
    of = form(funds=funds, extras={"recurring": cell(recurring)} if recurring else {})
    assert len(found("BUD_PRIOR", of)) == times


@pytest.mark.parametrize(
    ("of", "times"),
    [
        (spent("99999"), 1),
        (spent("100000"), 0),
        (spent("50000", rows=(row(), row(score="29"))), 0),
        (spent("50000", rows=(row(), row(score=""))), 0),
        (spent("", ""), 0),
    ],
)
def test_everything_reached_with_little_money(of: EvaluationForm, times: int) -> None:
    assert len(found("BUD_OVEREST", of)) == times


def test_no_rows_nothing_reached() -> None:
    of = EvaluationForm("empty.txt", 1, funds=Funds("元", fund_line("", "100", "10")))
    assert found("BUD_OVEREST", of) == []


@pytest.mark.parametrize(
    ("of", "times"),
    [
        (spent("99999", grade="优"), 1),
        (spent("99999", grade="优秀"), 1),
        (spent("99999", grade="优秀", template="sh-2020"), 1),
        (spent("99999", grade="良"), 0),
        (spent("99999", grade=BLANK), 0),
        (spent("100000", grade="优"), 0),
        (spent("", "", "45.00%", grade="优"), 1),
        (spent("", "", grade="优"), 0),
    ],
)
def test_top_grade_with_little_spent(of: EvaluationForm, times: int) -> None:
    assert [f.severity for f in found("GRADE_VS_EXEC", of)] == [Severity.CRITICAL] * times
