"""Family E and SCORE_NOT_PROPORTIONAL: points given against points earned, and the reasons for the difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from keheng.appraisal.auditing.finding import Finding, find
from keheng.appraisal.auditing.registry import Context, form_rule
from keheng.appraisal.model import Column, EvaluationForm, FormKind, Row
from keheng.appraisal.numerals import normalise
from keheng.appraisal.prose.text import bare_words, bigrams
from keheng.appraisal.prose.words import pattern, words
from keheng.appraisal.quantity import Kind
from keheng.appraisal.scoring.rounding import plain
from keheng.appraisal.scoring.rows import attained, share
from keheng.appraisal.scoring.scorecard import Basis

_ZERO = Decimal(0)
_SHORT_REASON, _SAME_REASONS = 6, 2
_IMPORTANT_WEIGHT = Decimal(10)


def _short_of_weight(row: Row, tolerance: Decimal) -> Decimal | None:
    """Points deducted, or None when nothing was or it cannot be told."""
    if row.weight.value is None or row.score.value is None or row.weight.value - row.score.value <= tolerance:
        return None
    return row.weight.value - row.score.value


@form_rule("SCORE_NOT_PROPORTIONAL")
def scored_above_proportion(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """An unmet quantitative target that scores more than its share of the weight."""
    for row, card in zip(form.rows, context.scorecard.rows, strict=True):
        if card.basis is Basis.PROPORTIONAL and card.given is not None and card.expected is not None and card.given > card.legal_max:
            values = {
                "name": row.name.text,
                "target": row.target.text,
                "actual": row.actual.text,
                "given": row.score.text,
                "expected": f"{card.expected:.2f}",
            }
            yield find(
                form,
                "SCORE_NOT_PROPORTIONAL",
                rows=[row],
                place="score",
                cells=[row.target, row.actual, row.score],
                values=values,
                formula=card.formula,
                clause=card.clause,
                points=card.given - card.expected,
            )


@form_rule("DEDUCT_NO_REASON")
def deducted_without_reason(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """Points were taken off and the column for reasons is blank."""
    if Column.REASON not in form.columns:
        return
    for row in form.rows:
        lost = _short_of_weight(row, context.policy.threshold("points"))
        if lost is not None and not bare_words(row.reason.text) and not row.is_execution:
            values = {"name": row.name.text, "weight": row.weight.text, "score": row.score.text}
            yield find(form, "DEDUCT_NO_REASON", rows=[row], place="reason", cells=[row.weight, row.score], values=values, points=lost)


def _without_operator(text: str) -> str:
    """Text without blanks and without the sign of a bound that the value itself meets."""
    return "".join(normalise(text).split()).lstrip("≥≤=")


@form_rule("ATTAINED_DEDUCTED")
def attained_but_deducted(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """Actual equals target, yet points were taken off without a reason."""
    for row in form.rows:
        lost = _short_of_weight(row, context.policy.threshold("points"))
        if lost is None or bare_words(row.reason.text) or not bare_words(row.actual.text) or not row.target:
            continue
        same_words = _without_operator(row.target.text) == _without_operator(row.actual.text)
        same_number = row.wanted.is_number and share(row.wanted, row.reached) == 1
        if same_words or (same_number and attained(row.wanted, row.reached)):
            values = {"name": row.name.text, "actual": row.actual.text, "weight": row.weight.text, "score": row.score.text}
            yield find(
                form, "ATTAINED_DEDUCTED", rows=[row], place="score", cells=[row.target, row.actual, row.score], values=values, points=lost
            )


@form_rule("QUAL_BAND")
def outside_its_level(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """A qualitative row whose points lie outside the level its word names."""
    slack = context.policy.threshold("points")
    for row, card in zip(form.rows, context.scorecard.rows, strict=True):
        if card.basis is Basis.LEVEL and card.given is not None and not card.legal_min - slack <= card.given <= card.legal_max + slack:
            values = {
                "name": row.name.text,
                "actual": row.actual.text,
                "given": row.score.text,
                "low": plain(card.legal_min),
                "high": plain(card.legal_max),
            }
            yield find(
                form,
                "QUAL_BAND",
                rows=[row],
                place="score",
                cells=[row.actual, row.score],
                values=values,
                formula=card.formula,
                clause=card.clause,
                confidence=0.8,
            )


@form_rule("REASON_MISMATCH")
def reasons_do_not_fit(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Several rows with one and the same reason and no remedy."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in form.rows:
        reason = bare_words(row.reason.text)
        if len(reason) >= _SHORT_REASON:
            groups[reason].append(row)
    for reason, rows in groups.items():
        if len(rows) < _SAME_REASONS or pattern("improvement").search(reason):
            continue
        unrelated = [row for row in rows if not bigrams(bare_words(row.name.text)) & bigrams(reason)]
        if unrelated or len(rows) > _SAME_REASONS:
            values = {"reason": rows[0].reason.text, "names": "、".join(row.name.text for row in rows), "count": str(len(rows))}
            yield find(
                form, "REASON_MISMATCH", rows=rows, place="reason", cells=[row.reason for row in rows], values=values, confidence=0.8
            )


@form_rule("ALL_FULL")
def everything_full(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """Every indicator but execution has full points."""
    rows = [row for row in form.rows if not row.is_execution]
    full = [row.score.value is not None and row.weight.value is not None and row.score.value >= row.weight.value > _ZERO for row in rows]
    if len(rows) >= context.policy.threshold("all_full_rows") and all(full):
        yield find(form, "ALL_FULL", place="score_total", cells=[form.score_total], values={"count": str(len(rows))})


def _qualitative_rows(form: EvaluationForm) -> list[Row]:
    return [row for row in form.rows if row.target and row.wanted.kind is Kind.WORDS and row.reached.kind is not Kind.NUMBER]


@form_rule("QUAL_HEAVY")
def mostly_words(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """Qualitative rows carry most of the points."""
    total = context.scorecard.weight_sum
    if not total or Column.TARGET not in form.columns or form.kind is not FormKind.SELF_EVALUATION:
        return
    rows = _qualitative_rows(form)
    share = sum((row.weight.value or _ZERO for row in rows), start=_ZERO) / total
    if share >= context.policy.threshold("qual_heavy_share"):
        values = {"share": f"{share * 100:.0f}%", "count": str(len(rows))}
        yield find(form, "QUAL_HEAVY", rows=rows, place="target", values=values, formula=f"定性分值 ÷ {plain(total)} = {values['share']}")


@form_rule("QUAL_UNMEASURED")
def outcome_without_measure(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Qualitative outcomes with weight, whose actual value repeats the target word for word."""
    for row in _qualitative_rows(form):
        weight = row.weight.value
        outcome = "效益" in row.level1.text or "效益" in row.level2.text or "影响" in row.level2.text
        if not outcome or weight is None or weight < _IMPORTANT_WEIGHT or not row.actual:
            continue
        if (
            bare_words(row.target.text) == bare_words(row.actual.text)
            and row.score.value == weight
            and bare_words(row.target.text) not in words("no_words")
        ):
            values = {"name": row.name.text, "actual": row.actual.text, "weight": row.weight.text}
            yield find(
                form,
                "QUAL_UNMEASURED",
                rows=[row],
                place="actual",
                cells=[row.target, row.actual],
                values=values,
                points=weight,
                confidence=0.7,
            )
