"""Family B: budget execution."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from keheng.appraisal.auditing.finding import Finding, Severity, find
from keheng.appraisal.auditing.registry import Context, form_rule
from keheng.appraisal.model import EvaluationForm, FundLine
from keheng.appraisal.numerals import normalise
from keheng.appraisal.prose.words import pattern, words
from keheng.appraisal.scoring.execution import rate_bounds, rounding_slack
from keheng.appraisal.scoring.rounding import plain

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_SOFT_CUT = Decimal("0.95")
_FRACTION = Decimal("1.5")


def _printed_percent(line: FundLine, exact: Decimal) -> tuple[Decimal, int] | None:
    """The printed rate in percent and its decimals; a bare ``0.98`` is a fraction when the amounts say so."""
    value, text = line.rate.value, normalise(line.rate.text).rstrip("%")
    if value is None:
        return None
    places = len(text.partition(".")[2])
    if "%" not in normalise(line.rate.text) and value <= _FRACTION < exact:
        return value * _HUNDRED, max(0, places - 2)
    return value, places


def _percent(rate: Decimal) -> str:
    return f"{rate * _HUNDRED:.2f}%"


def _texts(form: EvaluationForm) -> str:
    reasons = "".join(row.reason.text for row in form.rows)
    return reasons + "".join(cell.text for label, cell in form.extras.items() if label in ("problems", "improvements", "conclusion"))


@form_rule("EXEC_RATE")
def rate_is_wrong(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """The printed rate lies outside what the printed amounts allow."""
    yield from _judge_rate(form, context, "EXEC_RATE")


@form_rule("EXEC_RATE_ROUND")
def rate_is_rounded_away(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """Rounding hides a difference, yet no more than the tolerance."""
    yield from _judge_rate(form, context, "EXEC_RATE_ROUND")


def _judge_rate(form: EvaluationForm, context: Context, code: str) -> Iterator[Finding]:
    line = form.funds.total
    bounds = rate_bounds(line)
    printed = _printed_percent(line, bounds[0] * _HUNDRED) if bounds else None
    if bounds is None or printed is None or line.annual is None or line.executed is None:
        return
    exact, low, high = (bound * _HUNDRED for bound in bounds)
    value, places = printed
    tolerance = context.policy.threshold("rate_pp")
    if places < 2:  # noqa: PLR2004 -- a rate printed with fewer decimals promises no more than they say
        tolerance = max(tolerance, Decimal(1).scaleb(-places))
    outside = max(low - value, value - high, _ZERO)
    hidden = value == _HUNDRED and exact != _HUNDRED and outside <= tolerance
    if (outside > tolerance) is (code == "EXEC_RATE") and (outside > tolerance or hidden):
        values = {"printed": line.rate.text, "exact": f"{exact:.2f}%", "executed": line.executed.cell.text, "annual": line.annual.cell.text}
        formula = f"{values['executed']} ÷ {values['annual']} = {exact:.4f}%"
        yield find(form, code, place="funds.rate", cells=[line.rate, line.executed.cell, line.annual.cell], values=values, formula=formula)


@form_rule("EXEC_SCORE")
def execution_score_off(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """The points for execution against the rule of the policy; where the rule is unknown, a hint beside the linear value."""
    card, policy = context.scorecard.execution, context.policy
    if card.given is None or card.rate is None or card.expected is None:
        return
    slack = policy.threshold("points")
    outside = not card.legal_min - slack <= card.given <= card.legal_max + slack
    # Whether the rate or the points were rounded is open, so a hint needs more than a rounding.
    hint = policy.execution.kind == "unknown" and abs(card.given - card.expected) > policy.threshold("proportional_points")
    if not outside and not hint:
        return
    low, high = (card.legal_min, card.legal_max) if outside else (card.expected, card.expected)
    values = {"printed": plain(card.given), "low": plain(low), "high": plain(high), "rate": _percent(card.rate)}
    sure = 0.9 if form.template != "unknown" else 0.6
    inside = [row for row in form.rows if row.is_execution]
    yield find(
        form,
        "EXEC_SCORE",
        rows=inside,
        severity=None if outside else Severity.INFO,
        place="score" if inside else "funds.score",
        cells=[row.score for row in inside] or [form.funds.total.score],
        values=values,
        variant="default" if outside else "unknown",
        formula=card.formula,
        clause=card.clause,
        points=abs(card.given - card.expected),
        confidence=sure if outside else 0.4,
    )


@form_rule("EXEC_OVER")
def spent_above_budget(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """More was spent than the year's budget holds."""
    line = form.funds.total
    if line.annual is None or line.executed is None:
        return
    # Two amounts rounded alike keep their order; only unequal places leave it open.
    open_ = _ZERO if line.annual.slack == line.executed.slack else rounding_slack(line.annual) + rounding_slack(line.executed)
    if line.executed.fen - line.annual.fen <= open_:
        return
    rate = context.scorecard.execution.rate
    values = {"executed": line.executed.cell.text, "annual": line.annual.cell.text, "rate": _percent(rate) if rate else "—"}
    yield find(
        form,
        "EXEC_OVER",
        severity=Severity(context.policy.execution.over_severity),
        place="funds.executed",
        cells=[line.executed.cell, line.annual.cell],
        values=values,
        formula=f"{values['executed']} ÷ {values['annual']} = {values['rate']}",
    )


