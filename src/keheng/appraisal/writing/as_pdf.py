"""Grids as PDF with ruled tables. The font is shipped, so the page looks the same on any machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import as_file, files

import typst

from keheng.appraisal.writing.grid import Grid

_NARROW, _USUAL, _WIDE = 0.7, 1.0, 1.9


def draw_pdf(grids: Sequence[Grid]) -> bytes:
    """A landscape A4 page or more for every form."""
    data = [
        {
            "title": grid.title,
            "subtitle": grid.subtitle,
            "widths": _widths(grid),
            # A rowspan that reaches over a page break is cut by the layout; the reader carries levels down.
            "rows": [[asdict(box) for box in row] for row in grid.rows],
        }
        for grid in grids
    ]
    with as_file(files(__package__)) as folder:
        pdf: bytes = typst.compile(
            str(folder / "form.typ"),
            sys_inputs={"grids": json.dumps(data, ensure_ascii=False)},
            font_paths=[str(folder / "fonts")],
            ignore_system_fonts=True,
        )
    return pdf


def _widths(grid: Grid) -> list[float]:
    """Column widths by how long the texts of the indicator table are."""
    lengths = [0] * grid.width
    for row in grid.rows[grid.header + 1 :]:
        column = grid.width - sum(box.columns for box in row)
        for box in row:
            if box.columns == 1:
                lengths[column] = max(lengths[column], len(box.text))
            column += box.columns
    return [_NARROW if n <= 6 else _USUAL if n <= 14 else _WIDE for n in lengths]  # noqa: PLR2004 -- characters that fit the widths
