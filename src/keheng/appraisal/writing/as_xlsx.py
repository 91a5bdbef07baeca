"""Grids as a spreadsheet, a sheet a form."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from keheng.appraisal.writing.grid import Grid

_WIDTH, _LONG = 15, 24


def draw_xlsx(grids: Sequence[Grid]) -> bytes:
    """Every cell is text, so ``=5(人)`` stays what it is and never becomes a formula."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    )
    title = book.add_format({"bold": True, "align": "center", "font_size": 16})
    formats = {
        (head, align): book.add_format(
            {
                "border": 1,
                "text_wrap": True,
                "valign": "vcenter",
                "bold": head,
                "align": {"start": "left", "end": "right"}.get(align, "center"),
            }
        )
        for head in (False, True)
        for align in ("start", "center", "end")
    }
    for number, grid in enumerate(grids, 1):
        sheet = book.add_worksheet(f"表{number}")
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, grid.width - 1, _WIDTH)
        sheet.merge_range(0, 0, 0, grid.width - 1, grid.title, title)
        sheet.merge_range(1, 0, 1, grid.width - 1, grid.subtitle, book.add_format({"align": "center"}))
        sheet.repeat_rows(grid.header + 2)
        covered = [0] * grid.width
        for line, row in enumerate(grid.rows, 2):
            column = 0
            for box in row:
                while covered[column]:
                    covered[column] -= 1
                    column += 1
                shape = formats[(box.head, box.align)]
                if box.columns > 1 or box.rows > 1:
                    sheet.merge_range(line, column, line + box.rows - 1, column + box.columns - 1, "", shape)
                sheet.write_string(line, column, box.text, shape)
                covered[column : column + box.columns] = [box.rows - 1] * box.columns
                column += box.columns
            for rest in range(column, grid.width):
                covered[rest] = max(0, covered[rest] - 1)
            longest = max((len(box.text) / box.columns for box in row), default=0)
            if longest > _LONG:
                sheet.set_row(line, min(400, 16 * (longest / _WIDTH * 2 + 1)))
    book.close()
    return out.getvalue()
