"""Web pages: tables as grids, the text between them as lines."""

from __future__ import annotations

import re

from lxml import etree, html

from keheng.appraisal.model import Cell
from keheng.appraisal.reading.document import Document, Line, UnreadableError
from keheng.appraisal.reading.from_text import text_line
from keheng.appraisal.reading.pieces import join_texts

_TAGS = re.compile(r"<(?:!doctype html|html|head|body|table|div|meta)\b", re.IGNORECASE)
_SKIPPED = frozenset({"script", "style", "head", "noscript", "template"})
_BLOCKS = frozenset({"p", "div", "br", "h1", "h2", "h3", "h4", "li", "section", "article", "tr"})
_WIDEST = 60


def looks_like_html(text: str) -> bool:
    """True for a web page; a form pasted from an editor with a few ``<p>`` in its prose is still text."""
    return _TAGS.search(text[:4096]) is not None


def read_html(text: str, name: str) -> Document:
    """A web page; cells over several rows or columns hold their text once."""
    try:
        root = html.fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError(name, "damaged", "网页内容不完整，请重新保存", "the web page is incomplete: please save it again") from error
    lines: list[Line] = []
    pending: list[str] = []
    _walk(root, lines, pending, [0])
    _flush(lines, pending)
    return Document(name, tuple(lines))


def _flush(lines: list[Line], pending: list[str]) -> None:
    text = " ".join("".join(pending).split())
    pending.clear()
    if text:
        lines.append(text_line(text, len(lines) + 1))


def _walk(root: html.HtmlElement, lines: list[Line], pending: list[str], tables: list[int]) -> None:
    """Depth first without recursion: pages may nest deeper than Python allows."""
    stack: list[tuple[html.HtmlElement, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            if node.tag in _BLOCKS:
                _flush(lines, pending)
            pending.append(node.tail or "")
            continue
        if not isinstance(node.tag, str) or node.tag in _SKIPPED:
            pending.append(node.tail or "")
            continue
        if node.tag == "table":
            _flush(lines, pending)
            tables[0] += 1
            _add_table(node, lines, tables[0])
            pending.append(node.tail or "")
            continue
        if node.tag in _BLOCKS:
            _flush(lines, pending)
        pending.append(node.text or "")
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))


def _span(cell: html.HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), _WIDEST) if value.isascii() and value.isdigit() else 1


def _add_table(table: html.HtmlElement, lines: list[Line], index: int) -> None:
    covered: dict[int, int] = {}
    for row in table.iter("tr"):
        number = len(lines) + 1
        cells: list[Cell] = []
        for cell in row.iterchildren("td", "th"):
            _skip_covered(cells, covered, number)
            text = join_texts(part.strip() for part in " ".join(cell.itertext()).split())
            for offset in range(_span(cell, "colspan")):
                cells.append(Cell("" if offset else text, number, 0, len(cells) + 1))
                if _span(cell, "rowspan") > 1:
                    covered[len(cells)] = _span(cell, "rowspan") - 1
        _skip_covered(cells, covered, number)
        lines.append(Line(number, tuple(cells), gridded=True, table=index))


def _skip_covered(cells: list[Cell], covered: dict[int, int], number: int) -> None:
    """Blank cells where a cell from a row above reaches down."""
    while covered.get(len(cells) + 1, 0) > 0:
        column = len(cells) + 1
        covered[column] -= 1
        cells.append(Cell("", number, 0, column))
