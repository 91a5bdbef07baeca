"""DOCX: paragraphs and tables in document order."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from lxml.etree import LxmlError

from keheng.appraisal.model import Cell
from keheng.appraisal.reading.document import Document, Line, UnreadableError
from keheng.appraisal.reading.pieces import join_texts


def read_docx(data: bytes, name: str) -> Document:
    """A Word document; a merged cell holds its text once, the cells it covers are blank."""
    lines: list[Line] = []
    try:
        document = docx.Document(BytesIO(data))
        tables = 0
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                tables += 1
                _add_table(block, lines, tables)
            elif block.text.strip():
                number = len(lines) + 1
                lines.append(Line(number, (Cell(block.text.strip(), number),)))
    except (
        PackageNotFoundError,
        BadZipFile,
        LxmlError,
        KeyError,
        ValueError,
        IndexError,
        AttributeError,
        TypeError,
        OSError,
        NotImplementedError,
    ) as error:
        # The library has no error of its own for broken parts: whatever breaks inside it means a damaged file.
        raise UnreadableError(name, "damaged", "Word 文件已损坏，请重新导出", "the Word file is damaged: please export it again") from error
    return Document(name, tuple(lines))


def _add_table(table: Table, lines: list[Line], index: int) -> None:
    seen: set[Any] = set()
    for row in table.rows:
        number = len(lines) + 1
        cells: list[Cell] = []
        for cell in row.cells:
            # Merged positions share one element; only the first of them shows the text.
            text = "" if cell._tc in seen else join_texts(p.text.strip() for p in cell.paragraphs)  # noqa: SLF001 -- the public interface does not tell merged cells apart
            seen.add(cell._tc)  # noqa: SLF001 -- as above, merged cells are told apart
            cells.append(Cell(text, number, 0, len(cells) + 1))
        lines.append(Line(number, tuple(cells), gridded=True, table=index))
