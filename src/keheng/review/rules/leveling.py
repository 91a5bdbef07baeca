"""Scores without the strictness of who gave them: an additive model with bounded influence (Huber), as a second opinion.

``score = level + quality of the entry + severity of the judge + noise``; both effects are shrunk by their own spread, and a score far
from what the two say counts less, so that one false score moves little. The rule's own combination stays the official result: this one
stands beside it with an interval, and warns. Between *islands* 孤岛, entries without a judge in common through any number of steps,
nothing can be compared; a panel that judged every entry leaves nothing to correct.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from keheng.review.rules.joining import count_islands

Reals = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_TUNING, _ROUNDS, _STILL = 1.345, 60, 1e-4
_MAD, _NORMAL_95 = 1.4826, 1.96


class Given(NamedTuple):
    """A score as it was given."""

    entry: str
    judge: str
    score: float


@dataclass(frozen=True, slots=True)
class Levelled:
    """An entry's score as if everybody had judged it; ``low`` to ``high`` holds the truth in about 95 of 100 cases."""

    score: float
    low: float
    high: float
    island: int


@dataclass(frozen=True, slots=True)
class Severity:
    """How much higher (lenient) or lower (strict) a judge scores than others do, in points, with its standard error."""

    points: float
    error: float
    count: int


@dataclass(frozen=True, slots=True)
class Levelling:
    """Entries and judges by reference. ``islands`` counts groups without a common scale; ``complete``: all judged all."""

    entries: Mapping[str, Levelled]
    judges: Mapping[str, Severity]
    islands: int
    complete: bool

    def comparable(self, entry: str) -> bool:
        """Whether an entry lies on the largest island, whose scale the list uses."""
        return self.entries[entry].island == 0


def level(scores: Sequence[Given]) -> Levelling:
    """Fit the model to all scores of a round; nothing for no scores."""
    if not scores:
        return Levelling({}, {}, 0, complete=True)
    names, entry = _numbered([one.entry for one in scores])
    judges, judge = _numbered([one.judge for one in scores])
    value = np.array([one.score for one in scores], dtype=np.float64)
    quality, error, severity, doubt = fit(entry, judge, value)
    island, islands = count_islands(zip(entry.tolist(), judge.tolist(), strict=True))
    half = _NORMAL_95 * error
    return Levelling(
        {name: Levelled(float(quality[n]), float(quality[n] - half[n]), float(quality[n] + half[n]), island[n])
         for n, name in enumerate(names)},
        {name: Severity(float(severity[n]), float(doubt[n]), int(count))
         for n, (name, count) in enumerate(zip(judges, np.bincount(judge), strict=True))},
        islands,
        complete=len(scores) == len(names) * len(judges),
    )  # fmt: skip


def _numbered(names: Sequence[str]) -> tuple[list[str], Whole]:
    known = sorted(set(names))
    place = {name: number for number, name in enumerate(known)}
    return known, np.array([place[name] for name in names], dtype=np.int64)


def fit(entry: Whole, judge: Whole, score: Reals) -> tuple[Reals, Reals, Reals, Reals]:
    """Quality of entries (with the level) and its standard error, severity of judges and its error, from numbered triples."""
    entries, judges = int(entry.max()) + 1, int(judge.max()) + 1
    level_of_all = float(score.mean())
    centred = score - level_of_all
    quality, severity = np.zeros(entries), np.zeros(judges)
    weight = np.ones_like(score)
    noise, spread, bias = 1.0, float(centred.var()) or 1.0, float(centred.var()) or 1.0
    for _ in range(_ROUNDS):
        before = quality
        own = np.bincount(entry, weight, entries)
        by = np.bincount(judge, weight, judges)
        severity = np.bincount(judge, weight * (centred - quality[entry]), judges) / (by + noise / bias)
        severity -= severity.mean()
        quality = np.bincount(entry, weight * (centred - severity[judge]), entries) / (own + noise / spread)
        left = centred - quality[entry] - severity[judge]
        # The estimated effects have used up degrees of freedom: the spread of what is left is too small by that much.
        free = max(len(score) - entries - judges + 1, len(score) // 10 + 1) / len(score)
        noise = max((_MAD * float(np.median(np.abs(left)))) ** 2 / free, 1e-9)
        spread = max(float((quality**2).mean() + (noise / (own + noise / spread)).mean()), 1e-6)
        bias = max(float((severity**2).mean() + (noise / (by + noise / bias)).mean()), 1e-6)
        weight = np.minimum(1.0, _TUNING * np.sqrt(noise) / np.maximum(np.abs(left), 1e-12))
        if np.abs(quality - before).max(initial=0.0) < _STILL * np.sqrt(noise):
            break
    own, by = np.bincount(entry, weight, entries), np.bincount(judge, weight, judges)
    doubt = np.sqrt(noise / (by + noise / bias))
    from_judges = np.bincount(entry, (weight * doubt[judge]) ** 2, entries) / np.maximum(own, 1e-12) ** 2
    error = np.sqrt(noise / (own + noise / spread) + from_judges)
    return quality + level_of_all, error, severity, doubt
