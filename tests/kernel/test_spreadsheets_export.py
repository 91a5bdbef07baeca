"""Export, templates and error sheets: what goes out comes back the same, and nothing is taken for a formula."""

import csv
import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from keheng.kernel.credit_code import make
from keheng.kernel.errors import Refused
from keheng.kernel.spreadsheets import Column, Sheet, error_sheet, read_rows, template, write_csv, write_sheet

SHEET = Sheet(
    "项目[2026]: 导入/导出'一二三四五六七八九十一二三四五六七八九十",
    (
        Column("code", "编号", required=True, longest=40),
        Column("name", "名称"),
        Column("count", "数量", "integer"),
        Column("score", "得分", "decimal"),
        Column("budget", "预算（元）", "money"),
        Column("start", "开始日期", "date"),
        Column("open", "公开", "boolean"),
        Column("level", "级别", "choice", choices=(("a", "重大"), ("b", "=一般"))),
        Column("credit", "信用代码", "credit_code"),
    ),
    unique=("code",),
)
FORMULAS = ("=1+1", "+1", "-1", "@x", "=HYPERLINK(1)", "'=1", "''+1", "'quoted'")
TEXTS = st.one_of(st.text(st.characters(exclude_categories=("C",)), max_size=40), st.sampled_from(FORMULAS)).map(str.strip)
ROWS = st.fixed_dictionaries(
    {
        "name": st.none() | TEXTS.filter(lambda text: text and not re.fullmatch(r"\d(\.\d+)?E\+\d\d|#[A-Z/0-9]+[!?]?", text)),
        "count": st.none() | st.integers(-(10**15) + 1, 10**15 - 1),
        "score": st.none() | st.decimals(-(10**6), 10**6, places=6),
        "budget": st.none() | st.integers(-(10**17) + 100, 10**17 - 100),
        "start": st.none() | st.dates(date(1900, 3, 1), date(2199, 12, 31)),
        "open": st.none() | st.booleans(),
        "level": st.none() | st.sampled_from("ab"),
        "credit": st.none() | st.integers(0, 31**8 - 1).map(lambda serial: make("1", "2", "350100", serial)),
    }
)
ONE = {"code": "K1", "name": "=1+1", "count": 3, "budget": 123456789, "start": date(2026, 11, 21), "open": True, "level": "b"}


def members(data):
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def cells(data, sheet=0):
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(sheet).to_python(skip_empty_area=False)


@given(st.lists(ROWS, max_size=8))
@example([{**dict.fromkeys(("count", "score", "budget", "start", "open", "level", "credit")), "name": text} for text in FORMULAS])
def test_what_is_exported_is_imported_the_same(rows):
    rows = [{"code": f"K-{number}", **row} for number, row in enumerate(rows)]
    for data in (write_sheet(SHEET, rows), write_csv(SHEET, rows)):
        outcome = read_rows(data, SHEET)
        assert outcome.problems == ()
        assert [row.values for row in outcome.rows] == rows


def test_texts_stay_texts_and_money_is_a_number():
    data = write_sheet(SHEET, [ONE])
    assert cells(data)[1] == ["K1", "=1+1", 3.0, "", 1234567.89, date(2026, 11, 21), "是", "=一般", ""]
    parts = members(data)
    page = parts["xl/worksheets/sheet1.xml"]
    assert "<f>" not in page
    assert 'state="frozen"' in page
    assert '<autoFilter ref="A1:I2"/>' in page
    assert 'formatCode="#,##0.00"' in parts["xl/styles.xml"] or 'numFmtId="4"' in parts["xl/styles.xml"]


def test_numbers_with_more_digits_than_a_cell_keeps_are_texts():
    row = {"code": "1", "budget": 12345678901234567, "score": Decimal("0.12345678901234567")}
    assert cells(write_sheet(SHEET, [row]))[1][3:5] == ["0.12345678901234567", "123456789012345.67"]


