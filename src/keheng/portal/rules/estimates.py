"""Estimates with their uncertainty: shares, means, and how many more to invite than there are places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import fmean, variance

from keheng.portal.enums.outreach import parameter


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate between its 95 % bounds."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Advice:
    """What one's own history says about a session of so many places. It is advice: nothing is overbooked by itself."""

    no_show: Interval
    expected: int
    places: int
    invite: int

    @property
    def more(self) -> int:
        """How many more than there are places."""
        return self.invite - self.places


def wilson(hits: int, asked: int, population: int | None = None) -> Interval | None:
    """A share in per cent with Wilson's interval; None of nothing.

    With a finite population the variance shrinks by (N − n) / (N − 1) (Cochran 1977, 2.5), which is the same as asking more people.
    """
    if asked == 0:
        return None
    z2, share = float(parameter("confidence_z")) ** 2, hits / asked
    shrink = _shrink(asked, population)
    if shrink == 0:
        return Interval(share * 100, share * 100, share * 100)
    effective = asked / shrink
    middle = (share + z2 / (2 * effective)) / (1 + z2 / effective)
    half = sqrt(z2) * sqrt(share * (1 - share) / effective + z2 / (4 * effective**2)) / (1 + z2 / effective)
    return Interval(share * 100, max(0.0, middle - half) * 100, min(1.0, middle + half) * 100)


def mean_interval(values: Sequence[float], population: int | None = None) -> Interval | None:
    """A mean with its normal interval, corrected for a finite population; None for fewer than two values."""
    count = len(values)
    if count < 2:  # noqa: PLR2004 -- one value has no spread
        return None
    middle, half = fmean(values), float(parameter("confidence_z")) * sqrt(variance(values) / count * _shrink(count, population))
    return Interval(middle, middle - half, middle + half)


def _shrink(asked: int, population: int | None) -> float:
    """By how much the variance shrinks; nothing is uncertain once everybody was asked."""
    if population is None:
        return 1.0
    return 0.0 if population <= max(asked, 1) else (population - asked) / (population - 1)


def overbooking(places: int, came: int, missed: int) -> Advice | None:
    """How many to invite so that they find no place with at most the tolerated probability; None without enough history.

    It reckons with the lower bound of the no-show rate, so that a short history advises little.
    """
    known = came + missed
    if known < parameter("advice_least") or places < 1:
        return None
    rate = wilson(missed, known)
    if rate is None:
        return None
    show = 1 - rate.low / 100
    invite = places
    while invite < 2 * places and _above(invite + 1, places, show) <= float(parameter("advice_risk")):
        invite += 1
    return Advice(rate, round(invite * (1 - rate.value / 100)), places, invite)


def _above(invited: int, places: int, show: float) -> float:
    """The probability that more than ``places`` of the invited come."""
    return sum(comb(invited, come) * show**come * (1 - show) ** (invited - come) for come in range(places + 1, invited + 1))
