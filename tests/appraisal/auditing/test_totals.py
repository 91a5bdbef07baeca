"""Family A: what the sums, the grade and the head of a form say, and the near misses that say nothing."""

from decimal import Decimal

import pytest
from appraisal.made_up import COLUMNS, form, found, fund_line, row, rows_of

from keheng.appraisal.auditing.finding import Severity
from keheng.appraisal.model import Cell, Column, EvaluationForm, FormKind, FundLine, Unread

A = ("WT_TOTAL", "SC_TOTAL", "ROW_LOST", "EXEC_NOT_IN_TOTAL")


def sums(
    weights: str = "100", scores: str = "99.50", weight: str = "10", score: str = "9.50", rows: tuple[str, ...] = ("30",) * 3
) -> EvaluationForm:
    """Three rows of 30 points in full, execution 9.5 of 10, and the printed totals."""
    total = fund_line("100", "100", "95", "95%", weight, score)
    return form(*(row(weight=each) for each in rows), total=total, weight_total=weights, score_total=scores)


def codes(of: EvaluationForm) -> list[str]:
    return [code for code in A if found(code, of)]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (sums(), []),
        (sums("90", "90"), ["EXEC_NOT_IN_TOTAL"]),
        (sums("100", "90"), ["EXEC_NOT_IN_TOTAL"]),
        (sums("90", "99.50"), ["EXEC_NOT_IN_TOTAL"]),
        (sums("104", "103.50"), ["WT_TOTAL", "SC_TOTAL", "ROW_LOST"]),
        (sums("104", "102.50"), ["WT_TOTAL", "SC_TOTAL"]),
        (sums("96", "95.50"), ["WT_TOTAL", "SC_TOTAL"]),
        (sums("104"), ["WT_TOTAL"]),
        (sums("100", "97.50"), ["SC_TOTAL"]),
        (sums("100.01", "99.51"), []),
        (sums("100", "99.52"), ["SC_TOTAL"]),
        (sums("90.01", "90.01"), ["EXEC_NOT_IN_TOTAL"]),
        (sums("104", "103.49"), ["WT_TOTAL", "SC_TOTAL", "ROW_LOST"]),
        (sums("104", "103.48"), ["WT_TOTAL", "SC_TOTAL"]),
        (sums("", ""), []),
        # The execution cells are blank: what is missing may be just what they hold.
        (sums("100", "99.50", "", ""), []),
        (sums("90", "90", "", ""), []),
        (sums("100.01", "100.01", "", ""), []),
        (sums("100.02", "100.02", "", ""), ["WT_TOTAL", "SC_TOTAL", "ROW_LOST"]),
        (sums("103", "99.50", "", ""), ["WT_TOTAL"]),
        (sums("100", "101.00", "", ""), ["SC_TOTAL"]),
        (sums("100", "88.00", "", ""), ["SC_TOTAL"]),
        (sums("100", "95.00", "10", ""), []),
        (sums("100", "100.20", "10", ""), ["SC_TOTAL"]),
        (sums("90", "90", "10", ""), ["EXEC_NOT_IN_TOTAL"]),
        # A weight that could not be read leaves no sum to compare.
        (sums("104", "103.50", rows=("30", "30", "")), []),
    ],
)
def test_totals(of: EvaluationForm, expected: list[str]) -> None:
    assert codes(of) == expected


def test_the_adding_up_is_shown() -> None:
    [weights] = found("WT_TOTAL", sums("104", "103.50"))
    assert weights.formula == "90 + 10 = 100 ≠ 104"
    assert weights.values == {"rows": "90", "execution": "10", "sum": "100", "printed": "104", "gap": "4"}
    [scores] = found("SC_TOTAL", sums("104", "103.50"))
    assert (scores.formula, scores.points, scores.place) == ("90 + 9.5 = 99.5 ≠ 103.50", 4, "score_total")
    [lost] = found("ROW_LOST", sums("104", "103.50"))
    assert (lost.values, lost.severity) == ({"gap": "4"}, Severity.MEDIUM)


def test_points_outside_the_total_are_named() -> None:
    [left_out] = found("EXEC_NOT_IN_TOTAL", sums("90", "90"))
    assert (left_out.values, left_out.points) == ({"printed": "90", "execution": "10"}, Decimal("9.50"))
    [of_scores] = found("EXEC_NOT_IN_TOTAL", sums("100", "90"))
    assert of_scores.values == {"printed": "90", "execution": "9.5"}


