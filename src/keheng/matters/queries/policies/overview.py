"""How all units stand to each policy: the counts of the last time everybody was matched, and those who meet it or lack one clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from keheng.directory.service import organisations_for
from keheng.kernel.powers import Principal
from keheng.matters.models import PolicyStanding, PolicyTally
from keheng.matters.queries.policies.known import Unit, units_by_number
from keheng.matters.queries.policies.own import PolicySaid, own_policy
from keheng.matters.rules.acting import SEE
from keheng.matters.rules.matching.policy import Clause, Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf

_MOST_FOUND = 5


@dataclass(slots=True)
class Tally:
    """How many units meet a policy, do not, or are unknown; ``near``: one clause alone keeps them out.

    Of each clause how many do not meet it or are unknown.
    """

    policy: Policy
    met: int = 0
    unknown: int = 0
    unmet: int = 0
    near: int = 0
    failing: Counter[int] = field(default_factory=Counter)
    open: Counter[int] = field(default_factory=Counter)

    def add(self, row: Mapping[str, Any]) -> None:
        """Count a district, as ``PolicyTally`` has it."""
        self.met += row["met"]
        self.unknown += row["unknown"]
        self.unmet += row["unmet"]
        self.near += row["near"]
        self.failing.update(dict(enumerate(row["failing"])))
        self.open.update(dict(enumerate(row["open"])))

    @property
    def worst(self) -> tuple[Clause, int] | None:
        """The clause that most units do not meet; None while all meet all."""
        found = max(self.failing.items(), key=lambda pair: (pair[1], -pair[0]), default=None)
        return None if found is None or not found[1] else (self.policy.clauses[found[0]], found[1])

    @property
    def clauses(self) -> list[tuple[int, Clause, int, int]]:
        """Each clause with its number from 1, how many do not meet it, of how many it is unknown."""
        pairs = enumerate(self.policy.clauses)
        return [(place + 1, clause, self.failing[place], self.open[place]) for place, clause in pairs]


def standings_for(actor: Principal) -> QuerySet[PolicyStanding]:
    """Standings of the units an officer reaches."""
    return PolicyStanding.objects.filter(actor.within(SEE, unit="unit", district="unit__district"))


def tallies(actor: Principal, day: date) -> list[Tally]:
    """One for each policy in force, of the districts an officer reaches."""
    found = {policy.id: Tally(policy) for policy in policy_shelf().in_force(day)}
    for counts in PolicyTally.objects.filter(actor.within(SEE, district="district")).values_list("counts", flat=True):
        for name, row in counts.items():
            one = found.get(name)
            # Of another version the clauses may be others: its counts come with the next matching.
            if one is not None and f"{one.policy.version}" == row["version"]:
                one.add(row)
    return list(found.values())


def units_named(actor: Principal, text: str) -> list[Unit]:
    """A few matched units within an officer's reach, by a part of the name or the whole credit code."""
    reached = organisations_for(actor).filter(actor.within(SEE, unit="pk", district="district"))
    found = reached.filter(credit_code=text) | reached.filter(name__contains=text)
    return units_by_number(found.order_by("pk").values_list("pk", flat=True)[:_MOST_FOUND]) if text else []


def why(actor: Principal, policy: Policy, text: str, day: date) -> list[tuple[Unit, PolicySaid]]:
    """How units that are looked for by name stand to a policy, clause by clause, from what is known this minute."""
    return [(unit, own_policy(unit, policy, day)) for unit in units_named(actor, text)]


def clause_said(policy: Policy, number: int) -> str:
    """The clause of a number, in words; '' for none."""
    return policy.clauses[number - 1].say if 1 <= number <= len(policy.clauses) else ""
