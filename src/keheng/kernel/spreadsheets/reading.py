"""Typed import: headers in any order, every cell checked, everything wrong told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any, Literal

from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.spreadsheets.layout import REASON, REMEDY, Cell, Column, Sheet, headers_of, plain_header, shown
from keheng.kernel.spreadsheets.opening import LIMITS, Limits, read_grid
from keheng.kernel.spreadsheets.values import read_cell

HEADER_WITHIN = 20
OWN_HEADERS = frozenset((REASON, REMEDY))


@dataclass(frozen=True)
class Row:
    """One row that is not blank: its printed number and its values by column name, None where blank or faulty."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One problem and where it stands: printed row number, the column's header in the file, what is printed there."""

    row: int
    header: str
    printed: str
    problem: Problem


@dataclass(frozen=True)
class Import:
    """What a file holds; ``header_row`` is the printed number of the header, ``places`` the index of each column found."""

    rows: tuple[Row, ...]
    problems: tuple[Fault, ...]
    header_row: int
    places: Mapping[str, int]

    def accepted(self, mode: Literal["all", "good"] = "all") -> tuple[Row, ...]:
        """``all``: every row, or none when anything is wrong; ``good``: the rows with nothing wrong."""
        if mode == "all":
            return () if self.problems else self.rows
        faulty = {fault.row for fault in self.problems}
        return tuple(row for row in self.rows if row.number not in faulty)


def read_rows(
    data: bytes | str | PathLike[str],
    sheet: Sheet,
    *,
    worksheet: str | None = None,
    ignore_unknown: bool = False,
    limits: Limits = LIMITS,
) -> Import:
    """Rows of an XLSX, XLS or CSV file, typed, with everything wrong in them.

    Raises Refused when the file cannot be read at all, or its headers are not the sheet's (all that is wrong with them at once;
    ``ignore_unknown`` passes over columns the sheet does not know).
    """
    grid = read_grid(data, sheet.title, worksheet, limits)
    header_at, places = find_headers(grid, sheet, ignore_unknown=ignore_unknown)
    headers = {name: shown(grid[header_at][place]) for name, place in places.items()}
    present = [(column, places[column.name]) for column in sheet.columns if column.name in places]
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, cells in enumerate(grid[header_at + 1 :], header_at + 2):
        if not any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in cells):
            continue
        rows.append(Row(number, _values(number, cells, present, headers, faults)))
    if len(rows) > limits.rows:
        raise Refused(problem("spreadsheet.too_many_rows", rows=limits.rows))
    absent = dict.fromkeys(column.name for column in sheet.columns if column.name not in places)
    for row in rows:
        row.values.update(absent)
    faults.extend(_doubled(sheet, rows, headers))
    faults.sort(key=lambda fault: fault.row)
    return Import(tuple(rows), tuple(faults), header_at + 1, places)


def _values(
    number: int, cells: Sequence[Cell], present: Sequence[tuple[Column, int]], headers: Mapping[str, str], faults: list[Fault]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, place in present:
        cell = cells[place] if place < len(cells) else ""
        try:
            values[column.name] = read_cell(column, cell)
        except Refused as refused:
            values[column.name] = None
            faults.extend(Fault(number, headers[column.name], shown(cell), one) for one in refused.problems)
    return values


def find_headers(grid: Sequence[Sequence[Cell]], sheet: Sheet, *, ignore_unknown: bool) -> tuple[int, dict[str, int]]:
    """Index of the header row within the first 20, and of each column in it; raises Refused with all that is wrong."""
    known = {header: column for column in sheet.columns for header in headers_of(column)}
    beginning = [[plain_header(shown(cell)) for cell in cells] for cells in grid[:HEADER_WITHIN]]
    matches = [len({known[text].name for text in texts if text in known}) for texts in beginning]
    if not any(matches):
        wanted = "、".join(column.header_zh for column in sheet.columns)
        raise Refused(problem("spreadsheet.no_header", within=HEADER_WITHIN, wanted=wanted))
    at = matches.index(max(matches))
    places: dict[str, int] = {}
    found: list[Problem] = []
    for place, text in enumerate(beginning[at]):
        column = known.get(text)
        if column is None:
            if text and text not in OWN_HEADERS and not ignore_unknown:
                found.append(problem("spreadsheet.unknown_header", header=shown(grid[at][place])))
        elif column.name in places:
            found.append(problem("spreadsheet.doubled_header", column.name, header=column.header_zh))
        else:
            places[column.name] = place
    missing = [column for column in sheet.columns if column.required and column.name not in places]
    found[:0] = [problem("spreadsheet.missing_header", column.name, header=column.header_zh) for column in missing]
    if found:
        raise Refused(found)
    return at, places


def _doubled(sheet: Sheet, rows: Sequence[Row], headers: Mapping[str, str]) -> list[Fault]:
    """Every row whose key stands in an earlier row too; keys with a blank or faulty part are passed over."""
    faults: list[Fault] = []
    for key in sheet.keys:
        first: dict[tuple[Any, ...], int] = {}
        for row in rows:
            value = tuple(row.values[name] for name in key)
            if None in value:
                continue
            earlier = first.setdefault(value, row.number)
            if earlier != row.number:
                header = "、".join(headers[name] for name in key)
                printed = "、".join(map(str, value))
                told = problem("spreadsheet.doubled_key", key[0], header=header, printed=printed, first=earlier, second=row.number)
                faults.append(Fault(row.number, header, printed, told))
    return faults
