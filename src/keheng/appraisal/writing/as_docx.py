"""Grids as a Word document, a table a form."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from keheng.appraisal.writing.grid import Grid

_ALIGN = {"center": WD_ALIGN_PARAGRAPH.CENTER, "end": WD_ALIGN_PARAGRAPH.RIGHT}


def draw_docx(grids: Sequence[Grid]) -> bytes:
    """Landscape A4 with ruled tables; the header row repeats on every page."""
    document: Any = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = "FangSong", Pt(10)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    for index, grid in enumerate(grids):
        if index:
            document.add_page_break()
        for text, size in ((grid.title, 16), (grid.subtitle, 11)):
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(size), size > 11  # noqa: PLR2004 -- the title, not the line below
        _add_table(document, grid)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _add_table(document: Any, grid: Grid) -> None:
    table = document.add_table(rows=len(grid.rows), cols=grid.width, style="Table Grid")
    cells = [list(row.cells) for row in table.rows]
    covered = [0] * grid.width
    for line, row in enumerate(grid.rows):
        column = 0
        for box in row:
            while covered[column]:
                covered[column] -= 1
                column += 1
            cell = cells[line][column]
            if box.columns > 1 or box.rows > 1:
                cell = cell.merge(cells[line + box.rows - 1][column + box.columns - 1])
            paragraph = cell.paragraphs[0]
            paragraph.add_run(box.text).bold = box.head
            paragraph.alignment = _ALIGN.get(box.align)
            covered[column : column + box.columns] = [box.rows - 1] * box.columns
            column += box.columns
        for rest in range(column, grid.width):
            covered[rest] = max(0, covered[rest] - 1)
    properties = table.rows[grid.header]._tr.get_or_add_trPr()  # noqa: SLF001 -- the public interface has no repeated header
    properties.append(OxmlElement("w:tblHeader"))
