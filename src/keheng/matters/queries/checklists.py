"""Checklists of a case: what is to be seen and heard, and what was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.timezone import localdate

from keheng.kernel.logic import Truth
from keheng.matters.models import Tick
from keheng.matters.queries.cases import Loaded
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.seen import Check, Checklist
from keheng.matters.rules.form.answers import facts_of


@dataclass(frozen=True, slots=True)
class ListSaid:
    """A checklist of a case: its steps, each with the tick it got."""

    name: str
    checklist: Checklist
    steps: tuple[tuple[Check, Tick | None], ...]

    @property
    def done(self) -> bool:
        """Whether every step was ticked."""
        return all(tick is not None for _, tick in self.steps)

    @property
    def count(self) -> int:
        """How many are ticked."""
        return sum(tick is not None for _, tick in self.steps)


def applying(matter: Matter, answers: dict[str, object]) -> Iterator[tuple[str, Checklist]]:
    """The checklists that hold for these answers."""
    facts = facts_of(matter, answers, localdate())
    yield from ((name, one) for name, one in matter.checklists.items() if one.when is None or one.when(facts) is Truth.MET)


def checklists_of(one: Loaded) -> list[ListSaid]:
    """The checklists of a case, with what was ticked; also those that hold no longer but were begun."""
    if not one.matter.checklists:
        return []
    ticks = {(tick.checklist, tick.step): tick for tick in one.hung.of(Tick)}
    wanted = {name for name, _ in applying(one.matter, dict(one.at.answers))} | {name for name, _ in ticks}
    return [
        ListSaid(name, each, tuple((step, ticks.get((name, step.id))) for step in each.steps))
        for name, each in one.matter.checklists.items()
        if name in wanted
    ]


def checklists_done(one: Loaded) -> bool:
    """Whether every step of every checklist that holds in a case was ticked; so it is where none holds."""
    needed = {(name, step.id) for name, each in applying(one.matter, dict(one.at.answers)) for step in each.steps}
    return not needed or needed <= {(tick.checklist, tick.step) for tick in one.hung.of(Tick)}
