"""The official result: the rule of the programme says how the scores of an entry become one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from statistics import median

from keheng.kernel.definitions import definitions_folder

_CENTS = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Combination:
    """A way to combine: so many highest and lowest scores are left out where at least ``least`` are there; then mean or median."""

    code: str
    zh: str
    en: str
    of: str
    highest: int
    lowest: int
    least: int

    def __call__(self, scores: Sequence[Decimal]) -> Decimal | None:
        """One score with two decimals, half up; None of no score."""
        if not scores:
            return None
        kept = sorted(scores)
        if len(kept) >= self.least:
            kept = kept[self.lowest : len(kept) - self.highest]
        one = median(kept) if self.of == "median" else sum(kept, Decimal()) / len(kept)
        return Decimal(one).quantize(_CENTS, ROUND_HALF_UP)


@cache
def combinations() -> Mapping[str, Combination]:
    """The ways programmes use, from ``definitions/review/combinations.json``; raises ValueError for one that may leave nothing."""
    content = json.loads((definitions_folder("review") / "combinations.json").read_text(encoding="utf-8"))
    found = {
        code: Combination(code, row["zh"], row["en"], row["of"], row["highest"], row["lowest"], row["least"])
        for code, row in content["ways"].items()
    }
    for one in found.values():
        if one.least <= one.highest + one.lowest:
            raise ValueError(f"{one.code}: of {one.least} scores {one.highest} + {one.lowest} are left out")
    return found


def total_of(points: Mapping[str, Decimal], criteria: Sequence[tuple[str, int, Decimal]]) -> Decimal:
    """The score of an entry by one judge, of 100: points by criterion over the most it has, weighted (code, weight, most).

    Raises KeyError when a criterion has no points.
    """
    weights = sum(weight for _, weight, _ in criteria)
    earned = sum((points[code] / most * weight for code, weight, most in criteria), Decimal())
    return (earned / weights * 100).quantize(_CENTS, ROUND_HALF_UP)
