"""How far policies have come: units that were told, offered or asked for them, granted, paid; and the cases behind each figure."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from keheng.kernel.money import Money
from keheng.kernel.powers import Principal
from keheng.matters.enums import End
from keheng.matters.models import PolicyCase, PolicyPush, PolicyStanding
from keheng.matters.rules.acting import SEE
from keheng.matters.rules.matching.making import OFFERED, PUBLIC
from keheng.matters.rules.matching.policy import Policy

_APPLIED = Q(case__submitted_at__isnull=False)
_GRANTED = Q(case__end=End.GRANTED) | Q(case__funding__isnull=False)
# What stands behind each figure, by its code: a draft that nobody handed in is the unit's own and counts nowhere.
STAGES = {
    "offered": ("待单位确认", Q(case__state=OFFERED)),
    "applied": ("已申请", _APPLIED),
    "granted": ("已同意兑现", _GRANTED),
    "paid": ("已拨付", Q(case__paid_instalment__isnull=False)),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Of a policy: units told, cases offered and not answered yet, applied for, granted, paid, and the fen that were paid."""

    told: int = 0
    offered: int = 0
    applied: int = 0
    granted: int = 0
    paid: int = 0
    fen: int = 0

    @property
    def money(self) -> Money:
        """What was paid."""
        return Money(self.fen)


def policy_cases_for(actor: Principal) -> QuerySet[PolicyCase]:
    """Cases of policies, of the units an officer reaches, without drafts."""
    reached = PolicyCase.objects.filter(actor.within(SEE, unit="unit", district="unit__district"))
    return reached.filter(_APPLIED | Q(case__state=OFFERED))


def told_units(actor: Principal) -> QuerySet[PolicyPush]:
    """Tellings of policies to the units an officer reaches."""
    return PolicyPush.objects.filter(actor.within(SEE, unit="unit", district="unit__district"))


def last_told(actor: Principal, policy: Policy) -> QuerySet[PolicyPush]:
    """The last telling of a policy to each unit an officer reaches; ``lacks`` is how the unit stands now, None where that is not kept."""
    later = PolicyPush.objects.filter(unit=OuterRef("unit"), policy=OuterRef("policy"), version__gt=OuterRef("version"))
    standing = PolicyStanding.objects.filter(unit=OuterRef("unit"), policy=OuterRef("policy"))
    rows = told_units(actor).filter(~Exists(later), policy=policy.id)
    return rows.annotate(lacks=Subquery(standing.values("lacks")))


def progress_of_policies(actor: Principal) -> dict[str, Progress]:
    """Each policy's, in two statements; a policy that nobody was told of or asked for is absent."""
    told = told_units(actor).order_by().values_list("policy").annotate(units=Count("unit", distinct=True))
    found: dict[str, dict[str, int]] = {policy: {"told": units} for policy, units in told}
    counts = {code: Count("pk", filter=which) for code, (_title, which) in STAGES.items()}
    rows = policy_cases_for(actor).order_by().values("policy").annotate(fen=Sum("case__paid_instalment__paid_fen", default=0), **counts)
    for policy, *counted in rows.values_list("policy", "fen", *counts):
        found.setdefault(policy, {}).update(zip(("fen", *counts), counted, strict=True))
    return {policy: Progress(**counted) for policy, counted in found.items()}


def in_publicity(policy: str) -> QuerySet[PolicyCase]:
    """Cases of a policy against which anybody may object now."""
    return (
        PolicyCase.objects.filter(policy=policy, case__state=PUBLIC)
        .select_related("case__edition", "unit")
        .defer("case__private", "unit__contact_phone")
        .order_by("pk")
    )
