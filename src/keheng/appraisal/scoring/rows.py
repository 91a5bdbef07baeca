"""Points for one indicator row (财预〔2020〕10号: met, unmet in proportion, qualitative levels)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache

from keheng.appraisal.bands import parse_rule, points_for
from keheng.appraisal.model import Row
from keheng.appraisal.numerals import normalise
from keheng.appraisal.policy import Level, Policy
from keheng.appraisal.prose.words import pattern
from keheng.appraisal.quantity import Kind, Op, Quantity
from keheng.appraisal.scoring.rounding import plain
from keheng.appraisal.scoring.scorecard import Basis, RowScore

_ZERO = Decimal(0)
_SHORT_WORDS = 10
# Numbers that differ by more than this factor were printed in different multiples (4万 and 67).
_ONE_SCALE = 50


class Direction(StrEnum):
    """Which way an indicator is good: the larger the better, the smaller the better, or not to be told."""

    MORE = "more"
    LESS = "less"
    EITHER = "either"


def direction(row: Row) -> Direction:
    """By the operator of the target; without one (or with =) by what the indicator's name says it measures."""
    op = row.wanted.op
    if op in (Op.GE, Op.GT):
        return Direction.MORE
    if op in (Op.LE, Op.LT):
        return Direction.LESS
    return _direction_by_name(row.name.text, row.level1.text + row.level2.text)


@lru_cache(maxsize=16_384)
def _direction_by_name(name: str, levels: str) -> Direction:
    if pattern("either_way").search(name):
        return Direction.EITHER
    if pattern("negative").search(name) or pattern("cost").search(name + levels):
        return Direction.LESS
    return Direction.MORE


@dataclass(frozen=True, slots=True)
class _Pair:
    """Target (up to ``high`` for a range) and actual in one unit."""

    target: Decimal
    high: Decimal
    actual: Decimal


def _comparable(wanted: Quantity, reached: Quantity) -> _Pair | None:
    """Both in base units; where one was printed without its unit, as the numbers stand if they are of one scale."""
    if not wanted.convertible(reached) or reached.kind is not Kind.NUMBER:
        return None
    if wanted.dimension == reached.dimension:
        return _pair(wanted.base, wanted.base_high, reached.base)
    pair = _pair(wanted.value, wanted.high, reached.value)
    if pair is not None and wanted.is_percent and _ZERO < pair.actual <= 1 < pair.target:
        # A share: 0.95 for 95 %.
        return _Pair(pair.target, pair.high, pair.actual * 100)
    scaled = wanted.multiplier != reached.multiplier
    if pair is not None and scaled and not pair.target <= pair.actual * _ONE_SCALE <= pair.target * _ONE_SCALE * _ONE_SCALE:
        return None
    return pair


def _pair(target: Decimal | None, high: Decimal | None, actual: Decimal | None) -> _Pair | None:
    return None if target is None or actual is None else _Pair(target, target if high is None else high, actual)


def attained(wanted: Quantity, reached: Quantity, way: Direction | None = None) -> bool | None:
    """Whether the target is met; None when the two cannot be compared or the direction of a difference is unknown."""
    pair = _comparable(wanted, reached)
    if pair is None:
        return None
    target, actual = pair.target, pair.actual
    if wanted.kind is Kind.RANGE:
        return None if actual > pair.high else actual >= target
    if wanted.op in (Op.GT, Op.LT):
        return actual > target if wanted.op is Op.GT else actual < target
    if actual == target or wanted.op in (Op.GE, Op.LE):
        return actual <= target if wanted.op is Op.LE else actual >= target
    if target == _ZERO:
        # '= 0' or a bare 0 asks for none (accidents, complaints).
        return False
    way = way or Direction.MORE
    return None if way is Direction.EITHER else (actual > target) is (way is Direction.MORE)


def share(wanted: Quantity, reached: Quantity, way: Direction | None = None) -> Decimal | None:
    """Attained share of the target: B/A, for negative indicators A/B; None without a ratio (A = 0)."""
    pair = _comparable(wanted, reached)
    if pair is None or pair.target <= _ZERO or pair.actual < _ZERO:
        return None
    target, actual = pair.target, pair.actual
    if wanted.downward or way is Direction.LESS:
        target, actual = actual, target
    return actual / target if target > _ZERO else None


