"""Simulated rounds with known truth, as in the study behind the levelled score: quality, severity, scale and noise by chance.

Standard deviations in points: quality 8, severity 6, scale 0.25, noise 5. A false score lies 35 points off, up or down.

The study has six worlds; ``WORLDS`` holds its figures, means of ten runs. What it leaves open is set so: scores are neither rounded nor
cut off at 0 and 100; the judges of an entry are any of the pool with equal chance; three scores an entry where few entries are read by
many judges; severity and scale of a judge do not depend on each other. A figure is reproduced when it lies within three standard errors
of a mean of ten runs (``Measured.near``), by the spread of the runs here. The study's column "bias+scale" is of a model that Keheng
does not offer, and is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from keheng.review.rules.combining import combinations
from keheng.review.rules.leveling import fit

Reals = npt.NDArray[np.float64]
_TEN, _ERRORS = 10, 3
# Variances of what a score is made of: noise with what the scale adds to it, severity, quality.
_NOISE, _SEVERITY, _QUALITY = 25 + (0.25 * 8) ** 2, 36.0, 64.0
_SETTLED = 60


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
    """Kendall's tau of two orders, the first without ties; a tie of the second counts for neither side."""
    sorted_by_one = other[np.argsort(one)]
    later = np.triu(np.ones((len(one), len(one)), dtype=np.bool_), 1)
    up, down = sorted_by_one[:, None] < sorted_by_one[None], sorted_by_one[:, None] > sorted_by_one[None]
    return float(np.count_nonzero(up & later) - np.count_nonzero(down & later)) * 2 / (len(one) * (len(one) - 1))


def top_tenth(truth: Reals, found: Reals) -> float:
    """How many of the best tenth are found among the best tenth."""
    count = max(1, round(len(truth) / 10))
    return len(set(np.argsort(-truth)[:count].tolist()) & set(np.argsort(-found)[:count].tolist())) / count


def mean(one: Round) -> Reals:
    """The plain mean."""
    return np.asarray(np.bincount(one.entry, one.score) / one.each)


def dropped(one: Round) -> Reals:
    """Highest and lowest left out, by the rules that programmes use; of three scores that is their median."""
    combine = combinations()["median" if one.each == 3 else "drop_one"]  # noqa: PLR2004 -- the rule drops none of so few
    rows = one.score.reshape(-1, one.each)
    return np.array([float(combine([Decimal(f"{score:.4f}") for score in row]) or 0) for row in rows])


def standardised(one: Round) -> Reals:
    """The z-score: each judge's scores by their own mean and spread."""
    count = np.maximum(np.bincount(one.judge), 1)
    middle = np.bincount(one.judge, one.score) / count
    spread = np.sqrt(np.bincount(one.judge, (one.score - middle[one.judge]) ** 2) / count)
    return np.asarray(np.bincount(one.entry, (one.score - middle[one.judge]) / np.where(spread > 0, spread, 1)[one.judge]) / one.each)


def additive(one: Round) -> Reals:
    """The additive model with the variances known (BLUP), every score counting in full."""
    centred, read = one.score - one.score.mean(), np.bincount(one.judge)
    quality = np.zeros(len(one.truth))
    for _ in range(_SETTLED):
        severity = np.bincount(one.judge, centred - quality[one.entry]) / (read + _NOISE / _SEVERITY)
        quality = np.bincount(one.entry, centred - severity[one.judge]) / (one.each + _NOISE / _QUALITY)
    return quality


def levelled(one: Round) -> Reals:
    """Keheng's own: additive with bounded influence, variances estimated."""
    return fit(one.entry, one.judge, one.score)[0]


COLUMNS: Mapping[str, Callable[[Round], Reals]] = {
    "mean": mean, "dropped": dropped, "z": standardised, "additive": additive, "levelled": levelled,
}  # fmt: skip


class World(NamedTuple):
    """A world: scores an entry, judges, entries, share of entries with a false score; the study's tau and top tenth by column."""

    each: int
    judges: int
    entries: int
    false: float
    figures: Mapping[str, tuple[float, float | None]]

    def round(self, seed: int) -> Round:
        """A round of it."""
        return simulated(seed, each=self.each, judges=self.judges, entries=self.entries, false=self.false)


# Where the study has no figure of the Huber model, the levelled score is held against its additive one.
WORLDS: Mapping[str, World] = {
    "3 scores an entry": World(3, 60, 1000, 0.0, {
        "mean": (0.677, 0.64), "dropped": (0.640, 0.60), "z": (0.760, 0.74), "additive": (0.769, 0.73), "levelled": (0.769, 0.73)}),
    "few reviews a judge": World(3, 30, 60, 0.0, {
        "mean": (0.691, 0.58), "dropped": (0.646, 0.53), "z": (0.706, 0.60), "additive": (0.756, 0.70), "levelled": (0.756, 0.70)}),
    "5 scores an entry": World(5, 60, 1000, 0.0, {
        "mean": (0.745, 0.72), "dropped": (0.730, 0.72), "z": (0.811, 0.77), "additive": (0.817, 0.79), "levelled": (0.813, 0.80)}),
    "5 scores, 15 % with a false one": World(5, 60, 1000, 0.15, {
        "mean": (0.682, 0.69), "dropped": (0.718, 0.71), "z": (0.739, 0.74), "additive": (0.736, 0.76), "levelled": (0.802, 0.77)}),
    "7 scores, 15 % with a false one": World(7, 60, 1000, 0.15, {
        "mean": (0.740, 0.73), "dropped": (0.764, 0.76), "z": (0.789, 0.79), "additive": (0.790, 0.78), "levelled": (0.836, 0.82)}),
    "one panel of 5 scores all 40": World(5, 5, 40, 0.0, {
        "mean": (0.835, None), "dropped": (0.820, None), "z": (0.817, None), "additive": (0.835, None), "levelled": (0.835, None)}),
}  # fmt: skip


class Measured(NamedTuple):
    """A figure over runs: its mean, the standard deviation of one run, how many runs."""

    mean: float
    spread: float
    runs: int

    @property
    def noise(self) -> float:
        """How far two means may lie apart by chance, of ten runs and of these: three standard errors of their difference."""
        return float(_ERRORS * self.spread * (1 / _TEN + 1 / self.runs) ** 0.5)

    def near(self, figure: float) -> bool:
        """Whether a mean of ten runs, written with two or three digits, may be the same."""
        return abs(self.mean - figure) <= self.noise + 0.005


def studied(world: World, runs: int) -> Mapping[str, tuple[Measured, Measured]]:
    """Tau and top tenth of every column, over runs of fixed seeds."""
    rows: dict[str, list[tuple[float, float]]] = {name: [] for name in COLUMNS}
    for seed in range(runs):
        one = world.round(seed)
        for name, column in COLUMNS.items():
            found = column(one)
            rows[name].append((kendall(one.truth, found), top_tenth(one.truth, found)))
    return {name: (_measured([tau for tau, _ in some]), _measured([top for _, top in some])) for name, some in rows.items()}


def _measured(values: list[float]) -> Measured:
    return Measured(float(np.mean(values)), float(np.std(values, ddof=1)), len(values))
