"""The error sheet: the user's own rows with what is wrong marked in place, to be put right and handed in again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from math import isfinite
from os import PathLike
from typing import Any

import xlsxwriter

from keheng.kernel.spreadsheets.layout import REASON, REMEDY, Cell, Sheet, plain_header, shown
from keheng.kernel.spreadsheets.opening import LIMITS, Limits, read_grid
from keheng.kernel.spreadsheets.reading import OWN_HEADERS, Fault, Import
from keheng.kernel.spreadsheets.writing import CELL_LONGEST, FIRST_YEAR, OPTIONS, safe_title

_LIST_TITLE = "问题清单"
_LIST_HEAD = ("行号", "列", "原内容", "问题", "怎么办", "Problem", "Remedy")
_LIST_WIDTHS = (8, 20, 26, 50, 50, 50, 50)
# Notes are drawings: a workbook with many more of them opens slowly. Colour and the two columns are there for all rows.
_NOTES = 2000


def error_sheet(
    data: bytes | str | PathLike[str], sheet: Sheet, outcome: Import, *, worksheet: str | None = None, limits: Limits = LIMITS
) -> bytes:
    """XLSX of the user's own rows in their places, bad cells coloured and with notes, two columns 问题 and 怎么办 behind them.

    A second worksheet lists every problem: row, column, what is printed, reason, remedy. ``data`` and ``worksheet`` are those the
    outcome was read from.
    """
    grid = read_grid(data, sheet.title, worksheet, limits)
    head = grid[outcome.header_row - 1]
    # Columns of an earlier error sheet make room for the new ones.
    kept = [place for place, cell in enumerate(head) if plain_header(shown(cell)) not in OWN_HEADERS]
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        page = book.add_worksheet(safe_title(sheet.title))
        for place in range(len(kept)):
            page.set_column(place, place, 18)
        page.set_column(len(kept), len(kept) + 1, 44)
        page.freeze_panes(outcome.header_row, 0)
        _write_rows(book, page, grid, kept, outcome)
        _write_list(book, outcome.problems)
    return out.getvalue()


def _write_rows(book: Any, page: Any, grid: Sequence[Sequence[Cell]], kept: Sequence[int], outcome: Import) -> None:
    plain, day = book.add_format(), book.add_format({"num_format": "yyyy-mm-dd"})
    bad, bad_day = (book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": f}) for f in ("General", "yyyy-mm-dd"))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "bg_color": "#EAF2FB", "border": 1})
    by_row: dict[int, list[Fault]] = defaultdict(list)
    for fault in outcome.problems:
        by_row[fault.row].append(fault)
    notes = 0
    for number, cells in enumerate(grid, 1):
        faults = by_row.get(number, [])
        marked: dict[int, list[Fault]] = defaultdict(list)
        for fault in faults:
            marked[outcome.places[fault.problem.field]].append(fault)
        for place, original in enumerate(kept):
            cell = cells[original] if original < len(cells) else ""
            if cell == "" and original not in marked:
                continue
            formats = (bad, bad_day) if original in marked else (bold, bold) if number == outcome.header_row else (plain, day)
            _write_cell(page, number - 1, place, cell, formats)
            if original in marked and notes < _NOTES:
                page.write_comment(number - 1, place, "\n".join(_reasons(marked[original])), {"x_scale": 2})
                notes += 1
        if faults:
            page.write_string(number - 1, len(kept), "；".join(f"{one.header}：{one.problem.zh}" for one in faults)[:CELL_LONGEST], wrap)
            remedies = dict.fromkeys(one.problem.remedy_zh for one in faults)
            page.write_string(number - 1, len(kept) + 1, "；".join(remedies)[:CELL_LONGEST], wrap)
    page.write_string(outcome.header_row - 1, len(kept), REASON, bold)
    page.write_string(outcome.header_row - 1, len(kept) + 1, REMEDY, bold)


def _reasons(faults: Sequence[Fault]) -> list[str]:
    return [f"{one.problem.zh}。{one.problem.remedy_zh}" for one in faults]


def _write_cell(page: Any, line: int, place: int, cell: Cell, formats: tuple[Any, Any]) -> None:
    plain, day = formats
    if isinstance(cell, bool):
        page.write_boolean(line, place, cell, plain)
    elif isinstance(cell, int | float) and isfinite(cell):
        page.write_number(line, place, cell, plain)
    elif isinstance(cell, date) and cell.year >= FIRST_YEAR:
        page.write_datetime(line, place, cell, day)
    else:
        # A blank text still shows the colour of a cell that is marked.
        page.write_string(line, place, shown(cell)[:CELL_LONGEST], plain)


def _write_list(book: Any, faults: Sequence[Fault]) -> None:
    page = book.add_worksheet(_LIST_TITLE)
    bold = book.add_format({"bold": True, "bg_color": "#EAF2FB", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (title, width) in enumerate(zip(_LIST_HEAD, _LIST_WIDTHS, strict=True)):
        page.set_column(place, place, width)
        page.write_string(0, place, title, bold)
    page.freeze_panes(1, 0)
    for line, fault in enumerate(faults, 1):
        told = fault.problem
        page.write_number(line, 0, fault.row)
        texts = (fault.header, fault.printed, told.zh, told.remedy_zh, told.en, told.remedy_en)
        for place, text in enumerate(texts, 1):
            page.write_string(line, place, text[:CELL_LONGEST], wrap)
    page.autofilter(0, 0, len(faults), len(_LIST_HEAD) - 1)
