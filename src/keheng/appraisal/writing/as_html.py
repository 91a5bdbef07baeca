"""Grids as a web page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from keheng.appraisal.writing.grid import Box, Grid

_STYLE = (
    "body{font:15px/1.6 'FangSong','STFangsong','Noto Serif CJK SC','Noto Sans CJK SC',serif;margin:24px auto;max-width:1100px}"
    "h1{font-size:1.35rem;text-align:center;margin:24px 0 0}p{text-align:center;margin:4px 0 12px}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #000;padding:4px 8px;vertical-align:middle}th{font-weight:600}.c{text-align:center}.e{text-align:end}"
    "@media print{table{break-after:page}tr{break-inside:avoid}}"
)


def draw_html(grids: Sequence[Grid]) -> bytes:
    """A table a form."""
    parts = [_table(grid) for grid in grids]
    title = escape(grids[0].title) if grids else ""
    page = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style><body>{"".join(parts)}</body></html>'
    return page.encode()


def _table(grid: Grid) -> str:
    rows = "".join(f"<tr>{''.join(map(_box, row))}</tr>" for row in grid.rows)
    return f"<h1>{escape(grid.title)}</h1><p>{escape(grid.subtitle)}</p><table>{rows}</table>"


def _box(box: Box) -> str:
    tag = "th" if box.head else "td"
    spans = (f' colspan="{box.columns}"' if box.columns > 1 else "") + (f' rowspan="{box.rows}"' if box.rows > 1 else "")
    align = {"center": ' class="c"', "end": ' class="e"'}.get(box.align, "")
    return f"<{tag}{spans}{align}>{escape(box.text)}</{tag}>"
