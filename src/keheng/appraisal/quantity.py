"""Targets and actual values as quantities: operator, number or range, multiplier, unit.

``parse_quantity`` never guesses: a cell that is not one number with an operator and a unit is words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache

from keheng.appraisal.definitions import load_definition
from keheng.appraisal.numerals import CHINESE_NUMERAL, NUMBER, chinese_number, normalise


class Op(StrEnum):
    """How a target compares: at least, more than, at most, less than, exactly, about."""

    GE = "≥"
    GT = ">"
    LE = "≤"
    LT = "<"
    EQ = "="
    ABOUT = "≈"


class Kind(StrEnum):
    """What a cell holds."""

    NUMBER = "number"
    RANGE = "range"
    WORDS = "words"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One parsed target or actual value.

    ``value`` (and ``high`` for a range) has its multiplier applied: 4万个 is 40000 with ``unit`` 个 and ``multiplier``
    万. ``dimension`` names the group of convertible units (its own name for a unit without a table entry, empty for
    none) and ``base`` is the value in the base unit of that dimension: 2秒 and 2000ms have the same base.
    """

    kind: Kind
    text: str
    op: Op | None = None
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    multiplier: str = ""
    dimension: str = ""
    base: Decimal | None = None
    base_high: Decimal | None = None
    factor: Decimal = Decimal(1)

    @property
    def is_number(self) -> bool:
        """True when there is one number to compute with."""
        return self.kind is Kind.NUMBER

    @property
    def is_percent(self) -> bool:
        """True for per cent values, in whatever way they are written."""
        return self.dimension == "percent"

    @property
    def downward(self) -> bool:
        """True for a negative indicator: the smaller the better (≤ or <)."""
        return self.op in (Op.LE, Op.LT)

    def convertible(self, other: Quantity) -> bool:
        """True when both are numbers whose units can be compared; a missing unit goes with any."""
        if self.base is None or other.base is None:
            return False
        return self.dimension == other.dimension or not self.dimension or not other.dimension


_WORDS: dict[Op, str] = {
    Op.GE: "≥ >= => 不少于 不低于 不小于 不得低于 不得少于 不应低于 大于等于 大于或等于 大于(等于) 高于等于 高于或等于 至少 最少 达到或超过"
    " 正向大于等于",
    Op.LE: "≤ <= =< 不超过 不高于 不大于 不多于 不得超过 不得高于 不应超过 小于等于 小于或等于 小于(等于) 低于等于 低于或等于 最多 至多"
    " 控制在 反向小于等于",
    Op.GT: "> 大于 超过 高于 多于",
    Op.LT: "< 小于 少于 低于",
    Op.EQ: "= 等于",
    Op.ABOUT: "≈ 约 大约",
}
_WORDS_BEFORE = tuple((word, op) for op, words in _WORDS.items() for word in words.split())
_OPS = dict(_WORDS_BEFORE)
_AFTER = {
    "及以上": Op.GE,
    "以上": Op.GE,
    "左右": Op.ABOUT,
    "及以下": Op.LE,
    "以下": Op.LE,
    "以内": Op.LE,
    "之内": Op.LE,
    "内": Op.LE,
    "余": Op.GE,
    "多": Op.GE,
}


@cache
def _unit_table() -> dict[str, tuple[str, Decimal]]:
    """Unit as written -> (dimension, factor to the base unit)."""
    dimensions = load_definition("units.json")["dimensions"]
    return {
        name: (dimension, Decimal(entry["factor"]))
        for dimension, entries in dimensions.items()
        for entry in entries
        for name in entry["names"]
    }


