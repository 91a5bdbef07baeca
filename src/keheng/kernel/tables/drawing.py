"""The rows of a list as HTML, written here: a page has hundreds of cells, and template nodes for each cost more than all else on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from keheng.kernel.tables.table import Column


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, and what stands around it. ``tagged`` where it is a tag, plain where ``tag`` is ''."""

    column: Column
    value: Any
    text: str
    link: str
    tagged: bool
    tag: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its cells; ``link`` is where Enter leads."""

    row: Any
    cells: list[Cell]
    link: str


def body(lines: Sequence[Line], code: str, *, ticked: bool, request: HttpRequest, csrf: str) -> SafeString:
    """Rows of a table's body; ``ticked`` where rows can be picked for an action on many."""

    def content(line: Line, cell: Cell) -> str:
        if cell.column.cell:
            around = {"row": line.row, "value": cell.value, "request": request, "csrf_token": csrf}
            return render_to_string(cell.column.cell, around)
        text = escape(cell.text)
        if cell.link:
            return f'<a href="{escape(cell.link)}">{text}</a>'
        return f'<span class="k-tag{f" k-tag--{escape(cell.tag)}" if cell.tag else ""}">{text}</span>' if cell.tagged else text

    parts: list[str] = []
    for line in lines:
        parts.append(f'<tr tabindex="-1"{f" data-href={chr(34)}{escape(line.link)}{chr(34)}" if line.link else ""}>')
        for place, cell in enumerate(line.cells):
            inside = content(line, cell)
            if ticked and not place:
                pick = f'name="rows" value="{escape(line.row.pk)}" form="{code}.bulk" aria-label="选择 {escape(cell.text)}"'
                inside = f'<span><input class="k-check" type="checkbox" {pick}>{inside}</span>'
            parts.append(f'<td data-label="{escape(cell.column.title)}"{_kind(cell.column)}>{inside}</td>')
        parts.append("</tr>\n")
    return mark_safe("".join(parts))  # noqa: S308 -- every text in it was escaped above, cells of templates by themselves


def _kind(column: Column) -> str:
    return ' class="num"' if column.num else ' class="nowrap"' if column.kind in {"code", "date", "time"} else ""
