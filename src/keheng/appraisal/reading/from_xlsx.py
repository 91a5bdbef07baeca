"""Spreadsheets (XLSX and XLS): every sheet is a page, every row a gridded line."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from keheng.appraisal.model import Cell
from keheng.appraisal.reading.document import Document, Line, UnreadableError


def read_workbook(data: bytes, name: str) -> Document:
    """All sheets of a workbook; numbers are shown without a superfluous ``.0``."""
    lines: list[Line] = []
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        for page, sheet in enumerate(workbook.sheet_names, 1):
            for row in workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=True):
                number = len(lines) + 1
                cells = tuple(Cell(_shown(value), number, page, column) for column, value in enumerate(row, 1))
                lines.append(Line(number, cells if any(cell.text for cell in cells) else (), gridded=True, page=page, table=page))
    except (CalamineError, ValueError, OSError) as error:
        raise UnreadableError(
            name, "damaged", "表格文件已损坏或设有密码，请重新导出", "the spreadsheet is damaged or protected: please export it again"
        ) from error
    return Document(name, tuple(lines))


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value).strip().replace("\n", "")
