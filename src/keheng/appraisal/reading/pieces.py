"""Pieces: the smallest units the form reader works with, in reading order.

A gridded line gives one piece a filled cell, a flowing line one piece a run without blanks. Where a line of text
holds a whole form, its pieces are cut further at the signs that can only start a value or a level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from keheng.appraisal.model import Cell
from keheng.appraisal.numerals import normalise
from keheng.appraisal.reading.document import Line

_BLANKS = re.compile(r"\s+")
_PAGE_NUMBER = re.compile(r"(?:第\d+页(?:[共/,，]+\d+页)?|[-·•]+\d{1,4}[-·•]+|\d{1,4}/\d{1,4})")
# A line longer than this that is not prose holds several cells, or a whole form, without separators.
_LONG_LINE = 160
_GLUED = re.compile(r"(?<=[一-鿿)])(?=[≥≤>=<]{1,2}-?\d)|(?<=[\d%])(?=[产效满成数质时经社生可服][^\d]{1,12}?指标)|(?<=指标)(?=(?:数量|质量|时效|成本|经济效益|社会效益|生态效益|可持续影响|服务对象满意度)指标)")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of text with its place; ``folded`` has all blanks removed and look-alike signs unified.

    ``row`` is the index of its line in the document, ``column`` the 1-based cell in a gridded line, 0 in flowing text.
    ``first`` marks the first piece of a line, ``spaced`` one with a blank line before it.
    """

    text: str
    folded: str
    row: int
    line: int
    page: int
    column: int
    gridded: bool
    first: bool
    spaced: bool

    def cell(self) -> Cell:
        """The piece as a cell with its source."""
        return Cell(self.text, self.line, self.page, self.column)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Text as compared: normalised, without any blank."""
    return _BLANKS.sub("", normalise(text))


def pieces_of(lines: Iterable[Line]) -> Iterator[Piece]:
    """All pieces of the lines in reading order, page numbers left out."""
    previous = 0
    for row, line in enumerate(lines):
        if not line.cells:
            continue
        spaced = line.number - previous > 1
        started = False
        for text, column in _texts(line):
            folded = fold(text)
            if not folded or (not started and len(line.cells) == 1 and _PAGE_NUMBER.fullmatch(folded)):
                continue
            yield Piece(text, folded, row, line.number, line.page, column, line.gridded, not started, spaced and not started)
            started = True
        if started:
            previous = line.number


def _texts(line: Line) -> Iterator[tuple[str, int]]:
    if line.gridded:
        for cell in line.cells:
            if cell.text and not cell.text.isspace():
                yield cell.text, cell.column
        return
    for cell in line.cells:
        runs = cell.text.strip().strip("|｜").split()
        if len(cell.text) > _LONG_LINE:
            runs = [part for run in runs for part in _GLUED.split(run)]
        for run in runs:
            yield run, 0


def join_texts(texts: Iterable[str]) -> str:
    """Parts of one cell as one text: nothing between Chinese characters, one blank between Latin words."""
    out = ""
    for text in texts:
        if out and out[-1].isascii() and out[-1].isalpha() and text[:1].isascii() and text[:1].isalpha():
            out += " "
        out += text
    return out
