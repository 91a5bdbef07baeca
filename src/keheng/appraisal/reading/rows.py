"""Indicator rows from the pieces below a header: straight lines by position, everything else by alignment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from keheng.appraisal.model import Column
from keheng.appraisal.reading.alignment import align
from keheng.appraisal.reading.header import Header
from keheng.appraisal.reading.likeness import Look, fits, look_of
from keheng.appraisal.reading.pieces import Piece, join_texts
from keheng.appraisal.reading.terms import begins_level, is_prompt, is_word, level_of, may_be_second

_LEVELS = (Column.LEVEL1, Column.LEVEL2)
_VALUES = (Column.TARGET, Column.ACTUAL, Column.WEIGHT, Column.SCORE, Column.RULE)
_GOOD_FIT = 2.6
_SHIFTS = (0, -1, 1, -2, 2)
_SECOND = 2
_LABEL_PARTS = 4
_LABEL_LENGTH = 20
_STRAIGHT, _ALIGNED, _MISSING = 1.0, 0.95, 0.15
_SENTENCE_ENDS = "。；;！？)）”"


@dataclass(slots=True)
class Draft:
    """A row in the making: the pieces of each column in reading order."""

    cells: dict[Column, list[Piece]]
    last: int
    confidence: float

    def text(self, column: Column) -> str:
        """The text of one cell, torn parts joined."""
        return cell_text(self.cells.get(column, []))


@dataclass(slots=True)
class Table:
    """What stands below a header: row drafts, level labels as (piece index, level, piece), pieces that fit nowhere."""

    drafts: list[Draft] = field(default_factory=list)
    labels: list[tuple[int, int, Piece]] = field(default_factory=list)
    stray: list[Piece] = field(default_factory=list)


def cell_text(pieces: Sequence[Piece]) -> str:
    """Pieces of one cell as text: a blank inside a flowing line stays, a line end between Chinese characters does not."""
    lines = [" ".join(piece.text for piece in line) for _, line in groupby(pieces, key=lambda piece: piece.row)]
    return join_texts(lines)


def read_rows(pieces: Sequence[Piece], header: Header) -> Table:
    """All rows of the pieces below one header (a header repeated on a new page already left out)."""
    table = Table()
    columns = tuple(column for column in header.columns if column not in _LEVELS)
    waiting: list[tuple[int, Piece]] = []
    for line in _lines(join_torn_labels(pieces)):
        line = [(i, p) for i, p in _without_side_labels(line, header) if not is_prompt(p.folded)]  # noqa: PLW2901 -- the line as the rest of the loop means it
        straight = _straight_row(line, header) if line and line[0][1].gridded else None
        if straight is None:
            waiting.extend(_without_labels(line, header, table))
            continue
        _settle(waiting, columns, header, table)
        waiting = []
        cells, levels = straight
        table.labels.extend(levels)
        table.drafts.append(Draft(cells, line[-1][0], _STRAIGHT))
    _settle(waiting, columns, header, table)
    _attach_fragments(table, header)
    return table


def _lines(pieces: Sequence[Piece]) -> Iterator[list[tuple[int, Piece]]]:
    for _, line in groupby(enumerate(pieces), key=lambda pair: pair[1].row):
        yield list(line)


def _without_side_labels(line: list[tuple[int, Piece]], header: Header) -> list[tuple[int, Piece]]:
    name_at = header.positions.get(Column.NAME, 0)
    return [
        (i, p)
        for i, p in line
        if not is_word("table_side_labels", p.folded) or (p.gridded and p.column >= name_at > 0 and len(p.folded) > 1)
    ]


def _straight_row(line: list[tuple[int, Piece]], header: Header) -> tuple[dict[Column, list[Piece]], list[tuple[int, int, Piece]]] | None:
    """A gridded line whose cells stand below their heads (perhaps all shifted alike) and look like them; else None."""
    by_position = {position: column for column, position in header.positions.items()}
    points = {column for column in (Column.WEIGHT, Column.SCORE) if column in header.columns}
    if sum(look_of(piece.folded) in (Look.NUMBER, Look.POINTS) for _, piece in line) < len(points):
        return None
    for shift in _SHIFTS:
        cells: dict[Column, list[Piece]] = {}
        levels: list[tuple[int, int, Piece]] = []
        for index, piece in line:
            column = by_position.get(piece.column - shift)
            if column is None:
                break
            if column in _LEVELS:
                level = 1 if column is Column.LEVEL1 else 2
                fits_level = level_of(piece.folded) in (0, level) or (level == _SECOND and may_be_second(piece.folded))
                if not fits_level and Column.LEVEL2 in header.columns:
                    break
                levels.append((index, level, piece))
            elif fits(piece.folded, (column,))[0] > _GOOD_FIT or (column is Column.NAME and level_of(piece.folded) and shift):
                break
            else:
                cells[column] = [piece]
        else:
            if _complete(cells, header) and not (shift and levels and not all(level_of(p.folded) for _, _, p in levels)):
                return cells, levels
    return None


def _complete(cells: dict[Column, list[Piece]], header: Header) -> bool:
    wanted = [column for column in (Column.NAME, Column.WEIGHT, Column.SCORE) if column in header.columns]
    return all(column in cells for column in wanted) and any(column in cells for column in _VALUES)


def _without_labels(line: list[tuple[int, Piece]], header: Header, table: Table) -> list[tuple[int, Piece]]:
    """The line without its level labels, which are noted in the table; labels torn over pieces are put together."""
    rest: list[tuple[int, Piece]] = []
    level_end = max((header.positions.get(column, 0) for column in _LEVELS), default=0)
    has_values = any(look_of(p.folded) in (Look.NUMBER, Look.TARGET, Look.QUANTITY) for _, p in line)
    for index, piece in line:
        level = level_of(piece.folded)
        if piece.gridded and piece.column == header.positions.get(Column.LEVEL2) and may_be_second(piece.folded):
            level = _SECOND
        if not level and piece.gridded and piece.column <= level_end and not has_values:
            # A scrap of a vertical level label: it stands alone in a level column.
            continue
        if level:
            table.labels.append((index, level, piece))
        else:
            rest.append((index, piece))
    return rest


def _settle(waiting: list[tuple[int, Piece]], columns: tuple[Column, ...], header: Header, table: Table) -> None:
    """Turn the pieces gathered between straight rows into rows, or into fragments of their neighbours."""
    if not waiting:
        return
    if not any(_holds_value(piece) for _, piece in waiting):
        table.drafts.append(Draft({Column.NOTE: [piece for _, piece in waiting]}, waiting[-1][0], 0.0))
        return
    tail = next(at for at, (_, piece) in enumerate(waiting) if piece.row == waiting[-1][1].row)
    scrap = [piece for _, piece in waiting[tail:]]
    if tail and scrap[0].gridded and scrap[0].column == header.positions.get(Column.NAME) and not any(map(_holds_value, scrap)):
        # The beginning of a name at the end of a line: it belongs to the straight row that follows.
        _settle(waiting[:tail], columns, header, table)
        _settle(waiting[tail:], columns, header, table)
        return
    labelled = {index for index, _, _ in table.labels}
    after_label = {at for at in range(1, len(waiting)) if any(i in labelled for i in range(waiting[at - 1][0] + 1, waiting[at][0]))}
    placed = align([piece for _, piece in waiting], columns, header.positions, after_label)
    draft: Draft | None = None
    for (index, _), place in zip(waiting, placed, strict=True):
        if draft is None or place.opens:
            draft = Draft({}, index, _ALIGNED)
            table.drafts.append(draft)
        draft.cells.setdefault(place.column, []).append(place.piece)
        draft.last = index


def _holds_value(piece: Piece) -> bool:
    return look_of(piece.folded) in (Look.NUMBER, Look.POINTS, Look.TARGET, Look.QUANTITY, Look.QUALITY)


def join_torn_labels(pieces: Sequence[Piece]) -> list[Piece]:
    """Flowing pieces with every level name that line ends tore apart put together again; its points go with it."""
    joined: list[Piece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        size = _torn_size(pieces, at) if not piece.gridded and begins_level(piece.folded) else 1
        if size > 1:
            folded = "".join(part.folded for part in pieces[at : at + size])
            piece = replace(piece, text=folded, folded=folded)
        joined.append(piece)
        at += size
    return joined


def _torn_size(pieces: Sequence[Piece], at: int) -> int:
    """How many pieces from ``at`` on make one level name; 1 when they do not."""
    for size in range(min(_LABEL_PARTS, len(pieces) - at), 1, -1):
        parts = pieces[at : at + size]
        whole = "".join(part.folded for part in parts)
        if (
            len(whole) <= _LABEL_LENGTH
            and all(part.first or part.folded[0] == "(" for part in parts[1:])
            and level_of(whole)
            and whole.endswith(("指标", ")"))
        ):
            return size
    return 1


def _attach_fragments(table: Table, header: Header) -> None:
    """Give lines that are only the rest of a sentence to the row they continue; what fits nowhere is stray."""
    rows: list[Draft] = []
    pending: list[Piece] = []
    score_at, name_at = header.positions.get(Column.SCORE, 0), header.positions.get(Column.NAME, 0)
    for place, draft in enumerate(table.drafts):
        if draft.confidence:
            if pending and not _prepend(draft, pending):
                table.stray.extend(pending)
            pending = []
            rows.append(draft)
            continue
        fragment = draft.cells[Column.NOTE]
        following = table.drafts[place + 1].cells.get(Column.NAME) if place + 1 < len(table.drafts) else None
        if following and following[0].column < fragment[0].column == name_at:
            # The next line lost its leading cells because the name was torn: this is the name's first half.
            following[:0] = fragment
        elif rows and _continues(rows[-1], fragment, score_at):
            rows[-1].last = draft.last
        elif fragment[0].gridded and draft is not table.drafts[-1]:
            pending = fragment
        else:
            table.stray.extend(fragment)
    table.stray.extend(pending)
    table.drafts = rows


def _continues(row: Draft, fragment: list[Piece], score_at: int) -> bool:
    """Append the fragment to the long cell of the row that it goes on from, if there is one.

    What stands alone behind the scores, or below a reason, is the row's reason: forms run it over lines and pages.
    """
    if fragment[0].gridded and (fragment[0].column > score_at > 0 or row.cells.get(Column.REASON)):
        row.cells.setdefault(Column.REASON, []).extend(fragment)
        return True
    for column in (Column.REASON, Column.EXPLANATION, Column.RULE, Column.NOTE, Column.ACTUAL):
        pieces = row.cells.get(column)
        if not pieces or look_of(pieces[-1].folded) in (Look.NUMBER, Look.DASH):
            continue
        near = not fragment[0].gridded or not pieces[-1].gridded or fragment[0].column in (pieces[-1].column, 1)
        if near and (not pieces[-1].folded.endswith(tuple(_SENTENCE_ENDS))):
            pieces.extend(fragment)
            return True
    return False


def _prepend(row: Draft, fragment: list[Piece]) -> bool:
    """Put the fragment before the long cell that stands in its column; False when there is none."""
    for column in (Column.EXPLANATION, Column.RULE, Column.REASON):
        pieces = row.cells.get(column)
        if pieces and pieces[0].column == fragment[0].column:
            row.cells[column] = fragment + pieces
            return True
    return False
