"""Family A: sums, structure, head of the form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from keheng.appraisal.auditing.finding import Finding, find
from keheng.appraisal.auditing.registry import Context, form_rule
from keheng.appraisal.model import Cell, Column, EvaluationForm, FormKind, FundLine, PrintedMoney
from keheng.appraisal.numerals import normalise
from keheng.appraisal.scoring.engine import grade_of, side_of
from keheng.appraisal.scoring.execution import rounding_slack
from keheng.appraisal.scoring.rounding import plain
from keheng.appraisal.scoring.scorecard import Membership

_ZERO = Decimal(0)
_AMOUNTS = ("initial", "annual", "executed")
# More parts than the last number are a list of another kind, whose nesting cannot be told.
_FEWEST_PARTS, _USUAL_PARTS, _MOST_PARTS = 2, 3, 8
_DIGIT = re.compile(r"\d")
_READ_WELL = 0.75


def _gap(total: Decimal | None, printed: Cell, extra: Decimal, tolerance: Decimal) -> Decimal | None:
    """Printed minus recomputed (with the execution points) when neither sum fits; None when it fits or cannot be told."""
    if total is None or printed.value is None:
        return None
    with_extra = total + extra
    if abs(with_extra - printed.value) <= tolerance or abs(total - printed.value) <= tolerance:
        return None
    return printed.value - with_extra


def _gaps(form: EvaluationForm, context: Context) -> tuple[Decimal | None, Decimal | None]:
    """Gaps of the weights and of the scores; None where the table or the execution line was not read in full."""
    # A table that begins in its middle, or was read badly, has no sums to judge.
    if not (form.title or form.project) or form.confidence < _READ_WELL:
        return None, None
    if not form.rows or any(_DIGIT.search(unread.cell.text) for unread in form.unread):
        return None, None
    card, execution, tolerance = context.scorecard, form.funds.total, context.policy.threshold("points")
    usual = context.policy.execution.points
    weights = _gap(card.weight_sum, form.weight_total, execution.weight.value or _ZERO, tolerance)
    if weights is not None and execution.weight.value is None and abs(weights - usual) <= tolerance:
        # The gap is what execution usually weighs, and its cell is blank: the sum may well be right.
        weights = None
    scores = _gap(card.score_sum, form.score_total, execution.score.value or _ZERO, tolerance)
    unscored = execution.score.value is None and not any(row.is_execution for row in form.rows)
    if scores is not None and unscored and _ZERO < scores <= (execution.weight.value or usual) + tolerance:
        scores = None
    return weights, scores


def _sum_values(total: Decimal, extra: Decimal | None, printed: Cell, gap: Decimal) -> dict[str, str]:
    return {
        "rows": plain(total),
        "execution": plain(extra or _ZERO),
        "sum": plain(total + (extra or _ZERO)),
        "printed": printed.text,
        "gap": plain(abs(gap)),
    }


@form_rule("WT_TOTAL")
def weights_do_not_add_up(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """Weights, with and without execution points, against the printed total."""
    gap, total = _gaps(form, context)[0], context.scorecard.weight_sum
    if gap is not None and total is not None:
        values = _sum_values(total, form.funds.total.weight.value, form.weight_total, gap)
        formula = f"{values['rows']} + {values['execution']} = {values['sum']} ≠ {values['printed']}"
        yield find(form, "WT_TOTAL", place="weight_total", cells=[form.weight_total], values=values, formula=formula)


@form_rule("SC_TOTAL")
def scores_do_not_add_up(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """Scores, with and without execution points, against the printed total."""
    gap, total = _gaps(form, context)[1], context.scorecard.score_sum
    if gap is not None and total is not None:
        values = _sum_values(total, form.funds.total.score.value, form.score_total, gap)
        formula = f"{values['rows']} + {values['execution']} = {values['sum']} ≠ {values['printed']}"
        yield find(form, "SC_TOTAL", place="score_total", cells=[form.score_total], values=values, formula=formula, points=abs(gap))


@form_rule("ROW_LOST")
def row_seems_lost(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """Both sums short by the same points: a row with full score may be missing."""
    weights, scores = _gaps(form, context)
    if weights is not None and scores is not None and weights > _ZERO and abs(weights - scores) <= context.policy.threshold("points"):
        yield find(
            form,
            "ROW_LOST",
            place="weight_total",
            cells=[form.weight_total, form.score_total],
            values={"gap": plain(weights)},
            confidence=0.8,
        )


@form_rule("EXEC_NOT_IN_TOTAL")
def execution_left_out(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """Rows alone already give the printed total, of weights or of scores, so the execution points stand beside it."""
    execution, tolerance = form.funds.total, context.policy.threshold("points")
    weights = side_of(context.scorecard.weight_sum, form.weight_total.value, execution.weight.value, tolerance)
    scores = side_of(context.scorecard.score_sum, form.score_total.value, execution.score.value, tolerance)
    if Membership.OUT in (weights, scores) and not any(row.is_execution for row in form.rows) and not form.unread:
        of_weights = weights is Membership.OUT
        total, extra = (form.weight_total, execution.weight) if of_weights else (form.score_total, execution.score)
        values = {"printed": total.text, "execution": plain(extra.value or _ZERO)}
        yield find(form, "EXEC_NOT_IN_TOTAL", place="funds.score", cells=[extra, total], values=values, points=execution.score.value)


@form_rule("SCORE_OVER_WT")
def score_above_weight(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """A row that scores more than it weighs."""
    for row in form.rows:
        if (
            row.weight.value is not None
            and row.score.value is not None
            and row.score.value > row.weight.value + context.policy.threshold("points")
        ):
            values = {"name": row.name.text, "score": row.score.text, "weight": row.weight.text}
            formula = f"{plain(row.score.value)} > {plain(row.weight.value)}"
            yield find(
                form,
                "SCORE_OVER_WT",
                rows=[row],
                place="score",
                cells=[row.weight, row.score],
                values=values,
                formula=formula,
                points=row.score.value - row.weight.value,
            )


@form_rule("GRADE_MISMATCH")
def grade_does_not_fit(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """The printed grade against the grade lines of the template.

    A grade in the words of another scheme (优秀 for 优) only tells whether it is the top one: every scheme begins that at the
    same line, while the lines below differ.
    """
    printed, grades = normalise(form.grade.text), context.policy.grades
    expected = grade_of(form.score_total.value, context.policy)
    if expected is None or not printed:
        return
    names, top = {name for name, _ in grades}, grades[0][0]
    translated = context.policy.grade_names.get(printed)
    wrong = printed != expected if printed in names else translated is not None and (translated == top) is not (expected == top)
    if wrong:
        values = {"printed": printed, "total": form.score_total.text, "expected": expected}
        yield find(
            form,
            "GRADE_MISMATCH",
            place="grade",
            cells=[form.grade, form.score_total],
            values=values,
            formula=f"{form.score_total.text} → {expected}",
        )


@form_rule("WT_L1_DEV")
def sections_weigh_unusually(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """Level-1 sections against the usual points of the template."""
    if context.scorecard.weight_sum is None or form.kind is not FormKind.SELF_EVALUATION:
        return
    weights = {section.label: section.weight for section in context.scorecard.sections}
    parts: list[str] = []
    off = False
    for section in context.policy.sections:
        if section.points is None:
            continue
        also = [s for s in context.policy.sections if s.counts_in == section.id]
        labels = [label for s in (section, *also) for label in s.labels]
        weight = sum((weights[label] for label in labels if label in weights), start=_ZERO)
        if not weight:
            return
        off = off or abs(weight - section.points) > context.policy.threshold("l1_deviation")
        parts.append(f"{section.labels[0]} {plain(weight)}/{plain(section.points)}")
    if off:
        yield find(form, "WT_L1_DEV", values={"parts": "，".join(parts)}, formula="；".join(parts))


def _amount(line: FundLine, name: str) -> PrintedMoney | None:
    return {"initial": line.initial, "annual": line.annual, "executed": line.executed}[name]


@form_rule("FUND_SPLIT")
def sources_do_not_add_up(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """The 其中 lines are all blank, or do not add up to the total."""
    parts, total = form.funds.parts, form.funds.total
    if len(parts) < _FEWEST_PARTS or (total.annual is None and total.executed is None):
        return
    if not any(_amount(part, name) for part in parts for name in _AMOUNTS):
        yield find(form, "FUND_SPLIT", place="funds", cells=[part.label for part in parts], variant="blank")
        return
    for name in _AMOUNTS:
        whole, pieces = _amount(total, name), [amount for part in parts if (amount := _amount(part, name))]
        if whole is None or not pieces or _adds_up(whole, pieces):
            continue
        values = {"sum": " + ".join(p.cell.text for p in pieces), "printed": whole.cell.text}
        yield find(
            form,
            "FUND_SPLIT",
            place=f"funds.{name}",
            cells=[whole.cell, *(p.cell for p in pieces)],
            values=values,
            formula=f"{values['sum']} ≠ {values['printed']}",
        )
        return


def _adds_up(whole: PrintedMoney, pieces: list[PrintedMoney]) -> bool:
    """Whether the parts give the whole; of more than three, some may be parts of parts, so any selection counts."""
    if len(pieces) > _MOST_PARTS:
        return True
    slack = rounding_slack(whole) + sum((rounding_slack(piece) for piece in pieces), start=_ZERO)
    fewest = len(pieces) if len(pieces) <= _USUAL_PARTS else 1
    selections = (chosen for size in range(fewest, len(pieces) + 1) for chosen in combinations(pieces, size))
    return any(abs(sum(piece.fen for piece in chosen) - whole.fen) <= slack for chosen in selections)


@form_rule("META_NO_YEAR")
def year_is_missing(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Neither title nor head says which year the form is for."""
    if form.year is None and (form.title or form.project):
        yield find(form, "META_NO_YEAR", cells=[form.title])


@form_rule("NO_TARGET_ACTUAL")
def no_column_for_values(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """A self-evaluation table without a column of targets or of actual values: the scores cannot be checked."""
    if form.kind is not FormKind.SELF_EVALUATION or not form.rows:
        return
    missing = []
    if Column.TARGET not in form.columns and not any(row.target for row in form.rows):
        missing.append("目标值")
    if Column.ACTUAL not in form.columns and not any(row.actual for row in form.rows):
        missing.append("实际完成值")
    if missing:
        yield find(form, "NO_TARGET_ACTUAL", values={"columns": "、".join(missing)})
