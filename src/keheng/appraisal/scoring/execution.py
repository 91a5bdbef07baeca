"""Points for budget execution (财预〔2020〕10号; bands of the Shanghai form of 2019)."""

from __future__ import annotations

from decimal import Decimal

from keheng.appraisal.model import EvaluationForm, FundLine, PrintedMoney
from keheng.appraisal.policy import ExecutionPolicy, Policy
from keheng.appraisal.scoring.rounding import plain, rounded
from keheng.appraisal.scoring.scorecard import ExecutionScore

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
# In fen: half a 元, and 0.005 万元.
_HALF_YUAN, _MOST_SLACK = Decimal(50), Decimal(5_000)
# Forms round the rate first and the points after it, or the points only: both are legal.
_ROUNDINGS = ("down", "half_up", "up")


def execution_rate(form: EvaluationForm) -> Decimal | None:
    """Executed over annual budget as a fraction; None when an amount is missing or the budget is 0."""
    bounds = rate_bounds(form.funds.total)
    return None if bounds is None else bounds[0]


def rate_bounds(line: FundLine) -> tuple[Decimal, Decimal, Decimal] | None:
    """The rate as a fraction: by the printed amounts, and the least and most that their rounding leaves open.

    Amounts in 元 are taken as they stand; amounts in 万元 as ±0.005 万元 at most, whatever places are printed, since
    trailing zeros are often dropped.
    """
    if line.annual is None or line.executed is None or line.annual.fen <= 0:
        return None
    budget, spent = Decimal(line.annual.fen), Decimal(line.executed.fen)
    loose, slack = rounding_slack(line.annual), rounding_slack(line.executed)
    return spent / budget, (spent - slack) / (budget + loose), (spent + slack) / max(budget - loose, Decimal(1))


def rounding_slack(amount: PrintedMoney) -> Decimal:
    """How far the true amount may lie from the printed one, in fen: nothing for amounts in 元, at most 50 元 for 万元."""
    return _ZERO if amount.slack <= _HALF_YUAN else min(amount.slack, _MOST_SLACK)


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
    bounds, points = rate_bounds(form.funds.total), execution_weight(form, policy)
    rate = None if bounds is None else bounds[0]
    row = next((row for row in form.rows if row.is_execution), None)
    given = form.funds.total.score.value if row is None else row.score.value
    if bounds is None or rate is None or points is None:
        return ExecutionScore(rate, None, points, given, _ZERO, points or _ZERO, None, "缺少金额或分值，无法重算", policy.clause)
    _, _, expected, formula = _interval(rate, points, policy.execution)
    low, high = _interval(bounds[1], points, policy.execution)[0], _interval(bounds[2], points, policy.execution)[1]
    percent = rounded(rate * _HUNDRED, policy.execution.rate_round)
    return ExecutionScore(rate, percent, points, given, low, high, expected, formula, policy.clause)


def _interval(rate: Decimal, points: Decimal, rule: ExecutionPolicy) -> tuple[Decimal, Decimal, Decimal, str]:
    capped = max(_ZERO, min(rate, Decimal(1)))
    percent = f"{plain(rate * _HUNDRED)}%"
    linear = rounded(min(points, rounded(capped * _HUNDRED, rule.rate_round) / _HUNDRED * points), rule.score_round)
    if rule.kind == "unknown":
        return _ZERO, points, linear, f"口径未印制；按线性为 {percent} × {plain(points)} = {plain(linear)}"
    if rule.kind == "banded":
        reached = max(_ZERO, rate)
        band = next(band for band in rule.bands if band.start <= reached and (band.stop is None or reached < band.stop))
        scale = points / max(b.high for b in rule.bands)
        low, high = band.low * scale, band.high * scale
        return low, high, high, f"执行率 {percent} 落在 {plain(low)}–{plain(high)} 分档"
    values = [rounded(capped * points, (mode, 2)) for mode in _ROUNDINGS] + [linear]
    values += [rounded(min(points, rounded(capped * _HUNDRED, (mode, 2)) / _HUNDRED * points), (mode, 2)) for mode in _ROUNDINGS]
    # One decimal or none is printed by many forms; they round the same value.
    values += [rounded(capped * points, (mode, 1)) for mode in _ROUNDINGS[1:2]]
    return min(values), max(values), linear, f"{percent} × {plain(points)} = {plain(linear)}"
