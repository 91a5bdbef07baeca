"""Points for budget execution (财预〔2020〕10号; bands of the Shanghai form of 2019)."""

from __future__ import annotations

from decimal import Decimal

from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.policy import ExecutionPolicy, Policy
from keheng.appraisal.scoring.rounding import plain, rounded
from keheng.appraisal.scoring.scorecard import ExecutionScore

_HUNDRED = Decimal(100)
# Forms round the rate first and the points after it, or the points only: both are legal.
_ROUNDINGS = ("down", "half_up", "up")


def execution_rate(form: EvaluationForm) -> Decimal | None:
    """Executed over annual budget as a fraction; None when an amount is missing or the budget is 0."""
    total = form.funds.total
    if total.annual is None or total.executed is None or total.annual.fen <= 0:
        return None
    return Decimal(total.executed.fen) / Decimal(total.annual.fen)


def execution_weight(form: EvaluationForm, policy: Policy) -> Decimal | None:
    """The points execution is worth: as printed in the funds table or the execution row, else as the policy says."""
    printed = form.funds.total.weight.value
    if printed is not None:
        return printed
    for row in form.rows:
        if row.is_execution:
            return row.weight.value
    return policy.execution.points if form.funds.total.score.value is not None else None


def score_execution(form: EvaluationForm, policy: Policy) -> ExecutionScore:
    """The execution line of a scorecard."""
    rate, points = execution_rate(form), execution_weight(form, policy)
    row = next((row for row in form.rows if row.is_execution), None)
    given = form.funds.total.score.value if row is None else row.score.value
    if rate is None or points is None:
        return ExecutionScore(rate, None, points, given, Decimal(0), points or Decimal(0), None, "缺少金额或分值，无法重算", policy.clause)
    low, high, expected, formula = _interval(rate, points, policy.execution)
    percent = rounded(rate * _HUNDRED, policy.execution.rate_round)
    return ExecutionScore(rate, percent, points, given, low, high, expected, formula, policy.clause)


def _interval(rate: Decimal, points: Decimal, rule: ExecutionPolicy) -> tuple[Decimal, Decimal, Decimal, str]:
    capped = min(rate, Decimal(1))
    percent = f"{plain(rate * _HUNDRED)}%"
    linear = rounded(min(points, rounded(capped * _HUNDRED, rule.rate_round) / _HUNDRED * points), rule.score_round)
    if rule.kind == "unknown":
        return Decimal(0), points, linear, f"口径未印制；按线性为 {percent} × {plain(points)} = {plain(linear)}"
    if rule.kind == "banded":
        band = next(band for band in rule.bands if band.start <= rate and (band.stop is None or rate < band.stop))
        scale = points / max(b.high for b in rule.bands)
        low, high = band.low * scale, band.high * scale
        return low, high, high, f"执行率 {percent} 落在 {plain(low)}–{plain(high)} 分档"
    values = [rounded(capped * points, (mode, 2)) for mode in _ROUNDINGS] + [linear]
    values += [rounded(min(points, rounded(capped * _HUNDRED, (mode, 2)) / _HUNDRED * points), (mode, 2)) for mode in _ROUNDINGS]
    # One decimal or none is printed by many forms; they round the same value.
    values += [rounded(capped * points, (mode, 1)) for mode in _ROUNDINGS[1:2]]
    return min(values), max(values), linear, f"{percent} × {plain(points)} = {plain(linear)}"
