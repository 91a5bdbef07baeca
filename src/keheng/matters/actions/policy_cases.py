"""A unit has a policy by one case at a time, and never twice: part of the acts that begin cases."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from keheng.kernel.errors import Problem, Refused, problem
from keheng.matters.models import Case, PolicyCase
from keheng.matters.queries.policies.judging import KnownFact, policy_of
from keheng.matters.queries.policies.known import units_by_number
from keheng.matters.queries.policies.offers import turn_of
from keheng.matters.rules.files.attached import FromPolicy
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.matching.policy_shelf import policy_shelf


def has_policy(matter: Matter, unit: int | None) -> list[Problem]:
    """What keeps a unit from asking for a policy: it is no enterprise, the policy is over, or it has it or asks for it already."""
    if matter.policy is None or unit is None:
        return []
    policy, today = policy_of(matter), localdate()
    if policy is None or policy not in policy_shelf().in_force(today):
        return [problem("POLICY_OVER", title=matter.title)]
    found = [] if units_by_number([unit]) else [problem("POLICY_KIND")]
    held = PolicyCase.objects.filter(unit=unit, policy=policy.id, turn=turn_of(policy, today), holds=True).select_related("case").first()
    return found + ([_held(matter, held)] if held is not None else [])


def _held(matter: Matter, held: PolicyCase) -> Problem:
    return problem("POLICY_HELD", title=matter.title, number=held.case.number or f"草稿 {held.case_id}")


def hold_policy(case: Case, unit: int, made_from: FromPolicy, sources: Mapping[str, KnownFact], *, offered: bool) -> None:
    """Note that a case is of a policy; raises Refused where the unit has the policy or was offered it: of two the database takes one."""
    policy = next(one for one in policy_shelf().policies if (one.id, one.version) == (made_from.id, made_from.version))
    try:
        with transaction.atomic():
            PolicyCase.objects.create(
                case=case, unit_id=unit, policy=policy.id, version=policy.version, turn=turn_of(policy, localdate()),
                offered=offered, sources={name: one.kept for name, one in sources.items()},
            )  # fmt: skip
    except IntegrityError:
        raise Refused(problem("POLICY_HELD", title=case.title, number="—")) from None
