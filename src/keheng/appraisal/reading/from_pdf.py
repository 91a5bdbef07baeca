"""Born-digital PDF: ruled tables as grids, the text between them as lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from typing import Any, cast

import pypdfium2
from pdfplumber.table import TableFinder

from keheng.appraisal.model import Cell
from keheng.appraisal.reading.document import Document, Line, UnreadableError
from keheng.appraisal.reading.pdf_page import PdfPage
from keheng.appraisal.reading.pieces import join_texts

_LINE_HEIGHT = 3.0
_ENCRYPTED = 4
_PAGE_NUMBER = re.compile(r"[-—·\s]*\d{1,4}[-—·\s]*")
_HEAD, _FOOT = 0.06, 0.92
_FEW_CELLS = 2


def read_pdf(data: bytes, name: str) -> Document:
    """All pages of a PDF; UnreadableError for encrypted, damaged and scanned files."""
    lines: list[Line] = []
    table = reached = 0
    with _opened(data, name) as document:
        for number, page in enumerate(document, 1):
            for cells, gridded, at_table in _rows(PdfPage(page)):
                follows, reached = reached == number - 1, number
                if follows and gridded and at_table == 1 and _continue_row(lines, cells):
                    continue
                line = len(lines) + 1
                placed = tuple(Cell(text, line, number, column) for column, text in cells)
                lines.append(Line(line, placed, gridded, number, table + at_table))
            table = max((line.table for line in lines), default=0)
            page.close()
    if not any(cell.text for line in lines for cell in line.cells):
        raise UnreadableError(
            name,
            "scanned",
            "PDF 中没有文字，可能是扫描件，请先做文字识别",
            "the PDF holds no text; it may be a scan: please run text recognition",
        )
    return Document(name, tuple(lines))


def _continue_row(lines: list[Line], cells: list[tuple[int, str]]) -> bool:
    """Put the rest of a row that a page break cut, perhaps once more, back into its row; False when the row is a new one."""
    filled = [(column, text) for column, text in cells if text]
    last = lines[-1] if lines else None
    if last is None or not last.gridded or len(last.cells) != len(cells) or not filled:
        return False
    # A row of its own has most of the cells that the row before it has.
    if len(filled) > max(_FEW_CELLS, sum(bool(cell.text) for cell in last.cells) // 2):
        return False
    if any(not last.cells[column - 1].text or text[:1].isdigit() or len(text) < _FEW_CELLS for column, text in filled):
        return False
    rest = dict(filled)
    joined = tuple(replace(cell, text=cell.text + rest[cell.column]) if cell.column in rest else cell for cell in last.cells)
    lines[-1] = replace(last, cells=joined)
    return True


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[pypdfium2.PdfDocument]:
    """The document; whatever breaks while it is read becomes an UnreadableError."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            yield document
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _ENCRYPTED or "assword" in str(error):
            raise UnreadableError(
                name, "encrypted", "PDF 设有密码，请解除后再试", "the PDF is protected by a password: please remove it"
            ) from error
        raise UnreadableError(
            name, "damaged", "PDF 已损坏，请重新下载或导出", "the PDF is damaged: please download or export it again"
        ) from error


_Row = tuple[list[tuple[int, str]], bool, int]


def _rows(page: PdfPage) -> Iterator[_Row]:
    """Table rows and text lines of a page from top to bottom: (cells with columns, gridded, table on this page)."""
    # The finder asks no more of a page than what PdfPage has.
    tables = TableFinder(cast("Any", page)).tables
    blocks: list[tuple[float, list[_Row]]] = []
    boxes = []
    for index, table in enumerate(tables, 1):
        rows = [[(column, _joined(text)) for column, text in enumerate(row, 1)] for row in table.extract(y_tolerance=_LINE_HEIGHT)]
        blocks.append((table.bbox[1], [(row, True, index) for row in rows]))
        boxes.append(table.bbox)
    words = [w for w in page.extract_words() if not any(_inside(w, box) for box in boxes)]
    for top, line in groupby(
        sorted(words, key=lambda w: (round(w["top"] / _LINE_HEIGHT), w["x0"])), key=lambda w: round(w["top"] / _LINE_HEIGHT)
    ):
        text = " ".join(word["text"] for word in line)
        if _PAGE_NUMBER.fullmatch(text) and not _HEAD < top * _LINE_HEIGHT / page.height < _FOOT:
            continue
        blocks.append((top * _LINE_HEIGHT, [([(0, text)], False, 0)]))
    for _, block in sorted(blocks, key=lambda entry: entry[0]):
        yield from block


def _inside(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    middle = (word["top"] + word["bottom"]) / 2
    return bool(box[1] <= middle <= box[3] and box[0] <= word["x0"] <= box[2])


def _joined(text: str | None) -> str:
    """The lines of one cell as one text."""
    return join_texts(part.strip() for part in (text or "").split("\n"))
