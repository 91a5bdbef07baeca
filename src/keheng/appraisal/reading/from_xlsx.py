"""Spreadsheets (XLSX and XLS): every sheet is a page, every row a gridded line."""

from __future__ import annotations

import json
import subprocess
import sys

from keheng.appraisal.model import Cell
from keheng.appraisal.reading import workbook_rows
from keheng.appraisal.reading.document import Document, Line, UnreadableError


def read_workbook(data: bytes, name: str) -> Document:
    """All sheets of a workbook; raises UnreadableError."""
    lines: list[Line] = []
    for page, sheet in enumerate(_sheets(data, name), 1):
        for row in sheet:
            number = len(lines) + 1
            cells = tuple(Cell(text, number, page, column) for column, text in enumerate(row, 1)) if any(row) else ()
            lines.append(Line(number, cells, gridded=True, page=page, table=page))
    return Document(name, tuple(lines))


def _sheets(data: bytes, name: str) -> list[list[list[str]]]:
    command = [sys.executable, "-I", workbook_rows.__file__]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=2 * workbook_rows.SECONDS, check=True)  # noqa: S603 -- our own file
    except subprocess.SubprocessError as error:
        raise UnreadableError(
            name, "damaged", "表格文件已损坏或设有密码，请重新导出", "the spreadsheet is damaged or protected: please export it again"
        ) from error
    sheets: list[list[list[str]]] = json.loads(done.stdout)
    return sheets
