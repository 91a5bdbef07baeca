"""Points for one indicator row (财预〔2020〕10号: met, unmet in proportion, qualitative levels)."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from keheng.appraisal.bands import points_for
from keheng.appraisal.model import Row
from keheng.appraisal.numerals import normalise
from keheng.appraisal.policy import Level, Policy
from keheng.appraisal.quantity import Kind, Op, Quantity
from keheng.appraisal.scoring.rounding import plain
from keheng.appraisal.scoring.scorecard import Basis, RowScore

_ZERO = Decimal(0)


def attained(wanted: Quantity, reached: Quantity) -> bool | None:
    """Whether the target is met; None when the two cannot be compared."""
    if not wanted.convertible(reached) or wanted.base is None or reached.base is None or reached.kind is not Kind.NUMBER:
        return None
    actual, target = reached.base, wanted.base
    if wanted.kind is Kind.RANGE:
        return target <= actual <= (wanted.base_high or target)
    if wanted.op is Op.LE:
        return actual <= target
    if wanted.op is Op.LT:
        return actual < target
    if wanted.op is Op.GT:
        return actual > target
    if target == _ZERO:
        # '= 0' or a bare 0 asks for none (accidents, complaints); '≥ 0' is always met.
        return actual == _ZERO or wanted.op is Op.GE
    return actual >= target


def share(wanted: Quantity, reached: Quantity) -> Decimal | None:
    """Attained share of the target: B/A, for negative indicators A/B; None without a ratio."""
    if not wanted.convertible(reached) or wanted.base is None or reached.base is None:
        return None
    actual, target = reached.base, wanted.base
    if wanted.kind is Kind.RANGE and wanted.base_high is not None and actual > wanted.base_high:
        actual, target = wanted.base_high, actual
    elif wanted.downward:
        actual, target = target, actual
    return actual / target if target > _ZERO and actual >= _ZERO else None


@lru_cache(maxsize=8_192)
def level_of_words(text: str, levels: tuple[Level, ...]) -> Level | None:
    """The qualitative level of a text, the longest known word first; None when no word is known."""
    folded = normalise(text)
    words = sorted(((word, level) for level in levels for word in level.words), key=lambda pair: -len(pair[0]))
    return next((level for word, level in words if word in folded), None)


def score_row(row: Row, policy: Policy) -> RowScore:
    """One row under a policy; an unknown word, rule or unread cell gives [0, weight] and says so."""
    weight, given = row.weight.value, row.score.value
    if weight is None or weight < _ZERO:
        return RowScore(row.ordinal, given, None, _ZERO, _ZERO, None, Basis.UNKNOWN, "分值未读出", policy.clause)
    if row.rule:
        return _by_rule(row, weight, policy)
    wanted, reached = row.wanted, row.reached
    met = attained(wanted, reached)
    if met is not None:
        return _quantitative(row, weight, policy, met=met)
    if reached.kind is Kind.WORDS:
        return _qualitative(row, weight, policy)
    return _unknown(row, weight, policy, "目标或实际值无法比较，不作判断")


def _unknown(row: Row, weight: Decimal, policy: Policy, why: str) -> RowScore:
    return RowScore(row.ordinal, row.score.value, weight, _ZERO, weight, None, Basis.UNKNOWN, why, policy.clause)


def _quantitative(row: Row, weight: Decimal, policy: Policy, *, met: bool) -> RowScore:
    ratio = share(row.wanted, row.reached)
    given = row.score.value
    if met:
        low, formula = weight, f"达到目标，得满分 {plain(weight)}"
        if ratio is not None and not row.wanted.downward and ratio >= policy.over_ratio and policy.over_action != "flag":
            low = _ZERO if policy.over_action == "zero" else max(_ZERO, weight - policy.over_points)
            formula = f"超额至 {plain(ratio * 100)}%，按口径得 {plain(low)}"
        return RowScore(row.ordinal, given, weight, low, low, low, Basis.MET, formula, policy.clause, ratio)
    if ratio is None or policy.unmet == "none":
        return _unknown(row, weight, policy, "目标为 0 或口径不计分，无比例可算")
    expected = _ZERO if policy.unmet == "zero" else min(weight, weight * ratio)
    target, actual = plain(row.wanted.base or _ZERO), plain(row.reached.base or _ZERO)
    fraction = f"{target} ÷ {actual}" if row.wanted.downward else f"{actual} ÷ {target}"
    formula = f"{plain(weight)} × {fraction} = {expected:.2f}" if policy.unmet == "proportional" else "未完成，按口径不得分"
    slack = policy.threshold("proportional_points")
    low, high = max(_ZERO, expected - slack), min(weight, expected + slack)
    return RowScore(row.ordinal, given, weight, low, high, expected, Basis.PROPORTIONAL, formula, policy.clause, ratio)


def _qualitative(row: Row, weight: Decimal, policy: Policy) -> RowScore:
    level = level_of_words(row.actual.text, policy.levels)
    if level is None:
        return _unknown(row, weight, policy, "定性用语不在口径内，不作判断")
    low, high = level.low * weight, level.high * weight
    formula = f"定性档位 {plain(level.low * 100)}%–{plain(level.high * 100)}%，即 {plain(low)}–{plain(high)} 分"
    return RowScore(row.ordinal, row.score.value, weight, low, high, None, Basis.LEVEL, formula, policy.clause)


def _by_rule(row: Row, weight: Decimal, policy: Policy) -> RowScore:
    """By the row's own rule in words where the actual value is printed."""
    found = points_for(row.rule.text, row.reached)
    if found is None:
        return _unknown(row, weight, policy, "评分规则已读出，表内没有实际值可对照")
    low, high = min(found[0], weight), min(found[1], weight)
    formula = f"按本行评分规则 {plain(low)}–{plain(high)} 分"
    return RowScore(row.ordinal, row.score.value, weight, low, high, high, Basis.BANDS, formula, "本行评分规则")