@cache
def _pattern() -> re.Pattern[str]:
    multipliers = load_definition("units.json")["multipliers"]
    before = "|".join(re.escape(w) for w, _ in sorted(_WORDS_BEFORE, key=lambda pair: -len(pair[0])))
    after = "|".join(sorted(_AFTER, key=len, reverse=True))
    times = "|".join(sorted(multipliers, key=len, reverse=True))
    number = rf"(?:{NUMBER}|{CHINESE_NUMERAL}(?![一-鿿]{{4}}))"
    return re.compile(
        rf"(?P<lead>正向|反向)?(?P<op>{before})?(?P<chinese_percent>百分之)?(?P<number>{number})(?P<percent1>[%‰])?"
        rf"(?:(?P<times1>{times})?(?P<unit1>[^\d\s\-~至,，。;；()%‰]{{0,4}}?)[-~至](?P<high>{number}))?"
        rf"(?P<mid>{after})?(?P<times>{times})?\(?(?P<unit>[^\d\s,，。;；:：()]{{0,6}}?(?:\([^\d\s()]{{1,3}}\)[^\d\s()]{{0,2}})?)\)?(?P<after>{after})?"
    )


_MEASURE_WORDS = frozenset("个次场份篇项人名家台套条件期起天本部处根批轮只种类例座户元%") | {"场次", "人次", "台套", "个月", "小时", "期次"}
_LEADING_ACTS = re.compile(r"^(?:实际|已|共|共计|累计|完成|达到|达|为|举办|开展|合计)+(?=[\d零〇一二三四五六七八九十百千两])")
# 2023年 is a date, 5年 is a duration.
_YEAR_DIGITS = 4
_NOT_A_UNIT = re.compile(r"年.*[月底前]|(?<!个)月|季度")


def _number(text: str) -> Decimal | None:
    spelled = chinese_number(text)
    if spelled is not None:
        return Decimal(spelled)
    return Decimal(text.replace(",", ""))


def _counts(match: re.Match[str]) -> bool:
    """Digits always count; a Chinese numeral only before a measure word (三场, but not 十佳, 一流, 第一)."""
    if match["number"][0] in "+-0123456789" or match["chinese_percent"]:
        return True
    return (match["unit"] or "") in _MEASURE_WORDS


def _without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", normalise(text))


@lru_cache(maxsize=65_536)
def parse_quantity(text: str) -> Quantity:
    """Parse one target or actual cell; anything that is not a single number or range is ``Kind.WORDS``.

    >>> parse_quantity("≥4万个").base
    Decimal('40000')
    >>> parse_quantity("达成指标").kind.value
    'words'
    """
    folded = _without_blanks(text)
    if not folded or folded in {"-", "/", "—", "--", "无数据"}:
        return Quantity(Kind.BLANK, text)
    match = _pattern().fullmatch(_LEADING_ACTS.sub("", folded))
    if match is None or not _counts(match):
        return Quantity(Kind.WORDS, text)
    unit = match["percent1"] or match["unit"] or match["unit1"] or ""
    if (
        (match["percent1"] and match["unit"] and match["unit"] != match["percent1"])
        or _NOT_A_UNIT.search(unit)
        or (unit == "年" and match["op"] is None and len(match["number"]) == _YEAR_DIGITS)
    ):
        return Quantity(Kind.WORDS, text)
    if match["chinese_percent"]:
        unit = "%"
    op = _OPS.get(match["op"] or "") or _AFTER.get(match["after"] or match["mid"] or "")
    return _build(text, match, unit, op)


def _build(text: str, match: re.Match[str], unit: str, op: Op | None) -> Quantity:
    times = match["times"] or ""
    factor = Decimal(load_definition("units.json")["multipliers"].get(times, "1"))
    low, high = _number(match["number"]), match["high"] and _number(match["high"])
    if low is None:
        return Quantity(Kind.WORDS, text)
    low_factor = Decimal(load_definition("units.json")["multipliers"].get(match["times1"] or times, "1"))
    value, top = low * low_factor, high * factor if high else None
    dimension, to_base = _unit_table().get(unit, (unit, Decimal(1)))
    kind = Kind.RANGE if top is not None else Kind.NUMBER
    return Quantity(
        kind, text, op, value, top, unit, times, dimension, value * to_base, top * to_base if top is not None else None, to_base
    )
