"""Family E and SCORE_NOT_PROPORTIONAL: points given, points earned, and the reasons between them."""

from decimal import Decimal

import pytest
from appraisal.made_up import COLUMNS, form, found, row, rows_of

from keheng.appraisal.model import Column, FormKind, Row

D = Decimal


@pytest.mark.parametrize(
    ("of", "rows"),
    [
        (row(actual="8次", score="30"), [(1,)]),
        (row(actual="8次", score="24.2"), [(1,)]),
        (row(actual="8次", score="24.1"), []),
        (row(actual="8次", score="20"), []),
        (row(actual="10次", score="30"), []),
        (row(actual="8次", score=""), []),
        (row(actual="8次", weight="", score="30"), []),
        (row("停电", "≤3次", "4次", "20", "20"), [(1,)]),
        (row("停电", "≤3次", "4次", "20", "15"), []),
        (row("设备故障率", "5%", "3%", "20", "20"), []),
        (row("场地成本", "10万元", "9万元", "20", "20"), []),
        (row("开放时间", "300天", "280天", "20", "20"), []),
        (row("参观者", "400-500人", "600人", "20", "20"), []),
        (row("完好率", "≥95%", "0.96", "20", "20"), []),
        (row("停电", "≤0次", "2次", "20", "20"), []),
        (row("课程", "≥10次", "8家", "20", "20"), []),
    ],
)
def test_more_points_than_the_share(of: Row, rows: list[tuple[int, ...]]) -> None:
    assert rows_of("SCORE_NOT_PROPORTIONAL", form(of)) == rows


def test_the_share_is_shown() -> None:
    [finding] = found("SCORE_NOT_PROPORTIONAL", form(row(), row("借阅", "≥600人", "150人", "20", "12")))
    assert (finding.rows, finding.points, finding.formula) == ((2,), 7, "20 × 150 ÷ 600 = 5.00")
    assert finding.values == {"name": "借阅", "target": "≥600人", "actual": "150人", "given": "12", "expected": "5.00"}


@pytest.mark.parametrize(
    ("of", "rows"),
    [
        (row(score="29"), [(1,)]),
        (row(score="29.99"), []),
        (row(score="29", reason="一次课程因天气取消"), []),
        (row(score="29", reason="—"), [(1,)]),
        (row(score=""), []),
        (row(weight="", score="29"), []),
        (row("预算执行率", "", "", "8", "6", is_execution=True), []),
    ],
)
def test_deduction_without_a_reason(of: Row, rows: list[tuple[int, ...]]) -> None:
    assert rows_of("DEDUCT_NO_REASON", form(of)) == rows
    assert rows_of("DEDUCT_NO_REASON", form(of, columns=COLUMNS - {Column.REASON})) == []


def test_the_points_lost_are_at_stake() -> None:
    assert [f.points for f in found("DEDUCT_NO_REASON", form(row(score="27.5")))] == [D("2.5")]


@pytest.mark.parametrize(
    ("of", "rows"),
    [
        (row(target="≥10次", actual="10次", score="28"), [(1,)]),
        (row(target="≥10次", actual="10次", score="30"), []),
        (row(target="≥10次", actual="10次", score="28", reason="一次课程质量不足"), []),
        (row(target="≥10次", actual="12次", score="28"), []),
        (row(target=">10次", actual="10次", score="28"), []),
        (row(target="≥10次", actual="10家", score="28"), []),
        (row(target="≥4万次", actual="40000次", score="28"), [(1,)]),
        (row(target="≥4万次", actual="40001次", score="28"), []),
        (row(target="≥95%", actual="95", score="28"), [(1,)]),
        (row(target="≤3次", actual="3.0次", score="28"), [(1,)]),
        (row(target="<3次", actual="3.0次", score="28"), []),
        (row(target="400-500人", actual="400人", score="28"), []),
        (row("制度", "健全", "健全", score="28"), [(1,)]),
        (row("制度", "制度 健全", "制度健全", score="28"), [(1,)]),
        (row("使用年限", "≥三个学期", "三个学期", score="28"), [(1,)]),
        (row("使用年限", ">三个学期", "三个学期", score="28"), []),
        (row("制度", "健全", "较为健全", score="28"), []),
        (row("制度", "", "", score="28"), []),
        (row("制度", "—", "—", score="28"), []),
        (row("制度", "", "健全", score="28"), []),
        (row("制度", "健全", "健全", score=""), []),
    ],
)
def test_attained_but_deducted(of: Row, rows: list[tuple[int, ...]]) -> None:
    assert rows_of("ATTAINED_DEDUCTED", form(of)) == rows


