"""How all units stand to each policy, as the last matching left it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from keheng.kernel.powers import Principal
from keheng.matters.enums import Verdict
from keheng.matters.models import PolicyStanding
from keheng.matters.rules.acting import SEE
from keheng.matters.rules.matching.marks import is_near, places
from keheng.matters.rules.matching.policy import Clause, Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf


@dataclass(slots=True)
class Tally:
    """How many units meet a policy, do not, or are unknown; near misses; of each clause how many do not meet it or are unknown."""

    policy: Policy
    met: int = 0
    unknown: int = 0
    unmet: int = 0
    near: int = 0
    failing: Counter[int] = field(default_factory=Counter)
    open: Counter[int] = field(default_factory=Counter)

    @property
    def worst(self) -> tuple[Clause, int] | None:
        """The clause that most units do not meet; None while all meet all."""
        found = max(self.failing.items(), key=lambda pair: (pair[1], -pair[0]), default=None)
        return None if found is None or found[0] >= len(self.policy.clauses) else (self.policy.clauses[found[0]], found[1])

    @property
    def clauses(self) -> list[tuple[int, Clause, int, int]]:
        """Each clause with its number from 1, how many do not meet it, of how many it is unknown."""
        pairs = enumerate(self.policy.clauses)
        return [(place + 1, clause, self.failing[place], self.open[place]) for place, clause in pairs]


def standings_for(actor: Principal) -> QuerySet[PolicyStanding]:
    """Standings of the units an officer reaches."""
    return PolicyStanding.objects.filter(actor.within(SEE, unit="unit", district="unit__district"))


def tallies(actor: Principal, day: date) -> list[Tally]:
    """One for each policy in force, counted by the database in one statement."""
    found = {policy.id: Tally(policy) for policy in policy_shelf().in_force(day)}
    rows = standings_for(actor).order_by().values_list("policy", "verdict", "unmet", "unknown").annotate(units=Count("pk"))
    for name, verdict, unmet, unknown, units in rows:
        if name not in found:
            continue
        one = found[name]
        one.met += units if verdict == Verdict.MET else 0
        one.unknown += units if verdict == Verdict.UNKNOWN else 0
        one.unmet += units if verdict == Verdict.UNMET else 0
        one.near += units if is_near(unmet, unknown) else 0
        for place in places(unmet):
            one.failing[place] += units
        for place in places(unknown):
            one.open[place] += units
    return list(found.values())


def near_misses(rows: QuerySet[PolicyStanding], clauses: int) -> QuerySet[PolicyStanding]:
    """Those whom one clause alone keeps from a policy of so many clauses."""
    return rows.filter(unknown=0, unmet__in=[1 << place for place in range(clauses)])


def with_clause(rows: QuerySet[PolicyStanding], number: int) -> QuerySet[PolicyStanding]:
    """Those that do not meet a clause, or of whom it is unknown; numbers count from 1."""
    bit = 1 << (number - 1)
    marked = rows.annotate(at_unmet=F("unmet").bitand(bit), at_unknown=F("unknown").bitand(bit))
    return marked.filter(Q(at_unmet__gt=0) | Q(at_unknown__gt=0))


def clauses_said(policy: Policy, bits: int) -> str:
    """The clauses that are marked, in words."""
    return "；".join(policy.clauses[place].say for place in places(bits) if place < len(policy.clauses))
