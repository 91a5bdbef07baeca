"""Family C: targets and the goal in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from keheng.appraisal.auditing.finding import Finding, find
from keheng.appraisal.auditing.registry import Context, form_rule
from keheng.appraisal.model import EvaluationForm, Row
from keheng.appraisal.prose.matching import Pairing, pairings, uncovered
from keheng.appraisal.prose.text import bare_words, states_facts
from keheng.appraisal.prose.words import pattern
from keheng.appraisal.quantity import Kind, Op, Quantity
from keheng.appraisal.scoring.rounding import plain
from keheng.appraisal.scoring.rows import share

_HUNDRED, _HALF = Decimal(100), Decimal(50)
_LARGE_LIMIT = Decimal(10)
_SURE = 0.8
_MOST_LISTED = 4


@form_rule("TGT_LOW")
def target_too_low(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """A positive target exceeded by 30 % or more, both numbers standing in the table."""
    for row in form.rows:
        wanted = row.wanted
        if wanted.op not in (Op.GE, Op.GT) or not wanted.is_number or not row.reached.is_number:
            continue
        ratio = share(wanted, row.reached)
        if ratio is not None and ratio >= context.policy.threshold("over_achievement_ratio"):
            values = {"name": row.name.text, "target": row.target.text, "actual": row.actual.text, "ratio": f"{ratio * 100:.0f}%"}
            formula = f"{plain(row.reached.base or Decimal(0))} ÷ {plain(wanted.base or Decimal(0))} = {values['ratio']}"
            yield find(
                form,
                "TGT_LOW",
                rows=[row],
                place="target",
                cells=[row.target, row.actual],
                values=values,
                formula=formula,
                clause=context.policy.clause,
            )


@form_rule("TGT_LAX")
def limit_too_wide(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """An upper limit so far above the actual value that it binds nobody."""
    for row in form.rows:
        wanted, reached = row.wanted, row.reached
        if not wanted.downward or _meaningless(row) or not wanted.convertible(reached) or wanted.base is None or reached.base is None:
            continue
        wide = reached.base == 0 and wanted.base >= _LARGE_LIMIT
        if wide or (reached.base > 0 and wanted.base / reached.base >= context.policy.threshold("lax_limit_ratio")):
            values = {"name": row.name.text, "target": row.target.text, "actual": row.actual.text}
            yield find(form, "TGT_LAX", rows=[row], place="target", cells=[row.target, row.actual], values=values, confidence=0.7)


def _meaningless(row: Row) -> str:
    """Why a target binds nothing: ``always`` true or ``reversed``; empty when it does bind."""
    wanted: Quantity = row.wanted
    if wanted.kind is not Kind.NUMBER or wanted.base is None:
        return ""
    if wanted.op is Op.GE and wanted.base == 0:
        return "always"
    if not wanted.is_percent:
        return ""
    negative, positive = pattern("negative").search(row.name.text), pattern("positive_rate").search(row.name.text)
    if wanted.op in (Op.LE, Op.LT) and wanted.base >= _HUNDRED:
        return "always"
    if negative and not positive and ((wanted.downward and wanted.base > _HALF) or (wanted.op in (Op.GE, Op.GT) and wanted.base > _HALF)):
        return "reversed"
    return "reversed" if positive and not negative and wanted.downward and wanted.base > _HALF else ""


@form_rule("TGT_MEANINGLESS")
def target_binds_nothing(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """A target that is always true, or written the wrong way round."""
    for row in form.rows:
        variant = _meaningless(row)
        if variant:
            values = {"name": row.name.text, "target": row.target.text}
            yield find(
                form,
                "TGT_MEANINGLESS",
                rows=[row],
                place="target",
                cells=[row.target],
                values=values,
                variant=variant,
                points=row.weight.value,
            )


def _differs(pairing: Pairing) -> bool:
    wanted, said = pairing.row.wanted, pairing.mention.quantity
    if wanted.base is None or said.base is None or wanted.base == said.base or wanted.kind is Kind.RANGE or said.kind is Kind.RANGE:
        return False
    return not (pairing.mention.rough and abs(wanted.base - said.base) <= said.base / 10)


@form_rule("TGT_GOAL_MISMATCH")
def goal_and_target_disagree(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """The goal in words sets another number for the same thing than the table."""
    for pairing in pairings(form.rows, form.goal.text, "target"):
        magnitude = pairing.mention.quantity.text.endswith("级")
        if pairing.sureness < (_SURE if not magnitude else _SURE - 0.2) or pairing.mention.partial or not _differs(pairing):
            continue
        row = pairing.row
        values = {"name": row.name.text, "target": row.target.text, "goal": f"{pairing.mention.noun}{pairing.mention.text}"}
        yield find(
            form, "TGT_GOAL_MISMATCH", rows=[row], place="target", cells=[row.target, form.goal], values=values, confidence=pairing.sureness
        )


@form_rule("GOAL_EMPTY")
def goal_is_blank(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """The cell for the goal is printed and left blank."""
    if "goal" in form.labels and not form.goal:
        yield find(form, "GOAL_EMPTY", place="goal")


@form_rule("GOAL_VAGUE")
def goal_has_no_numbers(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """No number in the goal but years, list numbers and sessions."""
    if form.goal and not states_facts(form.goal.text):
        yield find(form, "GOAL_VAGUE", place="goal", cells=[form.goal])


@form_rule("GOAL_UNCOVERED")
def goal_without_indicator(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Quantified demands of the goal that no row of the table measures."""
    if not form.goal or not form.rows:
        return
    missing = uncovered(form.rows, form.goal.text)
    if missing:
        shown = "；".join(f"{m.noun}{m.text}" for m in missing[:_MOST_LISTED])
        yield find(
            form, "GOAL_UNCOVERED", place="goal", cells=[form.goal], values={"demands": shown, "count": str(len(missing))}, confidence=0.6
        )


def goal_words(form: EvaluationForm) -> str:
    """Project, goal and account as one run of characters: what the form says it is about."""
    return bare_words(f"{form.project.text}{form.goal.text}{form.achieved.text}")