def test_separated_texts_cannot_be_formulas():
    text = write_csv(SHEET, [ONE, {"code": "-1", "count": -5}]).decode("utf-8-sig")
    head, first, second = csv.reader(StringIO(text))
    assert head[0] == "编号"
    assert first == ["K1", "'=1+1", "3", "", "1234567.89", "2026-11-21", "是", "'=一般", ""]
    assert second[:3] == ["'-1", "", "-5"]


def test_a_text_longer_than_a_cell_is_refused():
    with pytest.raises(Refused, match="32767"):
        write_sheet(SHEET, [{"code": "1", "name": "长" * 32_768}])
    assert len(write_csv(SHEET, [{"code": "1", "name": "长" * 32_768}])) > 32_768


def test_a_template_tells_what_it_wants_and_reads_as_empty():
    data = template(SHEET)
    parts = members(data)
    page = parts["xl/worksheets/sheet1.xml"]
    assert page.count("<dataValidation ") == 2
    assert "可选项!$H$1:$H$2" in page
    assert "必填；文字；最多 40 字" in parts["xl/comments1.xml"]
    assert cells(data, 1) == [["", "", "", "", "", "", "是", "重大"], ["", "", "", "", "", "", "否", "=一般"]]
    assert read_rows(data, SHEET).rows == ()


def test_the_error_sheet_marks_the_users_own_rows():
    lines = ["说明", "编号,数量,开始日期", "K1,3,2026-01-01", "K2,三,明天", ",=1,2026-01-02"]
    data = "\n".join(lines).encode()
    outcome = read_rows(data, SHEET)
    marked = error_sheet(data, SHEET, outcome)
    own, listed = cells(marked), cells(marked, 1)
    assert [row[:3] for row in own] == [[*line.split(","), "", ""][:3] for line in lines]
    assert own[1][3:] == ["问题", "怎么办"]
    assert own[2][3:] == ["", ""]
    assert own[3][3] == "数量：“三”不是数字；开始日期：“明天”不是日期"
    assert "请写成 2026-11-21" in own[3][4]
    assert [row[:3] for row in listed[1:]] == [[4.0, "数量", "三"], [4.0, "开始日期", "明天"], [5.0, "编号", ""], [5.0, "数量", "=1"]]
    parts = members(marked)
    assert parts["xl/comments1.xml"].count("<comment ") == 4
    assert 'rgb="FFFFC7CE"' in parts["xl/styles.xml"]
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"]


def test_an_error_sheet_can_be_put_right_and_handed_in_again():
    data = b"\xef\xbb\xbf" + "编号,数量,开始日期\nK1,三,2026-01-01\nK2,4,2026-01-01".encode()
    for _ in range(2):
        outcome = read_rows(data, SHEET)
        assert [(fault.row, fault.printed) for fault in outcome.problems] == [(2, "三")]
        data = error_sheet(data, SHEET, outcome)
    assert cells(data)[0] == ["编号", "数量", "开始日期", "问题", "怎么办"]


def test_cells_of_every_kind_come_back_in_the_error_sheet():
    data = write_sheet(SHEET, [ONE, {**ONE, "code": "K1"}])
    outcome = read_rows(data, SHEET)
    assert [fault.problem.code for fault in outcome.problems] == ["spreadsheet.doubled_key"]
    marked = cells(error_sheet(data, SHEET, outcome))
    assert [row[:9] for row in marked] == cells(data)
    assert "第 3 行与第 2 行" in marked[2][9]


def test_booleans_of_the_spreadsheet_come_back_too():
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().add_table(0, 0, 1, 1, {"columns": [{"header": "公开"}, {"header": "编号"}], "data": [[True, None]]})
    outcome = read_rows(out.getvalue(), SHEET)
    assert outcome.rows[0].values["open"] is True
    assert cells(error_sheet(out.getvalue(), SHEET, outcome))[1][:2] == [True, ""]
