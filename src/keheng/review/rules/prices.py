"""A price book: what a kind of item cost in past projects, and which lines of a budget stand out.

A robust z of the log price: distance from the median over a scale by the median absolute deviation, which is shrunk towards the scale
of all items, since a few prices tell little. A ranked hint for a reviewer with n, median and the range of eight in ten, never a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_MAD = 1.4826
# The scale of all items counts as much as so many prices of the item's own; none is taken for narrower than 2 percent.
_OWN_WEIGHT, _NARROWEST = 8, 0.02
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What the book knows of an item: how many prices, median and the 10th and 90th percentile in fen, the log scale used."""

    count: int
    median: int
    p10: int
    p90: int
    scale: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How a price stands to its item; ``z`` None where the book knows too few prices."""

    item: str
    fen: int
    known: Known | None
    z: float | None


def book_of(prices: Sequence[tuple[str, int]]) -> Mapping[str, Known]:
    """The book of (item, unit price in fen); prices of 0 and below say nothing."""
    by_item: dict[str, list[int]] = {}
    for item, fen in prices:
        if fen > 0:
            by_item.setdefault(item, []).append(fen)
    logs = {item: np.log(np.array(some, dtype=np.float64)) for item, some in by_item.items() if len(some) >= _LEAST}
    mads = {item: _MAD * float(np.median(np.abs(some - np.median(some)))) for item, some in logs.items()}
    common = float(np.median(list(mads.values()))) if mads else _NARROWEST
    book = {}
    for item, some in logs.items():
        n = len(some)
        scale = max(float(np.sqrt((n * mads[item] ** 2 + _OWN_WEIGHT * common**2) / (n + _OWN_WEIGHT))), _NARROWEST)
        low, middle, high = (round(float(one)) for one in np.exp(np.percentile(some, (10, 50, 90))))
        book[item] = Known(n, middle, low, high, scale)
    return book


def standings(lines: Sequence[tuple[str, int]], book: Mapping[str, Known]) -> list[Standing]:
    """Lines (item, unit price in fen above 0) against the book, the dearest for their item first, unknown items last."""
    found = []
    for item, fen in lines:
        known = book.get(item)
        z = float(np.log(fen / known.median) / known.scale) if known is not None and fen > 0 else None
        found.append(Standing(item, fen, known, z))
    return sorted(found, key=lambda one: (one.z is None, -(one.z or 0.0)))
