"""Simulated rounds with known truth, as in the study behind the levelled score: quality, severity, scale and noise by chance.

Standard deviations in points: quality 8, severity 6, scale 0.25, noise 5. A false score lies 35 points off, up or down.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]


class Round(NamedTuple):
    """Truth by entry, and scores as numbered triples; each entry has the same count of scores, one after the other."""

    truth: Reals
    entry: npt.NDArray[np.int64]
    judge: npt.NDArray[np.int64]
    score: Reals
    each: int


def simulated(seed: int, *, each: int, judges: int, entries: int, false: float = 0.0) -> Round:
    """A round by chance of a seed; ``false`` is the share of entries with one false score."""
    chance = np.random.default_rng(seed)
    truth = chance.normal(70, 8, entries)
    severity, scale = chance.normal(0, 6, judges), 1 + chance.normal(0, 0.25, judges)
    entry = np.repeat(np.arange(entries), each)
    judge = np.concatenate([chance.choice(judges, each, replace=False) for _ in range(entries)])
    score = 70 + severity[judge] + scale[judge] * (truth[entry] - 70) + chance.normal(0, 5, entries * each)
    wronged = chance.choice(entries, int(entries * false), replace=False)
    score[wronged * each] += 35 * chance.choice([-1, 1], len(wronged))
    return Round(truth, entry, judge, score, each)


def kendall(one: Reals, other: Reals) -> float:
    """Kendall's tau of two orders without ties."""
    agreement = np.sign(one[:, None] - one[None]) * np.sign(other[:, None] - other[None])
    return float(agreement.sum() / (len(one) * (len(one) - 1)))


def top_tenth(truth: Reals, found: Reals) -> float:
    """How many of the best tenth are found among the best tenth."""
    count = max(1, round(len(truth) / 10))
    return len(set(np.argsort(-truth)[:count].tolist()) & set(np.argsort(-found)[:count].tolist())) / count
