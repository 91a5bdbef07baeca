"""How values are printed, on pages and in sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime

from keheng.kernel.spreadsheets import Column as SheetColumn
from keheng.kernel.spreadsheets import Kind as SheetKind
from keheng.kernel.spreadsheets import Sheet, write_sheet
from keheng.kernel.tables.table import Column, Kind, Table

DASH = "—"
# A spreadsheet's cell holds 32,767 characters.
_LONGEST = 32_000
# At so many rows at a time sealed columns and related rows are fetched.
_CHUNK = 2_000


def printed(column: Column, value: Any) -> str:
    """A value as people read it; a dash where there is none."""
    if value is None or value == "":
        return DASH
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if column.kind == "money":
        return f"{Decimal(value).scaleb(-2):,.2f}"
    if column.num:
        return f"{value:,}"
    return str(value)


def sheet_of(table: Table, rows: Iterable[Any]) -> bytes:
    """Rows as XLSX with every column that may leave, whatever is shown; numbers and dates as such, texts never as formulas."""
    columns = [column for column in table.columns if column.export]
    sheet = Sheet(table.title, tuple(SheetColumn(one.code, one.title, _on_sheet(one.kind)) for one in columns))
    return write_sheet(sheet, ({one.code: _exported(one, one.of(row)) for one in columns} for row in rows))


def _on_sheet(kind: Kind) -> SheetKind:
    match kind:
        case "code" | "time":
            return "text"
        case _:
            return kind


def in_chunks(rows: Any, most: int) -> Iterator[Any]:
    """Rows of a query, with their related rows, without holding all of them."""
    yield from rows[:most].iterator(chunk_size=_CHUNK)


def _exported(column: Column, value: Any) -> Any:
    if value is None or value == "":
        return None
    if column.kind == "date" and isinstance(value, date) and not isinstance(value, datetime):
        return value
    if column.kind == "boolean":
        return bool(value)
    if column.num:
        return Decimal(str(value)) if column.kind == "decimal" else int(value)
    return printed(column, value)[:_LONGEST]
