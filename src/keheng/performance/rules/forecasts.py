"""Where a figure will stand at the year's end, between which bounds, and the lamp that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import NormalDist, fmean, stdev

from keheng.appraisal.model import Row
from keheng.appraisal.scoring.rows import attained, direction, share
from keheng.performance.enums import Lamp
from keheng.performance.models import Indicator
from keheng.performance.rules.library import policy
from keheng.performance.rules.targets import target_of
from keheng.performance.rules.values import actual_text, cell, rounded

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Forecast:
    """The value at the year's end with its interval, in the unit of the figures; None where too little is known."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def forecast_sum(so_far: Decimal, months: Sequence[Decimal]) -> Forecast:
    """A figure that adds up: what is there and the mean of the months seen for each month to come.

    The interval holds with the confidence of the policy if months are independent and alike; with one month there is none.
    """
    left = _MONTHS - len(months)
    if not months or left <= 0:
        return Forecast(so_far, so_far, so_far) if not left else Forecast()
    middle = so_far + Decimal(str(fmean(map(float, months)))) * left
    if len(months) == 1:
        return Forecast(middle)
    # The spread of what is to come, and of the mean that is taken for it.
    spread = stdev(map(float, months)) * sqrt(left + left * left / len(months))
    width = Decimal(str(_z() * spread))
    return Forecast(middle, max(so_far, middle - width), middle + width)


def forecast_level(now: Decimal, months: Sequence[Decimal]) -> Forecast:
    """A rate or a level: as it is now, as far apart as its months were."""
    left = _MONTHS - len(months)
    if left <= 0:
        return Forecast(now, now, now)
    if len(months) < 2:  # noqa: PLR2004 -- one month has no spread
        return Forecast(now)
    width = Decimal(str(_z() * stdev(map(float, months)) / sqrt(len(months))))
    return Forecast(now, now - width, now + width)


def _z() -> float:
    """How many deviations an interval of the policy's confidence reaches to either side."""
    return NormalDist().inv_cdf((1 + float(policy()["lamps"]["confidence"])) / 2)


def _as_row(indicator: Indicator, value: Decimal) -> Row:
    target = target_of(indicator).printed()
    return Row(1, cell(indicator.title), target=cell(target), actual=cell(actual_text(value, indicator.unit, "")))


def lamp_of(indicator: Indicator, forecast: Forecast) -> str:
    """The lamp by the policy: green, blue, yellow or red; none where nothing can be compared."""
    if forecast.value is None or indicator.value is None:
        return Lamp.NONE
    limits = policy()["lamps"]
    row = _as_row(indicator, rounded(forecast.value, indicator.unit))
    way = direction(row)
    met, part = attained(row.wanted, row.reached, way), share(row.wanted, row.reached, way)
    if met is None:
        return Lamp.NONE
    if not met:
        return Lamp.YELLOW if part is not None and part >= Decimal(limits["at_risk"]) else Lamp.RED
    worst = forecast.high if indicator.direction == "less" else forecast.low
    sure = worst is not None and attained(row.wanted, _as_row(indicator, rounded(worst, indicator.unit)).reached, way)
    over = part is not None and indicator.direction == "more" and part >= Decimal(limits["over"])
    return Lamp.GREEN if sure and not over else Lamp.BLUE
