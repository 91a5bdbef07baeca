"""How little a piece looks like what a column holds: 0 for a perfect fit, 9 for an impossible one."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from keheng.appraisal.model import Column
from keheng.appraisal.numerals import plain_number
from keheng.appraisal.quantity import Kind, parse_quantity
from keheng.appraisal.reading.terms import is_word

_LONGEST_NAME = 30
_MOST_POINTS = 100


class Look(IntEnum):
    """What a piece looks like by itself."""

    NUMBER = 0
    LARGE_NUMBER = 1
    TARGET = 2
    QUANTITY = 3
    POINTS = 4
    QUALITY = 5
    SIGN = 6
    UNIT = 7
    DASH = 8
    WORDS = 9
    PROSE = 10


_SIGNS = frozenset({"≥", "≤", ">", "<", "=", ">=", "<=", "定性", "定量", "正向", "反向", "大于等于", "小于等于", "等于", "大于", "小于"})
_DASHES = frozenset({"-", "--", "/", "—", "——", "－", "无数据"})
_POINTS = re.compile(r"\d+(?:\.\d+)?分")
_SENTENCE = re.compile(r"[。；;！？]|[，,].*[，,]")

# Rows follow Look; the columns stand in the order of _HELD.
_HELD = (Column.NAME, Column.EXPLANATION, Column.OPERATOR, Column.TARGET, Column.UNIT, Column.ACTUAL, Column.WEIGHT, Column.SCORE,
         Column.RULE, Column.REASON, Column.ORDINAL, Column.NOTE, Column.RECHECK)  # fmt: skip
_COSTS: dict[Look, tuple[float, ...]] = {
    #                     name expl  op  targ unit  act  wgt scor rule reas ord  note rech
    Look.NUMBER:         (6.0, 7.0, 9.0, 1.5, 8.0, 1.5, 0.0, 0.0, 8.0, 5.0, 0.0, 4.0, 0.5),
    Look.LARGE_NUMBER:   (6.0, 7.0, 9.0, 1.2, 8.0, 1.0, 6.0, 7.0, 8.0, 6.0, 5.0, 5.0, 6.0),
    Look.TARGET:         (6.0, 7.0, 9.0, 0.0, 8.0, 1.2, 9.0, 9.0, 7.0, 6.0, 9.0, 5.0, 9.0),
    Look.QUANTITY:       (5.0, 6.0, 9.0, 0.7, 8.0, 0.0, 8.0, 8.0, 6.0, 5.0, 9.0, 4.0, 8.0),
    Look.POINTS:         (6.0, 6.0, 9.0, 1.0, 8.0, 0.6, 0.3, 0.3, 5.0, 5.0, 9.0, 4.0, 0.6),
    Look.QUALITY:        (2.2, 4.0, 3.0, 0.2, 4.0, 0.2, 9.0, 9.0, 4.0, 2.6, 9.0, 2.0, 9.0),
    Look.SIGN:           (8.0, 8.0, 0.0, 2.0, 8.0, 3.0, 9.0, 9.0, 8.0, 8.0, 9.0, 8.0, 9.0),
    Look.UNIT:           (4.0, 6.0, 8.0, 2.0, 0.0, 2.0, 9.0, 9.0, 8.0, 5.0, 9.0, 5.0, 9.0),
    Look.DASH:           (8.0, 5.0, 2.0, 1.0, 1.0, 1.0, 0.6, 0.6, 2.0, 0.3, 2.0, 0.3, 0.3),
    Look.WORDS:          (0.0, 1.2, 8.0, 1.4, 4.0, 1.4, 9.0, 9.0, 1.5, 0.9, 9.0, 1.0, 9.0),
    Look.PROSE:          (2.6, 0.0, 9.0, 2.5, 9.0, 1.4, 9.0, 9.0, 0.0, 0.3, 9.0, 0.6, 9.0),
}  # fmt: skip
_IMPOSSIBLE = 9.0
# What it costs to take a piece for the rest of a cell that a line end has torn. Long names are rarer than long words.
_REST = {Column.NAME: 0.3, Column.TARGET: 0.2}
_TORN_LOOKS = frozenset({Look.WORDS, Look.PROSE, Look.UNIT, Look.QUALITY})


@lru_cache(maxsize=32_768)
def look_of(folded: str) -> Look:
    """What a folded piece looks like."""
    if folded in _DASHES:
        return Look.DASH
    number = plain_number(folded)
    if number is not None:
        return Look.NUMBER if 0 <= number <= _MOST_POINTS else Look.LARGE_NUMBER
    if folded in _SIGNS:
        return Look.SIGN
    if is_word("unit_words", folded):
        return Look.UNIT
    if _POINTS.fullmatch(folded):
        return Look.POINTS
    quantity = parse_quantity(folded)
    if quantity.kind in (Kind.NUMBER, Kind.RANGE):
        return Look.TARGET if quantity.op is not None else Look.QUANTITY
    if is_word("qualities", folded):
        return Look.QUALITY
    if len(folded) > _LONGEST_NAME or _SENTENCE.search(folded):
        return Look.PROSE
    return Look.WORDS


@lru_cache(maxsize=32_768)
def fits(folded: str, columns: tuple[Column, ...]) -> tuple[float, ...]:
    """The cost of the piece in each of the columns."""
    costs = dict(zip(_HELD, _COSTS[look_of(folded)], strict=True))
    return tuple(costs.get(column, _IMPOSSIBLE) for column in columns)


@lru_cache(maxsize=32_768)
def continues(folded: str, columns: tuple[Column, ...]) -> tuple[float, ...]:
    """The cost of taking the piece for the rest of a torn cell of each column."""
    if look_of(folded) not in _TORN_LOOKS:
        return fits(folded, columns)
    return tuple(_REST.get(column, 0.0) for column in columns)
