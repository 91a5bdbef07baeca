"""Scoring rules in words, row by row (Shanghai 2019): read into bands, parts and deductions.

Four shapes are understood: bands (``150-200得5-7分``, ``100以下,不得分``), parts (``…;(2分)``), deductions (``一个…扣2分``)
and outcomes of a condition in words (``有演练得4分,无演练得2分``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from keheng.appraisal.numerals import normalise
from keheng.appraisal.quantity import Quantity, parse_quantity

_CLAUSE = re.compile(r"[。；;]|(?<=分)[,，]")
# List numbers in circles would turn into plain digits when folded.
_CIRCLED = str.maketrans(dict.fromkeys("①②③④⑤⑥⑦⑧⑨⑩", "；"))
_OUTCOME = re.compile(r"[,，]?(?:得|计|给)?(?P<low>\d+(?:\.\d+)?)(?:[-~至](?P<high>\d+(?:\.\d+)?))?分|[,，]?(?:不得分|不计分)")
_PART = re.compile(r"\((\d+(?:\.\d+)?)分\)")
_DEDUCTION = re.compile(r"(?:每|一)(?P<per>[^,，;；。]{0,16}?)扣(?:除)?(?P<points>\d+(?:\.\d+)?)分")
_AT_LEAST = "达到|大于等于|大于或等于|高于或等于|高于等于|不低于|不少于|≥|>="
_MORE = "大于|超过|高于|>"
_AT_MOST = "小于等于|小于或等于|低于或等于|不高于|不超过|≤|<="
_LESS = "小于|低于|少于|不到|未达到|未达|不足|<"
_BOUND = re.compile(
    rf"(?P<ge>{_AT_LEAST})|(?P<gt>{_MORE})|(?P<le>{_AT_MOST})|(?P<lt>{_LESS})|(?P<eq>=|等于)|(?P<span>[-~至])"
    r"|(?P<number>\d+(?:\.\d+)?(?:%|万|亿)?(?:台套|个工作日|人次|场次|家次|[a-zA-Z]{1,2}|[个次家根篇秒天件项场条人套台分份期名日])?)"
    r"(?P<after>及以上|以上|及以下|以下|以内|内)?"
)
_ASIDE = re.compile(r"\([^()]*(?:区间|参考|打分)[^()]*\)")


@dataclass(frozen=True, slots=True)
class Band:
    """Points for values between two bounds (None: open); ``low_in`` and ``high_in`` tell whether a bound belongs to it."""

    low: Decimal | None
    high: Decimal | None
    low_in: bool
    high_in: bool
    least: Decimal
    most: Decimal
    text: str

    def holds(self, value: Decimal) -> bool:
        """Whether a value falls into the band."""
        above = self.low is None or value > self.low or (self.low_in and value == self.low)
        below = self.high is None or value < self.high or (self.high_in and value == self.high)
        return above and below


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """One row's rule: numeric ``bands``, ``parts`` that add up, a ``deduction`` in points per case, ``outcomes`` in words.

    ``conflicts`` holds clauses that promise two different numbers of points at once.
    """

    bands: tuple[Band, ...]
    parts: tuple[Decimal, ...]
    deduction: Decimal | None
    outcomes: tuple[tuple[str, Decimal], ...]
    conflicts: tuple[str, ...]

    @property
    def says_something(self) -> bool:
        """False for general sentences (按比例计分, 未完成的酌情扣分) that leave the points to the policy."""
        return bool(self.bands or self.parts or self.outcomes or self.deduction)


@lru_cache(maxsize=4_096)
def parse_rule(text: str) -> WrittenRule:
    """Read a scoring rule; clauses that fit no shape are left out, never guessed."""
    folded = _ASIDE.sub("", re.sub(r"\s+", "", normalise(text.translate(_CIRCLED))))
    bands: list[Band] = []
    parts: list[Decimal] = []
    outcomes: list[tuple[str, Decimal]] = []
    conflicts: list[str] = []
    deduction: Decimal | None = None
    for clause in _clauses(folded):
        found = _DEDUCTION.search(clause)
        if found:
            deduction = Decimal(found["points"])
            continue
        points = _points(clause)
        if points is None:
            continue
        condition, least, most, stated = points
        part = _PART.search(clause)
        if part and stated and not least <= Decimal(part[1]) <= most:
            conflicts.append(clause)
        band = _band(condition, least, most, clause)
        if band is not None:
            bands.append(band)
        elif stated:
            outcomes.append((condition, most))
        else:
            parts.append(most)
    return WrittenRule(tuple(bands), tuple(parts), deduction, tuple(outcomes), tuple(conflicts))


def _clauses(text: str) -> list[str]:
    """Clauses of a rule, points in brackets kept with the clause before them."""
    clauses: list[str] = []
    for clause in _CLAUSE.split(text):
        if clauses and _PART.fullmatch(clause):
            clauses[-1] += clause
        elif clause:
            clauses.append(clause)
    return clauses


def _points(clause: str) -> tuple[str, Decimal, Decimal, bool] | None:
    """Condition, points from and to, and whether they are stated in words (``得``) rather than in brackets."""
    bare = _PART.sub("", clause)
    matches = [m for m in _OUTCOME.finditer(bare) if m["low"] is None or bare[m.start() : m.end()].lstrip(",，")[0] in "得计给"]
    if matches:
        match = matches[-1]
        low = Decimal(match["low"] or 0)
        return bare[: match.start()], low, Decimal(match["high"] or low), True
    part = _PART.search(clause)
    return (bare, Decimal(part[1]), Decimal(part[1]), False) if part else None


def _band(condition: str, least: Decimal, most: Decimal, clause: str) -> Band | None:
    low = high = None
    low_in = high_in = True
    pending, span = "", False
    for match in _BOUND.finditer(condition):
        kind = match.lastgroup
        if match["number"] is None:
            span = span or kind == "span"
            pending = pending if kind == "span" else str(kind)
            continue
        quantity = parse_quantity(match["number"])
        if quantity.base is None:
            continue
        after = match["after"] or ""
        if pending in ("lt", "le") or after in ("以下", "及以下", "以内", "内") or (span and low is not None):
            high, high_in = quantity.base, pending == "le" or after in ("及以下", "以内", "内")
        elif pending in ("ge", "gt") or after in ("以上", "及以上"):
            # '大于80%以上' is meant as 80 % and above.
            low, low_in = quantity.base, pending != "gt" or after in ("以上", "及以上")
        else:
            low = high = quantity.base
            low_in = high_in = True
        pending = ""
    return None if low is None and high is None else Band(low, high, low_in, high_in, least, most, clause)


def points_for(text: str, reached: Quantity) -> tuple[Decimal, Decimal] | None:
    """The legal points of an actual value under a written rule, as (least, most); None when they cannot be told."""
    if not reached.is_number or reached.base is None:
        return None
    for band in parse_rule(text).bands:
        if band.holds(reached.base):
            return band.least, band.most
    return None
