"""What outreach hangs into the kernel: whose numbers may be revealed, what a person can see and have erased, how long it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import QuerySet

from keheng.kernel.desk.calendar import Item, register_calendar
from keheng.kernel.desk.kinds import MessageKind, Way, register_kind
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
from keheng.portal.actions.notices import KIND, VISIT_KIND
from keheng.portal.actions.people import destroy_keys, keys_kept
from keheng.portal.actions.surveys import KIND as SURVEY_KIND
from keheng.portal.enums.activities import RegistrationState
from keheng.portal.models import AskedCaller, Registration, Visit
from keheng.portal.queries.addresses import address, manage_address
from keheng.portal.queries.halls import day_sheet_between
from keheng.portal.queries.media import holds_copy
from keheng.portal.queries.open_now import register_open_now
from keheng.portal.queries.own_open import halls_with_room, open_activities, open_surveys
from keheng.portal.queries.public_places import own_places, register_places
from keheng.portal.queries.tickets import link_of
from keheng.portal.rules.occasions import outside_occasions, register_occasion

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


def _calendar(actor: Principal, begin: datetime, end: datetime) -> Iterator[Item]:
    """What one registered for, and the groups one guides."""
    states = [RegistrationState.CONFIRMED, RegistrationState.ATTENDED]
    own = Registration.objects.filter(account=actor.account, state__in=states, session__begins_at__lt=end, session__ends_at__gte=begin)
    shown = own.select_related("session__activity").only("session__begins_at", "session__ends_at", "session__activity__title")
    for one in shown if actor.account else ():
        session = one.session
        yield Item(
            session.begins_at, session.ends_at, session.activity.title, address("registration", link_of(one.pk)), f"registration-{one.pk}"
        )
    for visit in day_sheet_between(actor.account, begin, end):
        yield Item(visit.begins_at, visit.ends_at, f"接待：{visit.unit_title}", manage_address("guide-day"), f"visit-{visit.pk}")


register_calendar(_calendar)
for _source in (open_activities, open_surveys, halls_with_room):
    register_open_now(_source)
register_places(own_places)
register_kind(MessageKind(KIND, "活动报名", frozenset({Way.EMAIL})))
register_kind(MessageKind(VISIT_KIND, "展厅参观", frozenset({Way.EMAIL})))
register_kind(MessageKind(SURVEY_KIND, "调查邀请"))
register_file_holder(FileHolder("portal.media", _may_read_copy))
register_subject("portal.Registration", _registrations)
register_subject("portal.Visit", _visits)
register_holder(Holder("portal.outreach", "活动报名和参观预约", _export, _erase))
bind_retention(Binding(
    "event_registration", "portal.Registration", registrations_kept, "over_at", dispose=forget_registrations, person_keys=keys_of,
))  # fmt: skip
bind_retention(Binding("survey_caller", "portal.AskedCaller", AskedCaller.objects.all, "asked_at"))
for _occasion in outside_occasions():
    register_occasion(_occasion)
bind_retention(Binding("event_year_key", "portal.YearKey", keys_kept, "over_at", dispose=destroy_keys))
bind_retention(Binding("hall_visit", "portal.Visit", visits_kept, "ends_at", dispose=forget_visits, person_keys=keys_of))
