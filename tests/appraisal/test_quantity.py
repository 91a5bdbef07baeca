"""Numbers as forms write them: read back whatever the writing, words never taken for numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keheng.appraisal.numerals import chinese_number, normalise, plain_number
from keheng.appraisal.quantity import Kind, Op, parse_quantity

GE, GT, LE, LT, EQ, ABOUT = Op.GE, Op.GT, Op.LE, Op.LT, Op.EQ, Op.ABOUT


@pytest.mark.parametrize(("text", "op", "base", "unit"), [
    ("=5(人)", EQ, "5", "人"), ("≥95.00(%)", GE, "95", "%"), ("≧95％", GE, "95", "%"), (">=4万个", GE, "40000", "个"), ("＞１００", GT, "100", ""),
    ("1114.3566万次", None, "11143566", "次"), ("174毫秒", None, "174", "毫秒"), ("<2S", LT, "2000", "S"), ("≤24.00(小时)", LE, "86400000", "小时"),
    ("≥92百分比", GE, "92", "百分比"), ("不少于10场", GE, "10", "场"), ("10万人次及以上", GE, "100000", "人次"), ("不超过5起", LE, "5", "起"),
    ("30分钟以内", LE, "1800000", "分钟"), ("三场", None, "3", "场"), ("百分之九十", None, "90", "%"), ("约300余家", ABOUT, "300", "家"),
    ("25万元", None, "250000", "元"), ("1,234.50元", None, "1234.5", "元"), ("正向大于等于90%", GE, "90", "%"), ("完成3次", None, "3", "次"),
    ("10台(套)", None, "10", "台(套)"), ("800 人", None, "800", "人"), ("12个月", None, "12", "个月"), ("0.00", None, "0", ""),
])  # fmt: skip
def test_one_number_with_operator_and_unit(text, op, base, unit):
    quantity = parse_quantity(text)
    assert (quantity.kind, quantity.op, quantity.base, quantity.unit) == (Kind.NUMBER, op, Decimal(base), unit)


@pytest.mark.parametrize(("text", "low", "high"), [("400-500", 400, 500), ("8 ~ 10 天", 8, 10), ("5%-10%", 5, 10), ("1—2项", 1, 2)])
def test_ranges_keep_both_ends(text, low, high):
    quantity = parse_quantity(text)
    assert (quantity.kind, quantity.base, quantity.base_high) == (Kind.RANGE, low, high)


@pytest.mark.parametrize("text", [
    "达成指标", "全年正常运营", "全国前3", "2023年12月底前", "12月31日前", "三等奖", "十佳", "第一", "5≤x≤10", "7×24小时", "1:3", "每年2次", "完善", "二年",
])  # fmt: skip
def test_words_are_never_taken_for_numbers(text):
    assert parse_quantity(text).kind is Kind.WORDS


@pytest.mark.parametrize("text", ["", " ", "-", "—", "/", "--"])
def test_blanks_and_dashes_are_blank_and_not_zero(text):
    assert (parse_quantity(text).kind, parse_quantity(text).base) == (Kind.BLANK, None)


def test_units_convert_within_a_dimension_only():
    assert parse_quantity("2秒").base == parse_quantity("2000ms").base
    assert parse_quantity("2秒").convertible(parse_quantity("1500毫秒"))
    assert not parse_quantity("2秒").convertible(parse_quantity("2次"))
    assert parse_quantity("2").convertible(parse_quantity("2次"))
    assert not parse_quantity("良好").convertible(parse_quantity("2次"))


@pytest.mark.parametrize(
    ("text", "value"),
    [("三十二", 32), ("一百零五", 105), ("二〇二三", 2023), ("十", 10), ("两千", 2000), ("一万二千", 12000), ("三亿", 300000000)],
)
def test_chinese_numerals(text, value):
    assert chinese_number(text) == value


@pytest.mark.parametrize("text", ["", "若干", "第三"])
def test_what_is_no_numeral(text):
    assert chinese_number(text) is None


@pytest.mark.parametrize(("text", "value"), [("1,234.50", "1234.50"), ("１２", "12"), ("+3", "3"), ("-3.5", "-3.5")])
def test_plain_numbers(text, value):
    assert plain_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1,2", "12,34", "3个", "", "1.2.3"])
def test_ambiguous_numbers_are_no_numbers(text):
    assert plain_number(text) is None


OPERATORS = {
    GE: ["≥", "≧", ">=", "不少于", "不低于", "＞＝"],
    GT: [">", "＞", "大于", "超过"],
    LE: ["≤", "≦", "<=", "不超过", "不高于"],
    LT: ["<", "＜", "少于"],
    EQ: ["=", "＝", "═", "﹦"],
}
UNITS = ["个", "次", "家", "%", "人次", "台套", "毫秒", "小时", "(%)", "(个)", ""]


@given(
    value=st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False), op=st.sampled_from(list(OPERATORS)), unit=st.sampled_from(UNITS),
    writing=st.integers(0, 5), separators=st.booleans(), wide=st.booleans(), times=st.sampled_from(["", "万", "亿"]),
)  # fmt: skip
def test_any_number_in_any_writing_reads_back(value, op, unit, writing, separators, wide, times):
    if unit.startswith("("):
        times = ""
    digits = f"{value:,.2f}" if separators else f"{value:.2f}"
    if wide:
        digits = digits.translate({ord(a): ord(b) for a, b in zip("0123456789.", "０１２３４５６７８９．", strict=True)})
    signs = OPERATORS[op]
    quantity = parse_quantity(f"{signs[writing % len(signs)]}{digits}{times}{unit}")
    assert quantity.op is op
    assert quantity.value == value * {"": 1, "万": 10**4, "亿": 10**8}[times]
    assert quantity.unit == unit.strip("()")


@given(st.text(max_size=40))
def test_any_text_is_parsed_without_error(text):
    quantity = parse_quantity(text)
    assert (quantity.base is None) == (quantity.kind in (Kind.WORDS, Kind.BLANK))
    assert normalise(normalise(text)) == normalise(text)
