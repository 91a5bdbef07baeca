"""Charts as values: what is drawn is also a table, so that whoever cannot see the drawing reads the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import uuid4

Number = int | Decimal | None


class Shape(StrEnum):
    """How figures are drawn: over categories as bars or lines, or as parts of a whole."""

    BAR = "bar"
    ROWS = "rows"
    LINE = "line"
    PIE = "pie"


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures, one for each category; None where nothing is known, which is not zero."""

    name: str
    values: Sequence[Number]


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures over categories. ``target`` draws a line across; ``unit`` stands behind every figure;.

    Raises ValueError when a series has more or fewer figures than there are categories.
    """

    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    kind: Shape | str = Shape.BAR
    unit: str = ""
    note: str = ""
    target: Number = None
    target_name: str = ""
    key: str = field(default_factory=lambda: f"chart-{uuid4().hex[:8]}", compare=False)

    def __post_init__(self) -> None:
        for one in self.series:
            if len(one.values) != len(self.categories):
                raise ValueError(f"{self.title}: {one.name} has {len(one.values)} figures for {len(self.categories)} categories")

    def rows(self) -> list[tuple[str, list[Number]]]:
        """The table behind the drawing: each category with its figures."""
        return [(name, [one.values[place] for one in self.series]) for place, name in enumerate(self.categories)]

    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value is not None for one in self.series for value in one.values)

    def drawing(self) -> dict[str, object]:
        """What the script draws from: plain values, figures as numbers (a drawing needs no more than their double)."""
        return {
            "kind": str(self.kind),
            "unit": self.unit,
            "categories": list(self.categories),
            "target": _plain(self.target),
            "target_name": self.target_name,
            "series": [{"name": one.name, "values": [_plain(value) for value in one.values]} for one in self.series],
        }


def _plain(value: Number) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else value
