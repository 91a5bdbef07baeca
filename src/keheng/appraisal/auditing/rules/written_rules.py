"""Family F: the scoring rules that a form prints in words, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from keheng.appraisal.auditing.finding import Finding, find
from keheng.appraisal.auditing.registry import Context, form_rule
from keheng.appraisal.bands import Band, WrittenRule, parse_rule
from keheng.appraisal.model import EvaluationForm, Row
from keheng.appraisal.prose.mentions import Mention, matching, mentions
from keheng.appraisal.prose.text import bare_words
from keheng.appraisal.prose.words import pattern
from keheng.appraisal.quantity import Op
from keheng.appraisal.scoring.rounding import plain

_ZERO = Decimal(0)
_SURE_MATCH = 0.75
_TWO = 2
_LONG_NOUN = 3
_PERCENT_SCALE = Decimal(100)


def _rules(form: EvaluationForm) -> Iterator[tuple[Row, WrittenRule, Decimal]]:
    for row in form.rows:
        if row.rule and row.weight.value is not None:
            yield row, parse_rule(row.rule.text), row.weight.value


def _middle(band: Band) -> Decimal:
    """Where a band lies on the axis: its open end pushed just outside its bound."""
    if band.low is None:
        return (band.high or _ZERO) - Decimal("0.001")
    if band.high is None:
        return band.low + Decimal("0.001")
    return (band.low + band.high) / 2


def _best_first(rule: WrittenRule) -> list[Band]:
    """Bands from the best value to the worst, told by where the highest points stand."""
    ordered = sorted(rule.bands, key=_middle)
    if len(ordered) > 1 and (ordered[0].least, ordered[0].most) < (ordered[-1].least, ordered[-1].most):
        ordered.reverse()
    return ordered


@form_rule("RULE_BAND_GT_WT")
def band_above_weight(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """A band that gives more than the row weighs, or a worse band that may give more than a better one."""
    slack = context.policy.threshold("points")
    for row, rule, weight in _rules(form):
        steps = [(band.text, band.most) for band in rule.bands] + list(rule.outcomes) + [(plain(part), part) for part in rule.parts]
        above = [step for step in steps if step[1] > weight + slack]
        if above and (max(step[1] for step in above) == _PERCENT_SCALE or pattern("rescaled").search(row.rule.text)):
            # Points out of a hundred that are turned into the row's weight afterwards.
            above = []
        upside_down = [worse for better, worse in pairwise(_best_first(rule)) if worse.most > better.most + slack]
        faulty = above or [(band.text, band.most) for band in upside_down]
        if faulty:
            band, points = faulty[0]
            values = {"name": row.name.text, "weight": row.weight.text, "band": band, "points": plain(points)}
            yield find(
                form,
                "RULE_BAND_GT_WT",
                rows=[row],
                place="rule",
                cells=[row.rule, row.weight],
                values=values,
                variant="default" if above else "upside_down",
                formula=f"{plain(points)} > {plain(weight)}",
            )


@form_rule("RULE_TEXT_CONFLICT")
def rule_contradicts_itself(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """One clause that states two different points."""
    for row, rule, _weight in _rules(form):
        for clause in rule.conflicts:
            yield find(
                form, "RULE_TEXT_CONFLICT", rows=[row], place="rule", cells=[row.rule], values={"name": row.name.text, "clause": clause}
            )


def _uncovered(rule: WrittenRule) -> str | None:
    """A value between two neighbouring bands that none of them holds, as text."""
    ordered = sorted(rule.bands, key=_middle)
    for lower, upper in pairwise(ordered):
        if lower.high is None or upper.low is None:
            continue
        if lower.high < upper.low and upper.low - lower.high > 1:
            return f"{plain(lower.high)}–{plain(upper.low)}"
        if lower.high == upper.low and not lower.high_in and not upper.low_in:
            return plain(lower.high)
    otherwise = any(pattern("otherwise").match(condition) for condition, _ in rule.outcomes)
    if len(ordered) >= _TWO and ordered[0].low is not None and ordered[0].low > 0 and ordered[0].least > 0 and not otherwise:
        return f"< {plain(ordered[0].low)}"
    return None


@form_rule("RULE_GAP")
def rule_leaves_gaps(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Values for which the bands say nothing."""
    for row, rule, _weight in _rules(form):
        gap = _uncovered(rule)
        if gap is not None:
            yield find(form, "RULE_GAP", rows=[row], place="rule", cells=[row.rule], values={"name": row.name.text, "gap": gap})


@form_rule("RULE_FLOOR")
def rule_guarantees_most(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """The worst outcome still gives most of the points."""
    for row, rule, weight in _rules(form):
        outcomes = [band.least for band in rule.bands] + [points for _, points in rule.outcomes]
        if len(outcomes) < _TWO or weight <= _ZERO:
            continue
        floor = min(outcomes)
        if floor / weight >= context.policy.threshold("floor_share"):
            values = {"name": row.name.text, "floor": plain(floor), "weight": row.weight.text, "share": f"{floor / weight * 100:.0f}%"}
            yield find(
                form,
                "RULE_FLOOR",
                rows=[row],
                place="rule",
                cells=[row.rule, row.weight],
                values=values,
                formula=f"{plain(floor)} ÷ {plain(weight)} = {values['share']}",
            )


def _goal_of(row: Row, goal: tuple[Mention, ...]) -> Mention | None:
    """What the goal says of the row: told by the row's name, else by what the rule says it counts."""
    counted = next((m.noun for m in mentions(row.rule.text) if len(m.noun) >= _LONG_NOUN), "")
    for name in (bare_words(row.name.text), bare_words(counted)):
        likely = max(((matching(name, mention), -order) for order, mention in enumerate(goal)), default=None) if name else None
        if likely is not None and likely[0] >= _SURE_MATCH:
            return goal[-likely[1]]
    return None


def _full_line(rule: WrittenRule) -> Band | None:
    """The band that gives full points."""
    top = _best_first(rule)[:1]
    return top[0] if top and len(rule.bands) > 1 else None


@form_rule("RULE_GOAL_CONFLICT")
def rule_and_goal_disagree(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """The line for full points, or for none, is not the one the goal sets."""
    goal = mentions(form.goal.text)
    for row, rule, _weight in _rules(form):
        mention = _goal_of(row, goal)
        if mention is None or mention.quantity.base is None:
            continue
        wanted, full = mention.quantity.base, _full_line(rule)
        line = None
        if full is not None and not full.holds(wanted):
            line = full.low if full.low is not None else full.high
            if (mention.quantity.op in (Op.LT, Op.LE) and wanted == full.high) or (mention.quantity.op is Op.GT and wanted == full.low):
                line = None
        zero = [band for band in rule.bands if band.most == 0 and band.low is not None]
        if (
            line is None
            and rule.deduction
            and zero
            and mention.quantity.op in (Op.LT, Op.LE)
            and zero[0].low is not None
            and zero[0].low < wanted
        ):
            line = zero[0].low
        if line is not None:
            values = {"name": row.name.text, "goal": mention.text, "line": plain(line)}
            yield find(form, "RULE_GOAL_CONFLICT", rows=[row], place="rule", cells=[row.rule, form.goal], values=values, confidence=0.8)
