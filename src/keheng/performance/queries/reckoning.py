"""How the sums of a self-evaluation come about: which points are added, what caps them, which grade they earn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from keheng.performance.queries.drawing import EXECUTION
from keheng.performance.queries.evaluations import Sheet
from keheng.performance.rules.library import keeps_execution_row
from keheng.performance.rules.targets import policy_for


@dataclass(frozen=True, slots=True)
class Addend:
    """A line of the sum: its name, its points, its score ('' where there is none yet), and the part of the page that explains it."""

    title: str
    weight: str
    score: str
    part: str


@dataclass(frozen=True, slots=True)
class Total:
    """The sum: its addends, what they add up to, the most that the rate of execution leaves (None for no cap), the grades."""

    addends: Sequence[Addend]
    added: Decimal | None
    cap: Decimal | None
    grades: Sequence[tuple[str, Decimal]]


def total_of_sheet(sheet: Sheet) -> Total:
    """The sum of a form as it is drawn now: execution is the first addend, in its own row or from the table of funds."""
    inside, money = keeps_execution_row(sheet.evaluation.layout), sheet.form.funds.total
    policy = policy_for(sheet.evaluation.layout)
    own = [] if inside else [Addend(EXECUTION, money.weight.text, money.score.text, "score")]
    skipped = 1 if inside else 0
    rows = [
        Addend(row.name.text, row.weight.text, row.score.text, "score" if row.is_execution else f"row-{row.ordinal - skipped}")
        for row in sheet.form.rows
    ]
    addends = [*own, *rows]
    scores = [Decimal(one.score) for one in addends if one.score]
    added = sum(scores, Decimal(0)) if len(scores) == len(addends) else None
    names = [(policy.grade_names.get(name, name), least) for name, least in policy.grades]
    return Total(addends, added, sheet.card.cap, names)
