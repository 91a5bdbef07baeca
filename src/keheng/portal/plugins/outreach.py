"""What outreach hangs into the kernel: whose numbers may be revealed, what a person can see and have erased, how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from keheng.kernel.personal.holders import Erased, Holder, Kept, register_holder
from keheng.kernel.personal.retention import Binding, bind_retention
from keheng.kernel.personal.reveal import register_subject
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import Actor
from keheng.kernel.uploads.places import Holder as FileHolder
from keheng.kernel.uploads.places import register_holder as register_file_holder
from keheng.portal.actions.forgetting import (
    erasable,
    erasable_visits,
    forget_registrations,
    forget_visits,
    keys_of,
    own_registrations,
    own_visits,
    registrations_kept,
    visits_kept,
)
from keheng.portal.models import Registration, Visit
from keheng.portal.queries.media import holds_copy

_COMING = "报名的活动或预约的参观还没有结束，取消后即可清除"


def _registrations(actor: Principal) -> QuerySet[Registration]:
    return Registration.objects.filter(actor.within("portal.registration.see"))


def _visits(actor: Principal) -> QuerySet[Visit]:
    return Visit.objects.filter(actor.within("portal.hall.see"))


def _account(person_key: str) -> str:
    kind, _, number = person_key.partition(":")
    return number if kind == "account" else ""


def _export(person_key: str) -> list[Mapping[str, object]]:
    account = _account(person_key)
    return [*own_registrations(account), *own_visits(account)] if account else []


def _erase(person_key: str, _actor: Actor) -> Erased:
    account = _account(person_key)
    if not account:
        return Erased(0)
    rows, kept = erasable(account)
    visits, booked = erasable_visits(account)
    stays = kept + booked
    return Erased(forget_registrations(rows) + forget_visits(visits), (Kept(stays, _COMING),) if stays else ())


def _may_read_copy(actor: Principal, digest: str) -> bool:
    return actor.may("portal.media.see") and holds_copy(digest)


register_file_holder(FileHolder("portal.media", _may_read_copy))
register_subject("portal.Registration", _registrations)
register_subject("portal.Visit", _visits)
register_holder(Holder("portal.outreach", "活动报名和参观预约", _export, _erase))
bind_retention(Binding(
    "event_registration", "portal.Registration", registrations_kept, "over_at", dispose=forget_registrations, person_keys=keys_of,
))  # fmt: skip
bind_retention(Binding("hall_visit", "portal.Visit", visits_kept, "ends_at", dispose=forget_visits, person_keys=keys_of))
