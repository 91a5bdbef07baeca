"""What outreach hangs into the kernel: whose numbers may be revealed, what a person can see and have erased, how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from keheng.kernel.personal.holders import Erased, Holder, Kept, register_holder
from keheng.kernel.personal.retention import Binding, bind_retention
from keheng.kernel.personal.reveal import register_subject
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import Actor
from keheng.portal.actions.forgetting import erasable, forget_registrations, keys_of, own_registrations, registrations_kept
from keheng.portal.models import Registration

_COMING = "报名的活动还没有结束，取消报名后即可清除"


def _registrations(actor: Principal) -> QuerySet[Registration]:
    return Registration.objects.filter(actor.within("portal.registration.see"))


def _account(person_key: str) -> str:
    kind, _, number = person_key.partition(":")
    return number if kind == "account" else ""


def _export(person_key: str) -> list[Mapping[str, object]]:
    account = _account(person_key)
    return own_registrations(account) if account else []


def _erase(person_key: str, _actor: Actor) -> Erased:
    account = _account(person_key)
    if not account:
        return Erased(0)
    rows, kept = erasable(account)
    return Erased(forget_registrations(rows), (Kept(kept, _COMING),) if kept else ())


register_subject("portal.Registration", _registrations)
register_holder(Holder("portal.outreach", "活动报名和参观预约", _export, _erase))
bind_retention(Binding(
    "event_registration", "portal.Registration", registrations_kept, "over_at", dispose=forget_registrations, person_keys=keys_of,
))  # fmt: skip
