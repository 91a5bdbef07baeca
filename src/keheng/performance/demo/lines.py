"""What a project of the invented city is made of: titles, budgets, indicators with targets and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from keheng.performance.rules.library import by_title
from keheng.performance.rules.targets import IndicatorFacts


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator: its name in the library, the target at the full scale and at the small one, its points, what proves it.

    ``measure`` is named where it is another one than the library's; ``stated`` is the value where none gives it.
    """

    title: str
    full: str
    small: str
    weight: int
    level1: str = "output"
    level2: str = "quantity"
    measure: str = ""
    stated: str = ""
    scope: str = ""
    reason: str = ""

    def facts(self, scale: str) -> IndicatorFacts:
        """As it is declared."""
        known = by_title().get(self.title)
        measure = "" if self.stated else self.measure or (known.measure if known else "")
        scope = dict(part.split("=", 1) for part in self.scope.split())
        usual = dict(known.scope) if known and not self.measure else {}
        return IndicatorFacts(
            title=self.title, level1=self.level1, level2=self.level2, target=self.full if scale == "full" else self.small,
            weight=Decimal(self.weight), evidence="measure" if measure else "file",
            measure=measure, scope=(scope or usual) if measure else {}, direction=known.direction if known else "more",
        )  # fmt: skip


@dataclass(frozen=True)
class DemoProject:
    """A project with its money in 万元, the place of its unit among those that have projects, and the money of the year before it.

    ``earlier`` is budget and spending; (0, 0) where there was no project then.
    """

    code: str
    title: str
    layout: str
    budget: int
    spent: int
    goal: str
    lines: tuple[Line, ...]
    unit: int = 0
    earlier: tuple[int, int] = (0, 0)

    def told_goal(self, scale: str) -> str:
        """The goal with the year's figures, which are those of the table."""
        return f"{self.goal}年度要求：" + "，".join(f"{line.title}{line.facts(scale).target}" for line in self.lines) + "。"

    @cached_property
    def stated(self) -> dict[str, str]:
        """Values that no measure gives, by title."""
        return {line.title: line.stated for line in self.lines if line.stated}


OUTCOME, SOCIAL, LASTING = "outcome", "social", "lasting"
SERVED, SATISFACTION = ("satisfaction", "served"), "portal.survey_satisfaction"
