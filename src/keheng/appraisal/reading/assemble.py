"""From row drafts to indicator rows: numbers parsed, levels carried down, split targets put together, confidence given."""

from __future__ import annotations

from dataclasses import replace

from keheng.appraisal.model import BLANK, Cell, Column, Row
from keheng.appraisal.numerals import plain_number
from keheng.appraisal.reading.header import Header
from keheng.appraisal.reading.likeness import Look, look_of
from keheng.appraisal.reading.pieces import Piece, fold
from keheng.appraisal.reading.rows import Draft, Table
from keheng.appraisal.reading.terms import may_be_second, natural_parent

_EXECUTION = ("预算执行率", "资金执行率", "预算资金执行率", "执行率", "预算执行", "预算完成率")
_MISSING = 0.15
_SECOND = 2


def build_rows(table: Table, header: Header) -> tuple[list[Row], list[Piece]]:
    """Rows in printed order, and the pieces of drafts that are no rows."""
    levels = _Levels(table, backfill=header.end > header.start)
    rows: list[Row] = []
    stray = list(table.stray)
    for draft in table.drafts:
        row = _row(draft, header, len(rows) + 1)
        if row is None:
            stray.extend(piece for pieces in draft.cells.values() for piece in pieces)
            continue
        level1, level2 = levels.at(draft.last)
        rows.append(replace(row, level1=level1 or levels.first, level2=level2))
    return rows, stray


def _row(draft: Draft, header: Header, ordinal: int) -> Row | None:
    cells = {column: _cell(draft, column) for column in draft.cells}
    target, actual = _put_together(cells)
    weight, score = cells.get(Column.WEIGHT, BLANK), cells.get(Column.SCORE, BLANK)
    name = cells.get(Column.NAME, BLANK)
    if not (target or actual or weight or score) or not (name or weight):
        return None
    expected = [column for column in (Column.NAME, Column.TARGET, Column.ACTUAL, Column.WEIGHT, Column.SCORE) if column in header.columns]
    missing = sum(column not in cells for column in expected)
    return Row(
        ordinal, name, target=target, actual=actual, weight=weight, score=score,
        reason=cells.get(Column.REASON, BLANK), explanation=cells.get(Column.EXPLANATION, BLANK),
        rule=cells.get(Column.RULE, BLANK), recheck=cells.get(Column.RECHECK, BLANK),
        is_execution=fold(name.text).startswith(_EXECUTION), confidence=round(max(0.1, draft.confidence - _MISSING * missing), 2),
    )  # fmt: skip


_NUMERIC = frozenset({Column.WEIGHT, Column.SCORE, Column.RECHECK})


def _cell(draft: Draft, column: Column) -> Cell:
    first = draft.cells[column][0]
    text = draft.text(column)
    value = plain_number(text.removesuffix("分")) if column in _NUMERIC else None
    if column in _NUMERIC and look_of(first.folded) is Look.DASH:
        return BLANK
    return Cell(text, first.line, first.page, first.column, value)


def _put_together(cells: dict[Column, Cell]) -> tuple[Cell, Cell]:
    """Target and actual as one text each where sign and unit have columns of their own (``=``, ``100``, ``%``)."""
    target, actual = cells.get(Column.TARGET, BLANK), cells.get(Column.ACTUAL, BLANK)
    sign = cells.get(Column.OPERATOR, BLANK).text
    unit = cells.get(Column.UNIT, BLANK).text
    if look_of(fold(unit)) is Look.DASH:
        unit = ""
    if target and plain_number(target.text) is not None:
        target = replace(target, text=f"{sign if fold(sign) not in ('定性', '定量') else ''}{target.text}{unit}")
    if actual and unit and plain_number(actual.text) is not None:
        actual = replace(actual, text=f"{actual.text}{unit}")
    return target, actual


class _Levels:
    """Level names by position: a label holds until the next of its level, wherever in its rows it is printed."""

    def __init__(self, table: Table, *, backfill: bool) -> None:
        self._labels = sorted(table.labels, key=lambda label: label[0])
        self._first_level = {_stem(piece): piece for _, level, piece in self._labels if level == 1}
        # A label printed in the middle of its rows holds for those above it too, unless the table began on another page.
        self.first = next((_level_cell(piece) for _, level, piece in self._labels if level == 1 and backfill), BLANK)
        self._next = 0
        self._current: list[Cell] = [BLANK, BLANK]

    def at(self, last_piece: int) -> tuple[Cell, Cell]:
        while self._next < len(self._labels) and self._labels[self._next][0] <= last_piece:
            _, level, piece = self._labels[self._next]
            self._take(level, piece)
            self._next += 1
        return self._current[0], self._current[1]

    def _take(self, level: int, piece: Piece) -> None:
        cell = _level_cell(piece)
        stem = _stem(piece)
        if level == 1 and stem == "成本" and self._inside_outputs():
            self._current[1] = cell
            return
        if level == 1 and may_be_second(piece.folded) and _stem_of(self._current[0].text) == stem:
            self._current[1] = cell
            return
        if level == 1:
            parent_of_second = natural_parent(fold(self._current[1].text)) if self._current[1] else None
            keeps_second = parent_of_second is not None and parent_of_second.removesuffix("指标") == stem
            self._current = [cell, self._current[1] if keeps_second else BLANK]
            return
        self._current[1] = cell
        parent = natural_parent(piece.folded)
        if parent is not None and _stem_of(self._current[0].text) != parent.removesuffix("指标"):
            printed = self._first_level.get(parent.removesuffix("指标"))
            if printed is not None:
                self._current[0] = _level_cell(printed)

    def _inside_outputs(self) -> bool:
        following = self._labels[self._next + 1 : self._next + 2]
        return _stem_of(self._current[0].text) == "产出" and not (
            following and following[0][1] == _SECOND and natural_parent(following[0][2].folded) == "成本指标"
        )


def _stem(piece: Piece) -> str:
    return _stem_of(piece.text)


def _stem_of(text: str) -> str:
    return fold(text).partition("(")[0].removesuffix("指标")


def _level_cell(piece: Piece) -> Cell:
    """A level name without the blanks that narrow cells put into it."""
    return Cell(piece.folded, piece.line, piece.page, piece.column)
