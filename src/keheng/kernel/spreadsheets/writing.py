"""Export and templates: a head that stays, filters, widths, texts as texts, money as numbers, nothing taken for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from keheng.kernel.errors import Refused, problem
from keheng.kernel.spreadsheets.layout import NO, YES, Column, Sheet

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# What a spreadsheet cell holds at most, and the digits of a number it keeps.
CELL_LONGEST = 32_767
_DIGITS = 15
FIRST_YEAR = 1900
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_FORMATS = {"text": "@", "credit_code": "@", "choice": "@", "boolean": "@", "integer": "0", "money": "#,##0.00", "date": "yyyy-mm-dd"}
_WIDTHS = {"text": 24, "credit_code": 22, "choice": 14, "boolean": 8, "integer": 10, "decimal": 12, "money": 16, "date": 12}
_KINDS = {
    "text": "文字",
    "credit_code": "18位统一社会信用代码",
    "choice": "从列表中选择",
    "boolean": "是或否",
    "integer": "整数",
    "decimal": "数字",
    "money": "金额，单位：元",
    "date": "日期，如 2026-11-21",
}
_TEMPLATE_ROWS = 5000
_OPTIONS_TITLE = "可选项"
_FORBIDDEN_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
_TITLE_LONGEST = 31


def write_sheet(sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """An XLSX workbook of typed rows, which ``read_rows`` reads back as they were.

    Raises Refused when a text is longer than a cell can hold.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        page = book.add_worksheet(safe_title(sheet.title))
        formats = _columns(book, page, sheet)
        last = 0
        for last, row in enumerate(rows, 1):
            for place, column in enumerate(sheet.columns):
                value = row.get(column.name)
                if value is not None:
                    _write(page, last, place, column, value, formats[place])
        page.autofilter(0, 0, last, len(sheet.columns) - 1)
    return out.getvalue()


def write_csv(sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The same as CSV in UTF-8 with a mark at the beginning; texts that look like formulas get an apostrophe in front."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.header_zh for column in sheet.columns])
    for row in rows:
        writer.writerow([_separated(column, row.get(column.name)) for column in sheet.columns])
    return out.getvalue().encode("utf-8-sig")


def template(sheet: Sheet) -> bytes:
    """An empty XLSX to fill in: what each column wants as a note on its header, choices as drop-down lists."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        page = book.add_worksheet(safe_title(sheet.title))
        _columns(book, page, sheet)
        lists = book.add_worksheet(_OPTIONS_TITLE)
        lists.hide()
        for place, column in enumerate(sheet.columns):
            page.write_comment(0, place, _note(column), {"x_scale": 1.6, "y_scale": 1.2})
            choices = tuple(column.stored) if column.kind == "choice" else (YES, NO) if column.kind == "boolean" else ()
            if not choices:
                continue
            for line, choice in enumerate(choices):
                lists.write_string(line, place, choice)
            source = xlsxwriter.utility.xl_range_abs(0, place, len(choices) - 1, place)
            page.data_validation(
                1,
                place,
                _TEMPLATE_ROWS,
                place,
                {
                    "validate": "list",
                    "source": f"={_OPTIONS_TITLE}!{source}",
                    "error_title": "请从列表中选择",
                    "error_message": "这里只能填列表中的内容。",
                },
            )
    return out.getvalue()


def safe_title(title: str) -> str:
    """A title that a worksheet may bear: at most 31 characters, no brackets, colons, stars, question marks, slashes or quotes."""
    return _FORBIDDEN_IN_TITLES.sub(" ", title)[:_TITLE_LONGEST].strip() or "Sheet1"


def _columns(book: Any, page: Any, sheet: Sheet) -> list[Any]:
    """Head, widths and the format of each column; required columns have a darker head."""
    page.freeze_panes(1, 0)
    formats = []
    for place, column in enumerate(sheet.columns):
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#F8D9B0" if column.required else "#EAF2FB"})
        kind = book.add_format({"num_format": _FORMATS.get(column.kind, "General")})
        formats.append(kind)
        # A Chinese character takes the width of two digits.
        page.set_column(place, place, max(_WIDTHS[column.kind], 2 * len(column.header_zh) + 3), kind)
        page.write_string(0, place, column.header_zh, head)
    return formats


def _note(column: Column) -> str:
    parts = ["必填" if column.required else "选填", _KINDS[column.kind]]
    if column.longest is not None:
        parts.append(f"最多 {column.longest} 字")
    return "；".join(parts)


def _text(column: Column, value: Any) -> str:
    """How a value of a column is printed."""
    if column.kind == "boolean":
        return YES if value else NO
    if column.kind == "choice":
        return column.labels[value]
    if column.kind == "money":
        return f"{Decimal(value).scaleb(-2):f}"
    if column.kind == "decimal":
        return f"{value:f}"
    return str(value)


def _write(page: Any, line: int, place: int, column: Column, value: Any, form: Any) -> None:
    if column.kind == "date" and value.year >= FIRST_YEAR:
        page.write_datetime(line, place, value, form)
        return
    text = _text(column, value)
    if column.kind in ("integer", "decimal", "money") and len(text.strip("-").replace(".", "").strip("0")) <= _DIGITS:
        page.write_number(line, place, float(text), form)
        return
    if len(text) > CELL_LONGEST:
        raise Refused(problem("spreadsheet.cell_too_long", column.name, header=column.header_zh, line=line, longest=CELL_LONGEST))
    page.write_string(line, place, text, form)


def _separated(column: Column, value: Any) -> str:
    if value is None:
        return ""
    text = _text(column, value) if not isinstance(value, date | datetime) else value.isoformat()[:10]
    return f"'{text}" if column.kind in ("text", "choice", "credit_code") and _FORMULA.match(text) else text