def test_unread_cells_with_numbers_silence_the_sums() -> None:
    def unread(text: str, of: EvaluationForm) -> EvaluationForm:
        return form(
            *of.rows, total=of.funds.total, weight_total=of.weight_total, score_total=of.score_total, unread=(Unread("row", Cell(text)),)
        )

    assert codes(unread("共 4 分", sums("104", "103.50"))) == []
    assert codes(unread("盖章处", sums("104", "103.50"))) == ["WT_TOTAL", "SC_TOTAL", "ROW_LOST"]
    assert codes(unread("共 4 分", sums("90", "90"))) == []


def test_a_table_read_badly_or_from_its_middle_has_no_sums() -> None:
    def of(**more: object) -> EvaluationForm:
        short = sums("104", "103.50")
        return form(*short.rows, total=short.funds.total, weight_total=short.weight_total, score_total=short.score_total, **more)

    assert codes(of(confidence=0.75)) == ["WT_TOTAL", "SC_TOTAL", "ROW_LOST"]
    assert codes(of(confidence=0.74)) == []
    assert codes(of(title="")) == ["WT_TOTAL", "SC_TOTAL", "ROW_LOST"]
    assert codes(of(project="")) == ["WT_TOTAL", "SC_TOTAL", "ROW_LOST"]
    assert codes(of(title="", project="")) == []


def test_no_rows_no_sums() -> None:
    assert codes(EvaluationForm("empty.txt", 1, weight_total=Cell("100", value=Decimal(100)))) == []


def test_execution_inside_the_table_is_no_extra() -> None:
    rows = (row(weight="92"), row("预算执行率", "", "", "8", is_execution=True))
    assert codes(form(*rows, total=fund_line("", "100", "95"), weight_total="100", score_total="100")) == []
    assert codes(form(*rows, total=fund_line("", "100", "95"), weight_total="100", score_total="96")) == ["SC_TOTAL"]


def test_score_above_weight() -> None:
    of = form(row(), row(weight="30", score="30.5"), row(weight="30", score="30.01"), row(weight="", score="5"), row(weight="5", score=""))
    [over] = found("SCORE_OVER_WT", of)
    assert (over.rows, over.points, over.formula) == ((2,), Decimal("0.5"), "30.5 > 30")


@pytest.mark.parametrize(
    ("total", "grade", "template", "expected"),
    [
        ("92.00", "优", "mof", None),
        ("92.00", "良", "mof", "优"),
        ("89.99", "优", "mof", "良"),
        ("90", "优", "mof", None),
        ("92.00", "良好", "mof", "优"),
        ("85.00", "优秀", "mof", "良"),
        # In another scheme 78 may well be 良好: only the top line is the same everywhere.
        ("78.00", "良好", "mof", None),
        ("78.00", "良好", "sh-2019-a", None),
        ("74.00", "良好", "sh-2019-a", "合格"),
        ("92.00", "", "mof", None),
        ("", "优", "mof", None),
        ("92.00", "特等", "mof", None),
        ("50.00", "优", "sh-2020", None),
    ],
)
def test_grade_against_total(total: str, grade: str, template: str, expected: str | None) -> None:
    findings = found("GRADE_MISMATCH", form(score_total=total, grade=grade, template=template))
    assert [f.values["expected"] for f in findings] == ([] if expected is None else [expected])


def sections(output: str, outcome: str, satisfaction: str, cost: str = "") -> EvaluationForm:
    rows = [
        row(weight=output),
        row("科普覆盖", weight=outcome, level1="效益指标"),
        row("读者满意度", weight=satisfaction, level1="满意度指标"),
    ]
    if cost:
        rows.append(row("场地成本", "≤5万元", "4万元", cost, level1="成本指标"))
    return form(*rows)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (sections("50", "30", "10"), []),
        (sections("40", "30", "10", "10"), []),
        (sections("60", "20", "10"), ["产出指标 60/50，效益指标 20/30，满意度指标 10/10"]),
        (sections("50", "30", "11"), []),
        (sections("50", "28", "12"), ["产出指标 50/50，效益指标 28/30，满意度指标 12/10"]),
        (sections("60", "30", ""), []),
        (form(row(level1="过程指标")), []),
    ],
)
def test_weights_of_level_one(of: EvaluationForm, expected: list[str]) -> None:
    assert [f.values["parts"] for f in found("WT_L1_DEV", of)] == expected


def test_a_target_form_has_no_usual_sections() -> None:
    of = sections("60", "20", "10")
    assert found("WT_L1_DEV", form(*of.rows, kind=FormKind.TARGETS), "mof-2020") == []


def part(label: str, initial: str = "", annual: str = "", executed: str = "", unit: str = "元") -> FundLine:
    return fund_line(initial, annual, executed, label=label, unit=unit)