def _known_rate(form: EvaluationForm, context: Context) -> Decimal | None:
    """The rate as a fraction by the amounts, else as printed in per cent."""
    if context.scorecard.execution.rate is not None:
        return context.scorecard.execution.rate
    printed = form.funds.total.rate
    return printed.value / _HUNDRED if printed.value is not None and "%" in normalise(printed.text) else None


@form_rule("EXEC_LOW_NO_REASON")
def low_rate_unexplained(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """A low execution rate without a word on money anywhere on the form."""
    rate = _known_rate(form, context)
    if any(row.is_execution and row.reason for row in form.rows):
        return
    if rate is None or rate >= context.policy.threshold("reason_below_rate") or pattern("execution_reason").search(_texts(form)):
        return
    line = form.funds.total
    cells = [line.rate, *(amount.cell for amount in (line.executed, line.annual) if amount)]
    yield find(form, "EXEC_LOW_NO_REASON", place="funds.rate", cells=cells, values={"rate": _percent(rate)})


@form_rule("BUD_CUT")
def budget_cut_to_fit(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """The budget was cut during the year and then spent to the last bit; a mere cut is a soft hint."""
    line, policy = form.funds.total, context.policy
    if line.initial is None or line.annual is None or line.executed is None or line.initial.fen <= 0 or line.annual.fen <= 0:
        return
    kept = Decimal(line.annual.fen) / line.initial.fen
    unspent = abs(Decimal(line.annual.fen - line.executed.fen)) / line.annual.fen
    if kept >= _SOFT_CUT or pattern("adjustment").search(_texts(form) + form.achieved.text):
        return
    hard = kept < policy.threshold("bud_cut_ratio") and unspent < policy.threshold("bud_cut_unspent")
    values = {
        "initial": line.initial.cell.text,
        "annual": line.annual.cell.text,
        "cut": f"{(1 - kept) * _HUNDRED:.2f}%",
        "executed": line.executed.cell.text,
    }
    yield find(
        form,
        "BUD_CUT",
        severity=None if hard else Severity.LOW,
        variant="default" if hard else "soft",
        place="funds.annual",
        cells=[line.initial.cell, line.annual.cell],
        values=values,
        confidence=0.9 if hard else 0.5,
        formula=f"1 − {values['annual']} ÷ {values['initial']} = {values['cut']}",
    )


@form_rule("BUD_PRIOR")
def recurring_without_history(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Called recurring, yet last year's budget is 0."""
    recurring = form.extras.get("recurring")
    prior = form.funds.prior_year
    if recurring is not None and prior is not None and prior.fen == 0 and normalise(recurring.text).startswith("是"):
        yield find(form, "BUD_PRIOR", place="funds", cells=[recurring, prior.cell])


def _all_reached(form: EvaluationForm) -> bool:
    return bool(form.rows) and all(row.score.value is not None and row.score.value == row.weight.value for row in form.rows)


@form_rule("BUD_OVEREST")
def budget_overestimated(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """Every target reached with a fraction of the money."""
    rate = context.scorecard.execution.rate
    line = form.funds.total
    if (
        rate is None
        or line.annual is None
        or line.executed is None
        or rate >= context.policy.threshold("overestimate_rate")
        or not _all_reached(form)
    ):
        return
    values = {"executed": line.executed.cell.text, "annual": line.annual.cell.text, "rate": _percent(rate)}
    yield find(form, "BUD_OVEREST", place="funds.annual", cells=[line.annual.cell, line.executed.cell], values=values, confidence=0.8)


@form_rule("GRADE_VS_EXEC")
def top_grade_with_low_rate(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """The best grade although less than the threshold of the budget was spent."""
    rate = _known_rate(form, context)
    if rate is None or rate >= context.policy.threshold("grade_vs_exec_rate") or normalise(form.grade.text) not in words("top_grades"):
        return
    values = {"rate": _percent(rate), "grade": form.grade.text}
    yield find(
        form, "GRADE_VS_EXEC", place="grade", cells=[form.grade, form.funds.total.rate], values=values, points=form.score_total.value
    )
