"""Pieces of an indicator table given their columns by dynamic programming.

Rows repeat the header's columns in order. A row may lack cells, a cell may be torn over lines, a row may begin in
mid-line; the cheapest way to explain all pieces wins. Costs are what a reader would find odd: a weight that is no number,
a name left out, two cells of one line taken for one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from keheng.appraisal.model import Column
from keheng.appraisal.reading.likeness import continues, fits
from keheng.appraisal.reading.pieces import Piece

_SKIPPED = {Column.NAME: 6.0, Column.TARGET: 2.4, Column.ACTUAL: 2.4, Column.WEIGHT: 4.0, Column.SCORE: 3.0, Column.EXPLANATION: 1.4,
            Column.RULE: 1.4, Column.UNIT: 0.8, Column.OPERATOR: 0.8, Column.ORDINAL: 0.4, Column.RECHECK: 0.3}  # fmt: skip
_NEVER_TORN = frozenset({Column.WEIGHT, Column.SCORE, Column.ORDINAL, Column.RECHECK, Column.OPERATOR})
_IN_PLACE = -0.8
_TORN, _TORN_IN_LINE, _TORN_IN_GRID, _NUMBER_TORN = 0.8, 2.4, 8.0, 9.0
_ROW_IN_LINE, _ROW_IN_GRID = 0.6, 3.0
# A level name between two pieces nearly always stands between two rows.
_ACROSS_LABEL = 1.2
# A remark that begins on a line of its own in flowing text is more likely the next row's name.
_REMARK_ON_NEW_LINE = 1.2
_REMARKS = frozenset({Column.REASON, Column.NOTE})


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece with its column; ``opens`` marks the first piece of a row."""

    piece: Piece
    column: Column
    opens: bool


def align(
    pieces: Sequence[Piece], columns: tuple[Column, ...], positions: dict[Column, int], after_label: Collection[int] = ()
) -> list[Placed]:
    """Give every piece a column; ``positions`` are the header's cell numbers in a grid, empty for flowing text.

    ``after_label`` holds the indexes of pieces that had a level name right before them.
    """
    if not pieces:
        return []
    count = len(columns)
    # skipped[i] is the cost of leaving out the first i columns of a row.
    skipped = [0.0]
    for column in columns:
        skipped.append(skipped[-1] + _SKIPPED.get(column, 0.0))
    glue = [_NUMBER_TORN if column in _NEVER_TORN else _TORN for column in columns]
    costs = [skipped[b] + fit for b, fit in enumerate(_fit(pieces[0], columns, positions))]
    steps: list[list[int]] = []
    for index, piece in enumerate(pieces[1:], 1):
        torn = [cost + glued for cost, glued in zip(continues(piece.folded, columns), glue, strict=True)]
        same_row = _ACROSS_LABEL if index in after_label else 0.0
        costs, came_from = _step(piece, _fit(piece, columns, positions), costs, skipped, torn, same_row)
        steps.append(came_from)
    for a in range(count):
        costs[a] += skipped[count] - skipped[a + 1]
    return _trace(pieces, columns, costs, steps)


def _fit(piece: Piece, columns: tuple[Column, ...], positions: dict[Column, int]) -> list[float]:
    found = list(fits(piece.folded, columns))
    if not piece.gridded:
        if piece.first:
            for b, column in enumerate(columns):
                if column in _REMARKS:
                    found[b] += _REMARK_ON_NEW_LINE
    else:
        for b, column in enumerate(columns):
            if positions.get(column) == piece.column:
                found[b] += _IN_PLACE
    return found


def _step(
    piece: Piece, fit: Sequence[float], costs: Sequence[float], skipped: Sequence[float], glue: Sequence[float], same_row: float
) -> tuple[list[float], list[int]]:
    """One piece further: the cheapest cost to reach each column, and from where (``a`` same row, ``a - count`` a new row)."""
    if piece.first:
        torn, new_row = 0.0, 0.0
    else:
        torn, new_row = (_TORN_IN_GRID, _ROW_IN_GRID) if piece.gridded else (_TORN_IN_LINE - _TORN, _ROW_IN_LINE)
    count = len(fit)
    ended = [costs[a] + skipped[count] - skipped[a + 1] for a in range(count)]
    last = min(range(count), key=ended.__getitem__)
    fresh = ended[last] + new_row
    out, came_from = [], []
    ahead, ahead_from = float("inf"), -1
    torn += same_row
    for b in range(count):
        # Cheapest forward step: the running minimum over a < b of cost minus what is skipped up to and with a.
        best, origin = fresh + skipped[b], last - count
        if ahead + skipped[b] + same_row <= best:
            best, origin = ahead + skipped[b] + same_row, ahead_from
        best += fit[b]
        if costs[b] + glue[b] + torn <= best:
            best, origin = costs[b] + glue[b] + torn, b
        out.append(best)
        came_from.append(origin)
        candidate = costs[b] - skipped[b + 1]
        if candidate < ahead:
            ahead, ahead_from = candidate, b
    return out, came_from


def _trace(pieces: Sequence[Piece], columns: tuple[Column, ...], costs: Sequence[float], steps: Sequence[Sequence[int]]) -> list[Placed]:
    at = min(range(len(columns)), key=costs.__getitem__)
    placed: list[Placed] = []
    for index in range(len(pieces) - 1, 0, -1):
        origin = steps[index - 1][at]
        placed.append(Placed(pieces[index], columns[at], origin < 0))
        at = origin % len(columns) if origin < 0 else origin
    placed.append(Placed(pieces[0], columns[at], opens=True))
    placed.reverse()
    return placed
