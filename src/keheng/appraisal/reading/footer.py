"""The foot of an indicator table: where it begins, the printed totals, the grade."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from keheng.appraisal.model import BLANK, Cell, Column, Row
from keheng.appraisal.numerals import plain_number
from keheng.appraisal.reading.header import Header
from keheng.appraisal.reading.pieces import Piece
from keheng.appraisal.reading.terms import ends_table, is_word

_GLUED_TOTAL = re.compile(r"(总分|合计|总计|总得分)[:：]?((?:\d+(?:\.\d+)?分?)?)")
_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
# A line such as 其他需要说明事项 may stand between the last row and the total.
_NOTES_BEFORE_TOTAL = 6


@dataclass(frozen=True, slots=True)
class Totals:
    """Printed sums of points and grade; BLANK where none is printed."""

    weight: Cell = BLANK
    score: Cell = BLANK
    grade: Cell = BLANK


def table_end(pieces: Sequence[Piece]) -> int:
    """Index of the piece where the foot begins: the total, or the first note or signature."""
    for index, piece in enumerate(pieces):
        if is_total(piece) or ends_table(piece.folded) or is_word("totals", _pair(pieces, index)):
            return index
    return len(pieces)


def _pair(pieces: Sequence[Piece], index: int) -> str:
    """Two single characters side by side, as in ``总 分``."""
    if len(pieces[index].folded) == 1 and index + 1 < len(pieces):
        return pieces[index].folded + pieces[index + 1].folded
    return ""


def is_total(piece: Piece) -> bool:
    """True for the label of the sum of points, with or without a number glued to it."""
    return is_word("totals", piece.folded.rstrip(":：")) or _GLUED_TOTAL.fullmatch(piece.folded) is not None


def read_totals(pieces: Sequence[Piece], header: Header, rows: Sequence[Row]) -> Totals:
    """Totals and grade from the pieces of the foot, at most a short note before the total's label."""
    foot = range(min(len(pieces), _NOTES_BEFORE_TOTAL))
    start = next((i for i in foot if is_total(pieces[i]) or is_word("totals", _pair(pieces, i))), None)
    if start is None:
        return Totals()
    pieces = pieces[start:]
    numbers: list[Piece] = []
    grade = BLANK
    glued = _GLUED_TOTAL.fullmatch(pieces[0].folded)
    if glued and glued[2]:
        numbers.append(pieces[0])
    for piece in pieces[1:]:
        if _points(piece) is not None:
            numbers.append(piece)
        elif is_word("grades", piece.folded):
            grade = piece.cell()
        elif piece.folded not in {"-", "/", "—", "分"} or (ends_table(piece.folded) or piece.column == 1):
            break
    if not numbers:
        return Totals(grade=grade)
    weight, score = _which(numbers, header, rows)
    return Totals(_number_cell(weight), _number_cell(score), grade)


def _points(piece: Piece) -> Decimal | None:
    glued = _GLUED_TOTAL.fullmatch(piece.folded)
    return plain_number((glued[2] if glued else piece.folded).removesuffix("分"))


def _number_cell(piece: Piece | None) -> Cell:
    if piece is None:
        return BLANK
    return Cell(piece.text, piece.line, piece.page, piece.column, _points(piece))


def _which(numbers: Sequence[Piece], header: Header, rows: Sequence[Row]) -> tuple[Piece | None, Piece | None]:
    """Which number is the sum of weights and which the sum of scores: by order, else by position, else by arithmetic."""
    weighs, scores = Column.WEIGHT in header.columns, Column.SCORE in header.columns
    if len(numbers) > 1 and weighs and scores:
        first, second = numbers[0], numbers[1]
        swapped = header.columns.index(Column.SCORE) < header.columns.index(Column.WEIGHT)
        return (second, first) if swapped else (first, second)
    only = numbers[0]
    if not scores or (weighs and only.gridded and header.positions.get(Column.WEIGHT) == only.column):
        return only, None
    if not weighs or (only.gridded and header.positions.get(Column.SCORE) == only.column):
        return None, only
    given = [row.score.value for row in rows if row.score.value is not None]
    total = sum(given, start=Decimal(0))
    value = _points(only)
    if value == _HUNDRED and not (len(given) == len(rows) and abs(total - _HUNDRED) <= _CENT):
        return only, None
    return None, only