def funds(*parts: FundLine, total: tuple[str, str, str] = ("100", "100", "95"), unit: str = "元") -> EvaluationForm:
    return form(total=fund_line(*total, unit=unit), parts=parts, unit=unit)


def ten_thousands(total: str, *parts: str) -> EvaluationForm:
    """Annual budgets in 万元."""
    return funds(*(part("资金", "", each, unit="万元") for each in parts), total=("", total, ""), unit="万元")


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (funds(part("当年财政拨款", "100", "90", "85"), part("上年结转", "0", "10", "10")), []),
        (funds(part("当年财政拨款", "100", "90", "85"), part("上年结转", "0", "5", "10")), ["funds.annual"]),
        (funds(part("当年财政拨款", "100", "90", "85"), part("上年结转", "0", "10", "15")), ["funds.executed"]),
        (funds(part("当年财政拨款", "60", "90", "85"), part("其他资金", "30", "10", "10")), ["funds.initial"]),
        (funds(part("当年财政拨款"), part("上年结转"), part("其他资金")), ["funds"]),
        (funds(part("当年财政拨款", "", "100", "95"), part("上年结转", "", "—", "—")), []),
        (funds(part("当年财政拨款", "100", "90", "85")), []),
        (funds(), []),
        (funds(part("当年财政拨款"), part("上年结转"), total=("100", "", "")), []),
        (funds(part("当年财政拨款", "", "50", "50"), part("其他资金", "", "20", "20"), total=("", "", "70")), []),
        # Parts of parts: 中央 and 地方 make up 财政拨款.
        (funds(part("财政拨款", "", "80"), part("中央", "", "50"), part("地方", "", "30"), part("其他", "", "20")), []),
        (funds(part("财政拨款", "", "80"), part("中央", "", "50"), part("地方", "", "33"), part("其他", "", "25")), ["funds.annual"]),
        (funds(*(part(f"第{n}项", "", "1", "1") for n in range(9))), []),
        (funds(*(part(f"第{n}项", "", "1", "1") for n in range(8))), ["funds.annual"]),
        (funds(part("财政拨款", "", "60"), part("上年结转", "", "40"), part("其他", "", "30")), ["funds.annual"]),
        # Amounts in 万元 with two places may each be off by half a place.
        (ten_thousands("10.00", "6.67", "3.34"), []),
        (ten_thousands("10.00", "6.67", "3.36"), ["funds.annual"]),
        (ten_thousands("20", "15", "4"), ["funds.annual"]),
    ],
)  # fmt: skip
def test_sources_of_funds(of: EvaluationForm, expected: list[str]) -> None:
    for line in of.funds.parts:
        assert line.label
    assert [f.place for f in found("FUND_SPLIT", of)] == expected


def test_blank_sources_and_wrong_sums_read_differently() -> None:
    [blank] = found("FUND_SPLIT", funds(part("当年财政拨款"), part("上年结转")))
    [wrong] = found("FUND_SPLIT", funds(part("当年财政拨款", "", "90"), part("上年结转", "", "5")))
    assert (blank.variant, wrong.variant, wrong.formula) == ("blank", "default", "90 + 5 ≠ 100")


@pytest.mark.parametrize(
    ("of", "times"),
    [(form(), 0), (form(year=None), 1), (form(year=None, title=""), 1), (form(year=None, title="", project=""), 0)],
)
def test_the_year_is_missing(of: EvaluationForm, times: int) -> None:
    assert len(found("META_NO_YEAR", of)) == times


@pytest.mark.parametrize(
    ("of", "columns"),
    [
        (form(), []),
        (form(columns=COLUMNS - {Column.TARGET}), []),
        (form(row(target=""), columns=COLUMNS - {Column.TARGET}), ["目标值"]),
        (form(row(actual=""), columns=COLUMNS - {Column.ACTUAL}), ["实际完成值"]),
        (form(row(target="", actual=""), columns=COLUMNS - {Column.TARGET, Column.ACTUAL}), ["目标值、实际完成值"]),
        (form(row(target="", actual="")), []),
        (form(row(target="", actual=""), columns=frozenset({Column.NAME}), kind=FormKind.TARGETS), []),
    ],
)
def test_columns_for_targets_and_actual_values(of: EvaluationForm, columns: list[str]) -> None:
    assert [f.values["columns"] for f in found("NO_TARGET_ACTUAL", of)] == columns


def test_a_form_without_rows_has_no_columns_to_miss() -> None:
    assert rows_of("NO_TARGET_ACTUAL", EvaluationForm("empty.txt", 1)) == []