@lru_cache(maxsize=8_192)
def level_of_words(text: str, levels: tuple[Level, ...]) -> Level | None:
    """The qualitative level of a text, longer words first; None when no word is known or the words disagree.

    A weaker word right before a stronger one tempers it (基本完成, 较为健全); a negation before a word takes its meaning.
    """
    folded = re.sub(r"\s+", "", normalise(text))
    found = _level_pattern(levels).findall(folded)
    ranks = {word: level for level in levels for word in level.words}
    named = [ranks[word] for word, _ in found if word]
    if not named or any(negated for _, negated in found):
        return None
    weakest = min(named, key=lambda level: level.low)
    tempered = len(folded) <= _SHORT_WORDS and named[0] is weakest
    return weakest if len(set(named)) == 1 or tempered else None


@cache
def _level_pattern(levels: tuple[Level, ...]) -> re.Pattern[str]:
    words = sorted((word for level in levels for word in level.words), key=len, reverse=True)
    # A single character counts only where it is all that stands there (优, but not 优化).
    branches = (re.escape(word) if len(word) > 1 else f"(?<!.){re.escape(word)}(?!.)" for word in words)
    any_word = "|".join(branches) or "(?!)"
    return re.compile(f"({any_word})|[未不没无非]({any_word})")


def score_row(row: Row, policy: Policy) -> RowScore:
    """One row under a policy; an unknown word, rule or unread cell gives [0, weight] and says so."""
    weight, given = row.weight.value, row.score.value
    if weight is None or weight < _ZERO:
        return RowScore(row.ordinal, given, None, _ZERO, _ZERO, None, Basis.UNKNOWN, "分值未读出", policy.clause)
    if row.rule and parse_rule(row.rule.text).says_something:
        return _by_rule(row, weight, policy)
    wanted, reached = row.wanted, row.reached
    way = direction(row)
    met = attained(wanted, reached, way)
    if met is not None:
        return _quantitative(row, weight, policy, met=met, way=way)
    if reached.kind is Kind.WORDS:
        return _qualitative(row, weight, policy)
    return _unknown(row, weight, policy, "目标或实际值无法比较，不作判断")


def _unknown(row: Row, weight: Decimal, policy: Policy, why: str) -> RowScore:
    return RowScore(row.ordinal, row.score.value, weight, _ZERO, weight, None, Basis.UNKNOWN, why, policy.clause)


def _quantitative(row: Row, weight: Decimal, policy: Policy, *, met: bool, way: Direction) -> RowScore:
    ratio = share(row.wanted, row.reached, way)
    given = row.score.value
    if met:
        low, formula = weight, f"达到目标，得满分 {plain(weight)}"
        if ratio is not None and way is Direction.MORE and ratio >= policy.over_ratio and policy.over_action != "flag":
            low = _ZERO if policy.over_action == "zero" else max(_ZERO, weight - policy.over_points)
            formula = f"超额至 {plain(ratio * 100)}%，按口径得 {plain(low)}"
        return RowScore(row.ordinal, given, weight, low, low, low, Basis.MET, formula, policy.clause, ratio)
    if ratio is None or policy.unmet == "none":
        return _unknown(row, weight, policy, "目标为 0 或口径不计分，无比例可算")
    expected = _ZERO if policy.unmet == "zero" else min(weight, weight * ratio)
    formula = f"{plain(weight)} × {_fraction(row, way)} = {expected:.2f}" if policy.unmet == "proportional" else "未完成，按口径不得分"
    slack = policy.threshold("proportional_points")
    low, high = max(_ZERO, expected - slack), min(weight, expected + slack)
    return RowScore(row.ordinal, given, weight, low, high, expected, Basis.PROPORTIONAL, formula, policy.clause, ratio)


def _fraction(row: Row, way: Direction) -> str:
    """The ratio as people write it; only called where the two were compared."""
    pair = _comparable(row.wanted, row.reached)
    numbers = ("", "") if pair is None else (plain(pair.actual), plain(pair.target))
    return " ÷ ".join(reversed(numbers) if way is Direction.LESS else numbers)


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
