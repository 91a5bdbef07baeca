"""Plain text, as extracted from PDF or pasted from a web page."""

from __future__ import annotations

import codecs

from keheng.appraisal.model import Cell
from keheng.appraisal.reading.document import Document, Line, UnreadableError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FEWEST_PIPES = 2


def decode(data: bytes, name: str) -> str:
    """Text of a file in UTF-8, UTF-16 with mark, or GB18030; UnreadableError when it is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding, name)
    if b"\x00" in data:
        raise UnreadableError(name, "format", "不是可以读取的文本、PDF、Word、Excel 或网页文件", "not a text, PDF, Word, Excel or web file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030", name)


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            name, "format", "文字编码无法识别，请另存为 UTF-8", "the text encoding is not known: please save it as UTF-8"
        ) from error


def text_line(text: str, number: int, page: int = 0) -> Line:
    """One line of text: gridded when it holds tabs or at least two pipes."""
    separator = "\t" if "\t" in text else _pipe(text)
    if separator is None:
        stripped = text.strip()
        return Line(number, (Cell(stripped, number, page),) if stripped else (), page=page)
    cells = tuple(Cell(part.strip(), number, page, column) for column, part in enumerate(text.split(separator), 1))
    return Line(number, cells, gridded=True, page=page)


def _pipe(text: str) -> str | None:
    return next((pipe for pipe in "|｜" if text.count(pipe) >= _FEWEST_PIPES), None)


def read_text(text: str, name: str) -> Document:
    """Lines of text; a form feed begins a page."""
    lines: list[Line] = []
    page = 1 if "\f" in text else 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if "\f" in line:
            page += line.count("\f")
        lines.append(text_line(line.replace("\f", " "), number, page))
    return Document(name, tuple(lines))
