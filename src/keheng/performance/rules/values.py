"""Targets and actual values: from what a form prints to parts that can be stored, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from keheng.appraisal.model import BLANK, Cell
from keheng.appraisal.numerals import plain_number
from keheng.appraisal.quantity import Kind, parse_quantity
from keheng.appraisal.scoring.rounding import plain
from keheng.performance.enums import TargetKind

OPERATORS = ("≥", ">", "≤", "<", "=", "≈")
_DAY = re.compile(
    r"(?:\d{2,4}年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}日|份|底|初|中旬)?(?:之?前|以前|底前)?|\d{4}-\d{2}-\d{2}"
)
_YES_NO = frozenset({"是", "否", "有", "无"})
_PERCENT, _OTHER = Decimal("0.01"), Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Target:
    """A target as it is stored: numbers in ``unit`` as printed (multiplier included), everything else as words."""

    kind: str
    op: str = ""
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    words: str = ""

    def printed(self) -> str:
        """As a form prints it: ``≥1000万次``, ``80~90%``, ``完善``."""
        if self.value is None:
            return self.words
        top = "" if self.high is None else f"~{plain(self.high)}"
        return f"{self.op}{plain(self.value)}{top}{self.unit}"


def target_from(text: str) -> Target:
    """The parts of a printed target."""
    found = parse_quantity(text)
    if found.kind in {Kind.NUMBER, Kind.RANGE} and found.value is not None:
        factor = _multiplier(text)
        high = None if found.high is None else found.high / factor
        op = found.op.value if found.op else ""
        return Target(found.kind.value, op, found.value / factor, high, found.multiplier + found.unit)
    words = text.strip()
    if words in _YES_NO:
        return Target(TargetKind.YES_NO, words=words)
    return Target(TargetKind.DATE if _DAY.fullmatch(words) else TargetKind.WORDS, words=words)


def _multiplier(text: str) -> Decimal:
    """What the printed number was multiplied with."""
    found = parse_quantity(text)
    one = parse_quantity(f"1{found.multiplier}") if found.multiplier else None
    return one.value if one is not None and one.value else Decimal(1)


def converted(value: Decimal, measured_in: str, unit: str) -> Decimal | None:
    """A figure in a measure's unit as one in a target's unit; None where the two cannot be compared.

    A measure without a unit counts what its record says, and units that no table knows (批次, 次) are taken for counts of the same.
    """
    source, to = parse_quantity(f"1{measured_in}"), parse_quantity(f"1{unit}")
    if source.base is None or to.base is None:
        return None
    if source.dimension == to.dimension:
        return rounded(value * source.base / to.base, unit)
    tabled = {"percent", "time", "money", "days"}
    if measured_in and {source.dimension, to.dimension} & tabled:
        return None
    return rounded(value * (source.value or Decimal(1)) / (to.value or Decimal(1)), unit)


def rounded(value: Decimal, unit: str) -> Decimal:
    """To the places that a form prints: two for percent, four for everything else."""
    return value.quantize(_PERCENT if "%" in unit else _OTHER, rounding=ROUND_HALF_UP)


def actual_text(actual: Decimal | None, unit: str, words: str) -> str:
    """An actual value as a form prints it; '' where there is none."""
    return words if actual is None else f"{plain(actual)}{unit}"


def cell(text: str) -> Cell:
    """A cell with the number it holds, if it holds one."""
    return Cell(text, value=plain_number(text)) if text else BLANK


def points_text(value: Decimal | None) -> str:
    """Points as forms print them, two places."""
    return "" if value is None else f"{value:.2f}"
