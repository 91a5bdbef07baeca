"""Advice for next year's budget from what a signed form says: a proposal with its reasons, never a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices

from keheng.performance.rules.library import policy


class Advice(TextChoices):
    """What a form speaks for, from least to most money less."""

    KEEP_FIRST = "keep_first", "优先安排"
    AS_NEEDED = "as_needed", "按需安排"
    IMPROVE = "improve", "整改后安排"
    LESS = "less", "压减"
    STOP = "stop", "压减或取消"


_ORDER = list(Advice)


@dataclass(frozen=True, slots=True)
class Advised:
    """The advice and why."""

    advice: Advice
    reasons: Sequence[str]


def advised(grade: str, rate: Decimal | None, *, open_tasks: int, dear: Sequence[str]) -> Advised:
    """Advice from the grade, the execution rate in percent, open rectifications and outputs dearer than their peers'.

    The strictest of what each speaks for holds (financial authorities' habit of the year is dated data: ``policy.json``, ``advice``).
    """
    limits = policy()["advice"]
    found = [(Advice(limits["grades"].get(grade, Advice.AS_NEEDED)), f"等级{grade}" if grade else "没有等级")]
    if rate is not None and rate < Decimal(limits["rate_lowest"]):
        found.append((Advice.STOP, f"执行率 {rate}%，低于 {limits['rate_lowest']}%"))
    elif rate is not None and rate < Decimal(limits["rate_low"]):
        found.append((Advice.LESS, f"执行率 {rate}%，低于 {limits['rate_low']}%"))
    if open_tasks:
        found.append((Advice.IMPROVE, f"{open_tasks} 项整改未完成"))
    found += [(Advice.AS_NEEDED, f"{name}的单位成本高于同类，请说明") for name in dear]
    strictest = max((advice for advice, _ in found), key=_ORDER.index)
    return Advised(strictest, [reason for _, reason in found])
