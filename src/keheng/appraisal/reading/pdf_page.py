"""One page of a PDF as PDFium sees it, in the shape in which pdfplumber finds tables and words.

PDFium reads glyphs and paths some ten times faster than pdfminer; the geometry of tables stays pdfplumber's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from ctypes import byref, c_double, c_float
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pdfplumber.utils.text import extract_words

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]

_STRAIGHT = 0.5
_BODY = 5.0
_DEEPEST = 8
_QUARTER, _HALF, _THREE_QUARTERS = 90, 180, 270


class PdfPage:
    """``chars`` and ``edges`` with x0, x1, top, bottom in points from the top left corner as the reader sees the page."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.width, self.height = page.get_size()
        self.bbox = (0.0, 0.0, self.width, self.height)
        place = _placer(page)
        self.chars = list(_chars(page, place))
        self.edges = list(_edges(page, place))

    def extract_words(self) -> list[dict[str, Any]]:
        """Words by the gaps between glyphs."""
        words: list[dict[str, Any]] = extract_words(self.chars)
        return words


def _placer(page: pypdfium2.PdfPage) -> Callable[[float, float], Point]:
    """From the coordinates of the file to those of the page as shown, turned by its rotation."""
    left, bottom, right, top = page.get_cropbox()
    turn = page.get_rotation()
    if turn == _QUARTER:
        return lambda x, y: (y - bottom, x - left)
    if turn == _HALF:
        return lambda x, y: (right - x, y - bottom)
    if turn == _THREE_QUARTERS:
        return lambda x, y: (top - y, right - x)
    return lambda x, y: (x - left, top - y)


def _box(a: Point, b: Point) -> dict[str, Any]:
    (x0, x1), (top, bottom) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    return {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "doctop": top, "width": x1 - x0, "height": bottom - top}


def _chars(page: pypdfium2.PdfPage, place: Callable[[float, float], Point]) -> Iterator[dict[str, Any]]:
    text = page.get_textpage()
    rect, x, y = pdfium.FS_RECTF(), c_double(), c_double()
    for index in range(text.count_chars()):
        # Blanks and line ends that PDFium adds would hide how wide a gap is.
        if pdfium.FPDFText_IsGenerated(text, index) == 1 or not pdfium.FPDFText_GetLooseCharBox(text, index, byref(rect)):
            continue
        box = _box(place(rect.left, rect.bottom), place(rect.right, rect.top))
        # Glyphs of one line may come from several fonts: their base line tells the line, not their height.
        pdfium.FPDFText_GetCharOrigin(text, index, byref(x), byref(y))
        base = place(x.value, y.value)[1]
        box |= {"top": base - _BODY, "bottom": base, "doctop": base - _BODY}
        box["text"] = chr(pdfium.FPDFText_GetUnicode(text, index) or 0xFFFD)
        box["upright"] = True
        yield box
    text.close()


def _edges(page: pypdfium2.PdfPage, place: Callable[[float, float], Point]) -> Iterator[dict[str, Any]]:
    for path, matrix in _paths(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, (1, 0, 0, 1, 0, 0), 0):
        for a, b in _lines(path):
            edge = _box(place(*_apply(matrix, a)), place(*_apply(matrix, b)))
            if edge["height"] <= _STRAIGHT:
                edge |= {"orientation": "h", "bottom": edge["top"], "height": 0.0}
            elif edge["width"] <= _STRAIGHT:
                edge |= {"orientation": "v", "x1": edge["x0"], "width": 0.0}
            else:
                continue
            edge["object_type"] = "rect_edge"
            yield edge


def _paths(parent: Any, count: Any, get: Any, outer: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    """Visible paths of a page and of the forms within it, each with the matrix that takes its points to the page."""
    for index in range(count(parent)):
        item = get(parent, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind not in {pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM}:
            continue
        own = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(item, byref(own))
        matrix = _multiply((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield item, matrix
        elif depth < _DEEPEST:
            yield from _paths(item, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, matrix, depth + 1)


def _lines(path: Any) -> Iterable[tuple[Point, Point]]:
    """Straight segments of a path."""
    x, y = c_float(), c_float()
    start: Point = (0.0, 0.0)
    here = start
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        there = (x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = there
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield here, there
        here = there
        if pdfium.FPDFPathSegment_GetClose(segment) and here != start:
            yield here, start
            here = start


def _multiply(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _apply(m: Matrix, point: Point) -> Point:
    x, y = point
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
