"""Typed import: what people and spreadsheet programs write is read right, and everything wrong is told at once."""

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter

from keheng.kernel.credit_code import make
from keheng.kernel.errors import Refused, problem
from keheng.kernel.spreadsheets import Column, Limits, Sheet, read_rows

KINDS = ("text", "integer", "decimal", "money", "date", "boolean", "credit_code")
CODE = make("9", "1", "350100", 7)
SHEET = Sheet(
    "项目",
    (
        Column("code", "项目编号", required=True, aliases=("编号",)),
        Column("name", "项目名称", longest=10),
        Column("level", "级别", "choice", choices=(("a", "重大"), ("b", "一般"))),
    ),
    unique=("code", ("name", "level")),
)


def separated(*lines, encoding="utf-8"):
    return "\n".join(lines).encode(encoding)


def workbook(*rows, formats=None, name="Sheet1"):
    """An XLSX of the rows given; ``formats`` maps (row, column) to a number format."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for place, value in enumerate(row):
                form = book.add_format({"num_format": formats[line, place]}) if formats and (line, place) in formats else None
                if isinstance(value, str):
                    page.write_string(line, place, value, form)
                elif value is not None:
                    page.write(line, place, value, form)
    return out.getvalue()


def one(kind, cell, **more):
    """The value of a single cell in a column of a kind, or the codes of its problems."""
    sheet = Sheet("一", (Column("key", "键"), Column("it", "列", kind, **more)))
    form = {(1, 1): "yyyy-mm-dd"} if isinstance(cell, date) else None
    outcome = read_rows(workbook(["键", "列"], ["k", cell], formats=form), sheet)
    return [fault.problem.code for fault in outcome.problems] or outcome.rows[0].values["it"]


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", "  ＫＨ　号 ", "ＫＨ　号"),
        ("text", 12.0, "12"),
        ("text", 12.5, "12.5"),
        ("text", 13800138000, "13800138000"),
        ("text", True, "是"),
        ("text", date(2026, 11, 21), "2026-11-21"),
        ("text", "a\r\nb\rc", "a\nb\nc"),
        ("text", "=1+1", "=1+1"),
        ("text", "1e5", "1e5"),
        ("text", "_x0041_", "_x0041_"),
        ("integer", 12.0, 12),
        ("integer", "１，２３４", 1234),
        ("integer", "1 234", 1234),
        ("integer", "－5", -5),
        ("integer", "−5", -5),
        ("integer", "12.0", 12),
        ("decimal", 0.1 + 0.2, Decimal("0.3")),
        ("decimal", "1,234.50", Decimal("1234.50")),
        ("decimal", 1e-7, Decimal("0.0000001")),
        ("money", 1234.5, 123450),
        ("money", "￥1,234.56 元", 123456),
        ("money", "0.01", 1),
        ("money", 0.29, 29),
        ("date", date(2026, 11, 21), date(2026, 11, 21)),
        (
            "date",
            datetime(2026, 11, 21, 8, 30),  # noqa: DTZ001 -- spreadsheets know no time zones
            date(2026, 11, 21),
        ),
        ("date", "2026-11-21", date(2026, 11, 21)),
        ("date", "2026/1/2", date(2026, 1, 2)),
        ("date", "2026.1.2", date(2026, 1, 2)),
        ("date", "2026年11月21日", date(2026, 11, 21)),
        ("date", "２０２６年1月2日", date(2026, 1, 2)),
        ("date", "20261121", date(2026, 11, 21)),
        ("date", 20261121, date(2026, 11, 21)),
        ("date", 46347, date(2026, 11, 21)),
        ("date", "2026-11-21 00:00:00", date(2026, 11, 21)),
        ("boolean", "是", True),
        ("boolean", " 否 ", False),
        ("boolean", True, True),
        ("boolean", "false", False),
        ("credit_code", f" {CODE.lower()} ", CODE),
        *((kind, blank, None) for kind in KINDS for blank in (None, " \u3000")),
    ],
)
def test_what_is_written_is_read(kind, cell, value):
    got = one(kind, cell)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("text", 9.13e17, "digits_lost"),
        ("text", "9.13E+17", "digits_lost"),
        ("text", "a\0b", "control_characters"),
        ("text", "#N/A", "formula_error"),
        ("credit_code", 9.13e17, "digits_lost"),
        ("credit_code", "9.13502E+17", "digits_lost"),
        ("integer", 12.5, "integer"),
        ("integer", "十二", "number"),
        ("integer", "12,34", "number"),
        ("integer", True, "number"),
        ("integer", 1e15, "digits_lost"),
        ("integer", "9" * 16, "too_large"),
        ("decimal", "1.5E+12", "digits_lost"),
        ("decimal", "12%", "number"),
        ("decimal", date(2026, 1, 1), "number"),
        ("money", 0.001, "fen"),
        ("money", "12万元", "number"),
        ("date", "2026-02-30", "date"),
        ("date", "2026-11/21", "date"),
        ("date", "明天", "date"),
        ("date", 12.5, "date"),
        ("date", True, "date"),
        ("date", time(8, 30), "date"),
        ("date", "0026-11-21", "date"),
        ("boolean", "对", "boolean"),
        ("boolean", 1, "boolean"),
    ],
)
def test_what_is_wrong_is_told(kind, cell, code):
    assert one(kind, cell) == [f"spreadsheet.{code}"]


def test_dates_in_chinese_formats_are_read():
    sheet = Sheet("一", (Column("it", "日期", "date"),))
    rows = [["日期"], *[[date(2026, 11, 21)]] * 3]
    forms = {(1, 0): 31, (2, 0): 'yyyy"年"m"月"d"日"', (3, 0): 57}
    assert {row.values["it"] for row in read_rows(workbook(*rows, formats=forms), sheet).rows} == {date(2026, 11, 21)}


def test_failed_formulas_are_told_not_taken_for_blanks():
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_string(0, 0, "列")
        page.write_formula(1, 0, "=NA()", None, "#N/A")
        page.write_formula(2, 0, "=1+1", None, 2)
    outcome = read_rows(out.getvalue(), Sheet("一", (Column("it", "列", "integer"),)))
    assert [(fault.row, fault.problem.code) for fault in outcome.problems] == [(2, "spreadsheet.formula_error")]
    assert outcome.rows[1].values == {"it": 2}


def test_credit_codes_and_choices_are_checked():
    assert one("credit_code", CODE[:-1] + ("0" if CODE[-1] != "0" else "1")) == ["credit_code.check_digit"]
    assert one("choice", "特大", choices=("重大", "一般")) == ["spreadsheet.choice"]
    assert one("choice", "重大", choices=("重大", "一般")) == "重大"
    assert one("choice", "Ａ", choices=(("1", "A"),)) == "1"
    assert one("text", "", required=True) == ["spreadsheet.required"]
    assert one("text", "五个字太长", longest=4) == ["spreadsheet.too_long"]


def test_messages_stay_short():
    told = read_rows(separated("编号,级别", f"1,{'长' * 5000}"), SHEET).problems[0].problem
    assert len(told.zh) < 100


def test_a_column_may_have_a_check_of_its_own():
    def even(value):
        return [] if value % 2 == 0 else [problem("spreadsheet.integer", "elsewhere", printed=value)]

    sheet = Sheet("一", (Column("it", "列", "integer", check=even),))
    fault = read_rows(separated("列", "2", "3"), sheet).problems[0]
    assert (fault.row, fault.header, fault.printed, fault.problem.field) == (3, "列", "3", "it")


def test_rows_keep_their_printed_numbers_and_blank_ones_are_skipped():
    rows = [["某市科技局"], [], ["项目名称", "级别", " 编 号* "], ["甲", "重大", 1.0], [None, " "], ["乙", "一般", 2.0]]
    outcome = read_rows(workbook(*rows), SHEET)
    assert [(row.number, row.values) for row in outcome.rows] == [
        (4, {"code": "1", "name": "甲", "level": "a"}),
        (6, {"code": "2", "name": "乙", "level": "b"}),
    ]
    assert outcome.header_row == 3
    assert outcome.accepted() == outcome.accepted("good") == outcome.rows


def test_all_or_the_faultless_part():
    outcome = read_rows(separated("编号,级别", "1,重大", ",特大", "3,一般"), SHEET)
    assert [(fault.row, fault.header, fault.printed, fault.problem.code) for fault in outcome.problems] == [
        (3, "编号", "", "spreadsheet.required"),
        (3, "级别", "特大", "spreadsheet.choice"),
    ]
    assert outcome.accepted() == ()
    assert [row.number for row in outcome.accepted("good")] == [2, 4]
    assert outcome.rows[0].values == {"code": "1", "name": None, "level": "a"}


def test_doubled_keys_name_both_rows():
    outcome = read_rows(separated("编号,项目名称,级别", "1,甲,重大", "2,甲,一般", "1,甲,重大", ",,重大"), SHEET)
    told = [fault.problem for fault in outcome.problems]
    assert [one.code for one in told] == ["spreadsheet.doubled_key", "spreadsheet.doubled_key", "spreadsheet.required"]
    assert "第 4 行与第 2 行" in told[0].zh
    assert outcome.problems[1].header == "项目名称、级别"


def test_headers_are_told_all_at_once():
    with pytest.raises(Refused) as refused:
        read_rows(separated("项目名称,name,备注,级别,问题,怎么办", "a,b,c,重大,,"), SHEET)
    assert [one.code.split(".")[1] for one in refused.value.problems] == ["missing_header", "doubled_header", "unknown_header"]
    with pytest.raises(Refused) as refused:
        read_rows(separated("编号,备注", "1,x"), SHEET)
    assert refused.value.problems[0].overridable
    assert len(read_rows(separated("编号,备注", "1,x"), SHEET, ignore_unknown=True).rows) == 1
    with pytest.raises(Refused, match="找不到表头"):
        read_rows(separated(*["x"] * 20, "编号", "1"), SHEET)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_separated_files_in_their_encodings(encoding, delimiter):
    lines = [delimiter.join(line) for line in (["编号", "项目名称"], ["1", '"甲\n乙"'], ["'=2", "㐀𠮷"])]
    rows = read_rows(separated(*lines, encoding=encoding), SHEET).rows
    assert [(row.number, row.values["code"], row.values["name"]) for row in rows] == [(2, "1", "甲\n乙"), (3, "=2", "㐀𠮷")]


def test_a_path_is_read_as_well(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(separated("编号", "1"))
    assert len(read_rows(file, SHEET).rows) == 1
    with pytest.raises(Refused, match="超过"):
        read_rows(file, SHEET, limits=Limits(file=2))


def test_sheets_that_cannot_be_meant_are_mistakes_of_the_program():
    for columns, unique in (
        ((Column("a", "甲"), Column("a", "乙")), ()),
        ((Column("a", "甲"), Column("b", "丙", aliases=(" 甲",))), ()),
        ((Column("a", "甲"),), ("code",)),
        ((Column("a", "甲", "choice"),), ()),
        ((Column("a", "甲", choices=("x",)),), ()),
    ):
        with pytest.raises(ValueError, match="一"):
            Sheet("一", columns, unique=unique)
