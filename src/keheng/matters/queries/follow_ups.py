"""Follow-ups of bad ratings: those within reach, who is too near to judge, where one stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.timezone import localdate

from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM
from keheng.matters.models import Case, CaseEvent, FollowUp
from keheng.matters.rules.follow_ups import followed_by, is_late


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a follow-up stands: its words and the tone they are shown in."""

    title: str
    tone: str


def follow_ups_for(actor: Principal) -> QuerySet[FollowUp]:
    """Follow-ups that an actor may see, with the rating and the case."""
    return FollowUp.objects.filter(followed_by(actor)).select_related("rating__case__unit")


def handlers_of(case: Case) -> frozenset[str]:
    """Who moved a case on the office's side, or for whom it was moved."""
    rows = CaseEvent.objects.filter(case=case).values_list("by", "instead_of")
    return frozenset({account for row in rows for account in row} - {"", case.applicant, SYSTEM.account})


def stage_of(row: FollowUp) -> Stage:
    """To be looked into, being put right, answered; late ones say so."""
    late = is_late(row, localdate())
    if row.closed_on is not None:
        return Stage("逾期办结" if late else "已办结", "warn" if late else "ok")
    begun = "整改中" if row.called_on is not None else "待核实"
    return Stage(f"{begun}，已逾期", "bad") if late else Stage(begun, "brand")
