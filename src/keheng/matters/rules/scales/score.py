"""Points of a person: a range as long as something is unknown, row by row, and the classes the range allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from keheng.matters.rules.scales.table import Bands, Choices, Given, Item, PointsTable

# A number, one answer, all answers that hold (none: the empty set); a missing fact is unknown.
Fact = Decimal | str | frozenset[str]
Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Line:
    """Points of an item, from ``low`` to ``high``; ``hole`` where the number falls between two bands of the table."""

    item: Item
    low: Decimal
    high: Decimal
    hole: bool = False

    @property
    def known(self) -> bool:
        """Whether the range is a point."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Score:
    """Points of a person by a table. ``worst`` and ``best`` are the classes that the range allows; ``refused``: too young for any."""

    table: PointsTable
    lines: tuple[Line, ...]
    refused: bool

    @property
    def low(self) -> Decimal:
        """The points that are certain."""
        return sum((line.low for line in self.lines), Decimal())

    @property
    def high(self) -> Decimal:
        """The points that are possible."""
        return sum((line.high for line in self.lines), Decimal())

    @property
    def worst(self) -> str:
        """The class that is certain."""
        return self.table.class_of(self.low)

    @property
    def best(self) -> str:
        """The class that is possible."""
        return self.table.class_of(self.high)

    @property
    def unknown(self) -> list[Line]:
        """What is still to be told, the widest range first."""
        return sorted((line for line in self.lines if not line.known), key=lambda line: line.low - line.high)


def score(table: PointsTable, facts: Facts) -> Score:
    """The points of a person; raises ValueError for a fact that is none of its item (a text for a number, an unknown answer)."""
    lines = tuple(_line(item, facts.get(item.id)) for item in table.items)
    refused = any(
        isinstance(item, Bands) and item.refuse_below is not None and isinstance(fact, Decimal) and fact < item.refuse_below
        for item in table.items
        for fact in [facts.get(item.id)]
    )
    return Score(table, lines, refused)


def _line(item: Item, fact: Fact | None) -> Line:
    if fact is None:
        return Line(item, min(possible(item)), max(possible(item)))
    if isinstance(item, Bands) and isinstance(fact, Decimal):
        return _in_bands(item, fact)
    if isinstance(item, Given) and isinstance(fact, Decimal) and 0 <= fact <= item.most:
        return Line(item, fact, fact)
    if isinstance(item, Choices):
        held = fact if isinstance(fact, frozenset) and item.kind == "best" else frozenset({fact}) if isinstance(fact, str) else None
        if held is not None and held <= {row.value for row in item.rows}:
            points = max((row.points for row in item.rows if row.value in held), default=Decimal())
            return Line(item, points, points)
    raise ValueError(f"{item.id}: {fact!r} is no answer")


def possible(item: Item) -> Iterator[Decimal]:
    """What an item can give; its least and its most are among it."""
    if isinstance(item, Given):
        yield from (Decimal(), item.most)
    elif isinstance(item, Choices):
        # Of several answers that may hold, none may.
        yield from (row.points for row in item.rows) if item.kind == "choice" else (Decimal(), *(row.points for row in item.rows))
    else:
        yield Decimal()
        yield from (item.most if row.each else row.points for row in item.rows)


def _in_bands(item: Bands, number: Decimal) -> Line:
    told = number.to_integral_value(ROUND_FLOOR) if item.whole else number
    for place, row in enumerate(item.rows):
        if told >= row.begin:
            end = item.end_of(place)
            if end is not None and told >= end:
                return Line(item, Decimal(), Decimal(), hole=True)
            further = (told - row.begin).to_integral_value(ROUND_FLOOR) * row.each
            points = min(item.most, row.points + further)
            return Line(item, points, points)
    return Line(item, Decimal(), Decimal())
