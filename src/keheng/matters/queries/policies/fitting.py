"""Policies that a unit meets or all but meets, as they were kept when it was last matched: for short lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keheng.matters.models import PolicyStanding
from keheng.matters.rules.matching.policy import Clause, Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf


@dataclass(frozen=True, slots=True)
class Fitting:
    """A policy with the one clause that the unit lacks, None where it meets them all."""

    policy: Policy
    lacks: Clause | None


def fitting_policies(unit: int, day: date, most: int) -> list[Fitting]:
    """Those that are met first; only standings to the version in force count. One query."""
    counts = {one.id: one for one in policy_shelf().in_force(day)}
    rows = PolicyStanding.objects.filter(unit=unit, policy__in=counts).order_by("lacks", "-since", "policy")
    current = [row for row in rows if row.version == counts[row.policy].version]
    met = [Fitting(counts[row.policy], None) for row in current if not row.lacks]
    near = [Fitting(counts[row.policy], counts[row.policy].clauses[row.lacks - 1]) for row in current if row.lacks]
    return [*met, *near][:most]
