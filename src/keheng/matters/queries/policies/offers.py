"""Units for which a case is to be opened without being asked (免申即享), and offers that no longer hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from django.db.models import Exists, OuterRef, Q

from keheng.access.service import managers_by_unit
from keheng.matters.models import PolicyCase, PolicyStanding
from keheng.matters.rules.matching.making import OFFERED
from keheng.matters.rules.matching.policy import Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf

_BATCH = 500


def turn_of(policy: Policy, day: date) -> str:
    """The time for which a unit has a policy once: a year, or ever."""
    return str(day.year) if policy.apply is not None and policy.apply.every == "year" else ""


def offered_policies(day: date) -> dict[str, Policy]:
    """Policies in force for which cases are opened without being asked."""
    return {one.id: one for one in policy_shelf().in_force(day) if one.offers}


def offers_due(day: date, units: Collection[int] | None = None) -> list[tuple[int, str]]:
    """Units that meet such a policy, have a manager who may accept, and were not offered it nor asked for it; some units, or all."""
    policies = offered_policies(day)
    rows = PolicyStanding.objects.filter(policy__in=policies, lacks=0)
    rows = rows if units is None else rows.filter(unit__in=units)
    met = [(unit, name) for unit, name, version in rows.order_by("pk").values_list("unit", "policy", "version")
           if version == policies[name].version]  # fmt: skip
    return [pair for first in range(0, len(met), _BATCH) for pair in _due(met[first : first + _BATCH], policies, day)]


def _due(met: Collection[tuple[int, str]], policies: Mapping[str, Policy], day: date) -> Iterator[tuple[int, str]]:
    managed = managers_by_unit({unit for unit, _ in met})
    had = PolicyCase.objects.filter(Q(offered=True) | Q(holds=True), policy__in=policies, unit__in=managed)
    taken = set(had.values_list("unit", "policy", "turn"))
    return ((unit, name) for unit, name in met if unit in managed and (unit, name, turn_of(policies[name], day)) not in taken)


def offers_lost(units: Collection[int] | None = None) -> list[int]:
    """Cases that wait to be accepted although their unit no longer meets that version of the policy; of some units, or all."""
    met = PolicyStanding.objects.filter(unit=OuterRef("unit"), policy=OuterRef("policy"), version=OuterRef("version"), lacks=0)
    rows = PolicyCase.objects.filter(~Exists(met), offered=True, case__state=OFFERED, case__ended_at=None)
    rows = rows if units is None else rows.filter(unit__in=units)
    return list(rows.order_by("pk").values_list("case", flat=True))


def own_policy_cases(unit: int, day: date) -> dict[str, PolicyCase]:
    """The case by which a unit has a policy now or asks for it, by policy."""
    turns = {one.id: turn_of(one, day) for one in policy_shelf().in_force(day)}
    rows = PolicyCase.objects.filter(unit=unit, holds=True, policy__in=turns).select_related("case")
    return {row.policy: row for row in rows if row.turn == turns[row.policy]}
