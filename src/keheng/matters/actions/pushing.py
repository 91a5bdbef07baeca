"""Who newly meets policies is told: the managers of a unit, once for each version, by one message however many policies there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localdate, now

from keheng.access.service import managers_by_unit
from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Refused
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.matters.actions.fact_changes import lock_matching
from keheng.matters.models import PolicyPush, PolicyStanding
from keheng.matters.queries.addresses import address
from keheng.matters.queries.policies.known import units_by_number
from keheng.matters.rules.matching.policy import Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf

KIND = "matters.policy"
_KEY, _BATCH = 32, 500


def push_all() -> int:
    """Tell everybody who is to be told; how many policies of units."""
    units = list(_untold(_told_of()).order_by("unit").values_list("unit", flat=True).distinct())
    batches = (units[first : first + _BATCH] for first in range(0, len(units), _BATCH))
    return sum(push_some(actor=SYSTEM, units=some) for some in batches if managers_by_unit(some))


@act("policy.push", Refused)
def push_some(*, actor: Actor, units: Sequence[int]) -> int:
    """Tell the managers of some units, in one transaction; how many policies of units."""
    lock_matching()
    told = push(units)
    record("policy.push", actor=actor, target="policies", reason=f"{told} told")
    return told


def push(units: Collection[int]) -> int:
    """Tell the managers of units; how many policies of units. Part of the act around it, which holds the lock of all matching."""
    managers, policies, names = managers_by_unit(units), _told_of(), {one.pk: one.name for one in units_by_number(units)}
    new: dict[int, list[Policy]] = {}
    rows = _untold(policies).filter(unit__in=managers.keys() & names.keys()).order_by("pk")
    for unit, name, version in rows.values_list("unit", "policy", "version"):
        if version == policies[name].version:
            new.setdefault(unit, []).append(policies[name])
    for unit, met in new.items():
        told = len(managers[unit])
        PolicyPush.objects.bulk_create(PolicyPush(unit_id=unit, policy=one.id, version=one.version, told=told, at=now()) for one in met)
        _tell(managers[unit], unit, names[unit], met)
    return sum(len(met) for met in new.values())


def _told_of() -> dict[str, Policy]:
    """The policies in force that are told of; what is offered is told with its case."""
    return {one.id: one for one in policy_shelf().in_force(localdate()) if not one.offers}


def _untold(policies: Mapping[str, Policy]) -> QuerySet[PolicyStanding]:
    """Who meets a policy and was not told of this version."""
    told = PolicyPush.objects.filter(unit=OuterRef("unit"), policy=OuterRef("policy"), version=OuterRef("version"))
    return PolicyStanding.objects.filter(~Exists(told), policy__in=policies, lacks=0)


def _tell(managers: Collection[str], unit: int, name: str, met: Sequence[Policy]) -> None:
    said = [f"{one.gives}。{'免申即享，不用申请。' if one.shared else '可以查看条件并申请。'}" for one in met]
    first, several = met[0], len(met) > 1
    title = f"{name}新符合 {len(met)} 项政策" if several else f"{name}符合“{first.title}”"
    body = "\n".join(f"{one.title}：{text}" for one, text in zip(met, said, strict=True)) if several else said[0]
    key = digest_of({one.id: f"{one.version}" for one in met})[:_KEY]
    tell(
        managers, kind=KIND, key=f"policies:{unit}:{key}", title=title, body=body,
        url=address("policies") if several else address("policy", first.id),
    )  # fmt: skip
