"""The header of an indicator table: which columns there are, in which order, and at which positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from keheng.appraisal.model import Column
from keheng.appraisal.reading.pieces import Piece
from keheng.appraisal.reading.terms import columns_in, is_word

_FIRST_WORDS = ("一级", "指标名称", "三级指标", "绩效指标", "序号", "二级")
_MOST_PIECES = 44
_LONGEST_HEAD, _LONGEST_HEADER = 24, 160
_SIDE_LABELS = frozenset({"绩效指标", "绩效", "指标"})
_LEVELS = (Column.LEVEL1, Column.LEVEL2, Column.NAME)


@dataclass(frozen=True, slots=True)
class Header:
    """Columns in printed order; ``positions`` gives the cell number of those found in a grid.

    ``start`` and ``end`` are the indexes of its first piece and of the piece behind it; ``width`` is the last cell's
    number, 0 in flowing text.
    """

    columns: tuple[Column, ...]
    positions: dict[Column, int]
    start: int
    end: int
    width: int


def find_header(pieces: Sequence[Piece], start: int, stop: int) -> Header | None:
    """The first indicator-table header between two piece indexes, or None."""
    for index in range(start, stop):
        folded = pieces[index].folded
        if len(folded) <= _LONGEST_HEAD and (folded.startswith(_FIRST_WORDS) or columns_in(folded)):
            header = _header_at(pieces, index, min(stop, index + _MOST_PIECES))
            if header is not None:
                return replace(header, start=_with_group_heads(pieces, header.start, start))
    return None


def _with_group_heads(pieces: Sequence[Piece], index: int, start: int) -> int:
    """The index a header really begins at when a line of heads over groups of columns stands above it."""
    while index > start:
        folded = pieces[index - 1].folded
        heads = columns_in(folded)
        if not (is_word("table_side_labels", folded) or (heads and heads[-1][1] == len(folded))):
            break
        index -= 1
    return index


def _header_at(pieces: Sequence[Piece], index: int, stop: int) -> Header | None:
    orders = [list(range(index, stop))]
    if pieces[index].gridded:
        stacked = _stacked(pieces, index, stop)
        if stacked:
            orders.insert(0, stacked)
    best: Header | None = None
    for order in orders:
        header = _match(pieces, order)
        if header is not None and (best is None or len(header.columns) > len(best.columns)):
            best = header
    return best


def _stacked(pieces: Sequence[Piece], index: int, stop: int) -> list[int]:
    """Piece order for a header that is split over two gridded lines: column by column, upper part first."""
    rows: list[int] = []
    for i in range(index, stop):
        if pieces[i].row not in rows:
            rows.append(pieces[i].row)
    if len(rows) < 2:  # noqa: PLR2004 -- two lines make a stack
        return []
    chosen = [i for i in range(index, stop) if pieces[i].row in rows[:2] and pieces[i].gridded]
    return sorted(chosen, key=lambda i: (pieces[i].column, pieces[i].row))


def _match(pieces: Sequence[Piece], order: Sequence[int]) -> Header | None:
    text, owners = "", []
    for i in order:
        folded = pieces[i].folded
        if folded in _SIDE_LABELS and not text:
            continue
        text += folded
        owners.extend([i] * len(folded))
        if len(text) > _LONGEST_HEADER:
            break
    heads = columns_in(text)
    columns: list[Column] = []
    positions: dict[Column, int] = {}
    row_of: dict[Column, int] = {}
    used: set[int] = set()
    for begin, end, column in heads:
        spanned = set(owners[begin:end])
        if column in columns and pieces[owners[begin]].row != row_of[column]:
            # A heading over groups of columns came first; the header proper begins further on.
            return None
        if column not in columns:
            row_of[column] = pieces[owners[begin]].row
            columns.append(column)
            positions[column] = min(pieces[i].column for i in spanned)
        used |= spanned
    if not _is_table_header(columns) or _breaks_off(text, owners, heads[-1][1]):
        return None
    width = max(pieces[i].column for i in used)
    return Header(tuple(columns), positions if pieces[order[0]].gridded else {}, min(order[0], *used), max(used) + 1, width)


def _breaks_off(text: str, owners: Sequence[int], end: int) -> bool:
    """True when the last head ends inside its piece: what was only begun (``分值`` of a longer word) is no header."""
    last = end
    while last < len(owners) and owners[last] == owners[end - 1]:
        last += 1
    return text[end:last] not in {"", "/", ":"}


def _is_table_header(columns: Sequence[Column]) -> bool:
    named = sum(column in columns for column in _LEVELS)
    valued = sum(column in columns for column in (Column.TARGET, Column.ACTUAL, Column.WEIGHT, Column.SCORE, Column.EXPLANATION))
    return named >= 1 and valued >= 1 and len(columns) >= 3  # noqa: PLR2004 -- fewer words could be a sentence