@pytest.mark.parametrize(
    ("of", "rows"),
    [
        (row("制度", "健全", "健全", score="24"), []),
        (row("制度", "健全", "健全", score="23.99"), []),
        (row("制度", "健全", "健全", score="23"), [(1,)]),
        (row("制度", "健全", "较为健全", score="24.01"), []),
        (row("制度", "健全", "较为健全", score="30"), [(1,)]),
        (row("制度", "健全", "较为健全", score="24"), []),
        (row("制度", "健全", "较为健全", score=""), []),
        (row("制度", "健全", "蓬勃", score="5"), []),
        (row(actual="8次", score="30"), []),
    ],
)
def test_points_outside_the_level(of: Row, rows: list[tuple[int, ...]]) -> None:
    assert rows_of("QUAL_BAND", form(of)) == rows


REASON = "受场地改造影响，人数未达到计划"


@pytest.mark.parametrize(
    ("reasons", "rows"),
    [
        ((REASON, REASON, REASON), [(1, 2, 3)]),
        ((REASON, "", REASON), [(1, 3)]),
        ((REASON, "", ""), []),
        ((REASON + "，下一步改进宣传",) * 3, []),
        (("疫情", "疫情", "疫情"), []),
        (("天气一直不好",) * 3, [(1, 2, 3)]),
        (("天气一直差",) * 3, []),
    ],
)
def test_one_reason_for_several_rows(reasons: tuple[str, ...], rows: list[tuple[int, ...]]) -> None:
    names = ("阅览室借阅量", "课程场次", "设备完好率")
    of = form(*(row(name, score="20", reason=reason) for name, reason in zip(names, reasons, strict=True)))
    assert rows_of("REASON_MISMATCH", of) == rows


def test_one_reason_that_fits_both_its_rows_is_fine() -> None:
    of = form(row("场地改造人数", score="20", reason=REASON), row("改造后计划人数", score="20", reason=REASON))
    assert rows_of("REASON_MISMATCH", of) == []


@pytest.mark.parametrize(
    ("rows", "times"),
    [
        ((row(), row(), row()), 1),
        ((row(), row()), 0),
        ((row(), row(), row(score="29.9")), 0),
        ((row(), row(), row(score="")), 0),
        ((row(), row(), row(weight="", score="30")), 0),
        ((row(), row(), row(weight="0", score="0")), 0),
        ((row(), row(), row(), row("预算执行率", "", "", "8", "6", is_execution=True)), 1),
    ],
)
def test_everything_full(rows: tuple[Row, ...], times: int) -> None:
    assert len(found("ALL_FULL", form(*rows))) == times


def in_words(weight: str) -> Row:
    return row("制度", "健全", "健全", weight)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ((in_words("60"), row(weight="40")), [(1,)]),
        ((in_words("59"), row(weight="41")), []),
        ((in_words("30"), row(weight="40"), in_words("30")), [(1, 3)]),
        ((in_words("60"), row(weight="")), []),
        ((row("制度", "健全", "12份", "60"), row(weight="40")), []),
    ],
)
def test_mostly_words(rows: tuple[Row, ...], named: list[tuple[int, ...]]) -> None:
    assert rows_of("QUAL_HEAVY", form(*rows)) == named
    assert rows_of("QUAL_HEAVY", form(*rows, columns=COLUMNS - {Column.TARGET})) == []
    assert rows_of("QUAL_HEAVY", form(*rows, kind=FormKind.TARGETS)) == []


def test_the_share_of_words() -> None:
    assert [f.values["share"] for f in found("QUAL_HEAVY", form(in_words("75"), row(weight="25")))] == ["75%"]


@pytest.mark.parametrize(
    ("of", "rows"),
    [
        (row("科普氛围", "显著提升", "显著提升", "15", level1="效益指标"), [(1,)]),
        (row("科普氛围", "显著提升", "显著提升。", "15", level1="", level2="社会效益指标"), [(1,)]),
        (row("科普氛围", "显著提升", "显著提升", "15", level1="", level2="可持续影响指标"), [(1,)]),
        (row("科普氛围", "显著提升", "显著提升", "10", level1="效益指标"), [(1,)]),
        (row("科普氛围", "显著提升", "显著提升", "9", level1="效益指标"), []),
        (row("科普氛围", "显著提升", "显著提升", "", level1="效益指标"), []),
        (row("科普氛围", "显著提升", "显著提升", "15", "14", level1="效益指标"), []),
        (row("科普氛围", "显著提升", "来访增加三成", "15", level1="效益指标"), []),
        (row("科普氛围", "显著提升", "", "15", level1="效益指标"), []),
        (row("科普氛围", "有", "有", "15", level1="效益指标"), []),
        (row("科普氛围", "—", "—", "15", level1="效益指标"), []),
        (row("课程质量", "良好", "良好", "15", level1="产出指标"), []),
    ],
)
def test_outcome_without_a_measurement(of: Row, rows: list[tuple[int, ...]]) -> None:
    assert rows_of("QUAL_UNMEASURED", form(of)) == rows
