"""What review hangs into the kernel: its messages, to whom files open, whose numbers may be revealed, how long objections are kept."""

from __future__ import annotations

from django.db.models import QuerySet

from keheng.kernel.desk.kinds import MessageKind, Way, register_kind
from keheng.kernel.objections.forgetting import forget_objections
from keheng.kernel.objections.stated import ObjectionState
from keheng.kernel.personal.retention import Binding, bind_retention
from keheng.kernel.personal.reveal import register_subject
from keheng.kernel.powers import Principal
from keheng.kernel.uploads.places import Holder, register_holder
from keheng.matters.service import register_aside
from keheng.review.actions.rounds import KIND
from keheng.review.models import Objection, Round
from keheng.review.queries.evidence import opens_to_judge, opens_to_office
from keheng.review.queries.hits_shown import beside_case as texts_beside_case
from keheng.review.queries.market_shown import beside_case
from keheng.review.rules.rounds import rounds_within


def _objections(actor: Principal) -> QuerySet[Objection]:
    """Whose number may be revealed: of objections to the rounds the actor sees; the power to reveal is asked for besides."""
    return Objection.objects.filter(entry__round__in=Round.objects.filter(rounds_within(actor)))


def _old() -> QuerySet[Objection]:
    return Objection.objects.filter(erased_at__isnull=True).exclude(state=ObjectionState.OPEN)


register_aside("review.market", beside_case)
register_aside("review.texts", texts_beside_case)
register_holder(Holder("review.seat", opens_to_judge, sensitive=True))
register_holder(Holder("review.round", opens_to_office, sensitive=True))
register_kind(MessageKind(KIND, "评审任务", frozenset({Way.EMAIL})))
register_subject("review.Objection", _objections)
bind_retention(Binding("review_objection", "review.Objection", _old, "decided_at", forget_objections))
