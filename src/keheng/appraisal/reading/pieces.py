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
_SECOND = "(?:数量|质量|时效|成本|经济成本|社会成本|经济效益|社会效益|生态效益|生态环境成本|可持续影响|服务对象满意度)指标"
# Where two cells of a text without separators meet: before a comparison, between two level names, behind a level name.
_GLUED = re.compile(
    rf"(?<=[一-鿿)）])(?=[≥≤>=<]{{1,2}}-?\d)|(?<=(?:产出|效益|成本)指标)(?={_SECOND})|(?<=满意度指标)(?=服务对象满意度指标)"
    r"|(?<=(?:数量|质量|时效)指标)(?=[^(（\d])|(?<=(?:经济|社会|生态)效益指标)(?=[^(（\d])|(?<=可持续影响指标)(?=[^(（\d])|(?<=服务对象满意度指标)(?=[^(（\d])"
)
_LEVEL_IN_RUN = re.compile(_SECOND)
# The line below a Markdown header.
_RULE = re.compile(":?-{3,}:?")
_LABELS_RUN = 16
_STRONG_LABELS = re.compile(
    r"(项目名称|主管部门|实施单位(?:[(（]盖章[)）])?|一级指标|二级指标|三级指标|指标性质|年度指标值|度量单位|实际完成值|偏差原因分析及改进措施|未完成原因分析)"
)
_COMPARISON = re.compile(r"[一-鿿)][≥≤>=<]{1,2}-?\d")
_SEPARATORS = re.compile("[|｜]")


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
        # A line that ends with a separator is a whole cell: what follows is another one.
        if not line.gridded and _PAGE_NUMBER.fullmatch(fold(line.cells[0].text)):
            continue
        spaced = line.number - previous > 1 or (not line.gridded and line.cells[0].text.endswith(("|", "｜")))
        started = False
        for text, column in _texts(line):
            folded = fold(text)
            if not folded:
                continue
            yield Piece(text, folded, row, line.number, line.page, column, line.gridded, not started, spaced and not started)
            started = True
        if started:
            previous = line.number


def _texts(line: Line) -> Iterator[tuple[str, int]]:
    if line.gridded:
        for cell in line.cells:
            if cell.text and not cell.text.isspace() and not _RULE.fullmatch(cell.text):
                yield cell.text, cell.column
        return
    for cell in line.cells:
        if "|" in cell.text or "｜" in cell.text:
            yield from ((part.strip(), 0) for part in _SEPARATORS.split(cell.text))
            continue
        for run in _runs(cell.text):
            if ("指标" in run and _LEVEL_IN_RUN.search(run)) or (len(run) <= _LABELS_RUN * 2 and _COMPARISON.search(run)):
                yield from ((part, 0) for part in _GLUED.split(run))
            else:
                yield run, 0


def _runs(text: str) -> Iterator[str]:
    """The blank-separated runs of a line; a run of labels set without any blank is cut before and behind each."""
    for run in text.split():
        if len(run) > _LABELS_RUN and len(_STRONG_LABELS.findall(run)) > 1:
            yield from (part for part in _STRONG_LABELS.split(run) if part)
        else:
            yield run


def join_texts(texts: Iterable[str]) -> str:
    """Parts of one cell as one text: nothing between Chinese characters, one blank between Latin words."""
    out = ""
    for text in texts:
        if out and out[-1].isascii() and out[-1].isalpha() and text[:1].isascii() and text[:1].isalpha():
            out += " "
        out += text
    return out
