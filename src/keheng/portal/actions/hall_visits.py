"""Groups ask for a visit; it is looked at, given a guide, received and counted, or it does not take place."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.numbers import draw, written
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.portal.actions.notices import announce_visit
from keheng.portal.enums.halls import VisitState
from keheng.portal.models import Guide, Hall, Visit
from keheng.portal.queries.addresses import manage_address
from keheng.portal.queries.halls import known_of
from keheng.portal.rules.activities import reason_problems
from keheng.portal.rules.halls import (
    VisitFacts,
    cancelling_problems,
    counted_problems,
    guide_problems,
    move_problems,
    request_problems,
)
from keheng.portal.rules.slots import slots_of

DECIDE = "portal.visit.decide"
V = VisitState


@act("visit.request", Refused)
def request_visit(*, actor: Actor, hall: int, begins_at: datetime, facts: VisitFacts, spoken: str = "zh-hans") -> Visit:
    """Ask for a slot, which is held from now on. Raises Refused with everything wrong, the slot taken included."""
    place = Hall.objects.select_for_update().filter(pk=hall, active=True).first()
    if place is None:
        raise Refused(problem("VISIT_HALL"))
    found = request_problems(place, facts)
    ends_at, wrong = _slot(place, begins_at, facts.language)
    if found := [*found, *wrong]:
        raise Refused(found)
    year = localdate().year
    row = Visit(
        number=written("CG", year, draw("CG", year)), hall=place, begins_at=begins_at, ends_at=ends_at, language=facts.language,
        people=facts.people, unit_title=facts.unit_title.strip()[:200], contact=facts.contact.name, phone=facts.contact.phone,
        phone_mark=facts.contact.mark, account=actor.account, spoken=spoken, note=facts.note.strip()[:300], made_at=now(),
    )  # fmt: skip
    _save(row, problem("VISIT_TAKEN", "slot"))
    announce_visit(row, "requested")
    open_task(
        f"visit:{row.pk}", kind="portal.visit", title=f"审核参观：{row.unit_title}", url=manage_address("reception", row.pk),
        permission=DECIDE,
        due_at=begins_at,
    )  # fmt: skip
    record("visit.request", actor=actor, target=f"visit:{row.pk}", after=digest_of({"number": row.number}))
    return row


@act("visit.approve", Refused)
def approve_visit(*, actor: Actor, visit: int) -> Visit:
    """Agree to a visit; a guide is named next."""
    return _moved(actor, visit, V.APPROVED, "visit.approve")


@act("visit.refuse", Refused)
def refuse_visit(*, actor: Actor, visit: int, reason: str) -> Visit:
    """Say no, and why; the slot is free again."""
    return _moved(actor, visit, V.REFUSED, "visit.refuse", reason=reason, wrong=reason_problems(reason))


@act("visit.schedule", Refused)
def schedule_visit(*, actor: Actor, visit: int, guide: int) -> Visit:
    """Give the visit a guide, or another one. Nobody is with two groups at a time: the database forbids it too."""
    row = _locked(visit)
    somebody = Guide.objects.select_for_update().filter(pk=guide).first()
    if found := [*move_problems(row, V.SCHEDULED), *guide_problems(row, somebody)]:
        raise Refused(found)
    row.state, row.guide, row.decided_by = V.SCHEDULED, somebody, actor.account
    _save(row, problem("VISIT_GUIDE_BUSY", "guide"))
    announce_visit(row, "scheduled")
    close_task(f"visit:{row.pk}")
    record("visit.schedule", actor=actor, target=f"visit:{row.pk}", after=digest_of({"guide": guide}))
    return row


@act("visit.start", Refused)
def start_visit(*, actor: Actor, visit: int) -> Visit:
    """The group is here."""
    return _moved(actor, visit, V.RECEIVING, "visit.start")


@act("visit.finish", Refused)
def finish_visit(*, actor: Actor, visit: int, counted: int) -> Visit:
    """The group has left; so many heads were counted, beside those announced."""
    row = _locked(visit)
    if found := [*move_problems(row, V.DONE), *counted_problems(counted)]:
        raise Refused(found)
    row.state, row.counted = V.DONE, counted
    row.save(update_fields=["state", "counted"])
    record("visit.finish", actor=actor, target=f"visit:{row.pk}", after=digest_of({"counted": counted}))
    return row


@act("visit.no_show", Refused)
def miss_visit(*, actor: Actor, visit: int) -> Visit:
    """The group did not come."""
    row = Visit.objects.filter(pk=visit).first()
    early = [problem("VISIT_EARLY")] if row is not None and row.begins_at > now() else []
    return _moved(actor, visit, V.NO_SHOW, "visit.no_show", wrong=early)


@act("visit.cancel", Refused)
def cancel_visit(*, actor: Actor, visit: int, reason: str = "") -> Visit:
    """Give a visit up, by the group or by the hall; the slot is free again."""
    row = _locked(visit)
    return _moved(actor, row.pk, V.CANCELLED, "visit.cancel", reason=reason, wrong=cancelling_problems(row))


def _slot(place: Hall, begins_at: datetime, language: str) -> tuple[datetime, list[Problem]]:
    """When the slot ends, and why it cannot be had."""
    day = localdate(begins_at)
    known = known_of(place, day, day + timedelta(days=1))
    slot = next((one for one in slots_of(known, day, language) if one.begins_at == begins_at), None)
    if slot is None:
        return begins_at, [problem("VISIT_SLOT", "slot")]
    wrong = {
        "": [], "past": [problem("VISIT_PAST", "slot")], "taken": [problem("VISIT_TAKEN", "slot")],
        "guides": [problem("VISIT_NO_GUIDE", "slot")],
    }  # fmt: skip
    return slot.ends_at, wrong[slot.why]


def _save(row: Visit, forbidden: Problem) -> None:
    """What the database forbids is told as what it is."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(forbidden) from None


def _locked(visit: int) -> Visit:
    row = Visit.objects.select_for_update().filter(pk=visit).first()
    if row is None:
        raise Refused(problem("REG_UNKNOWN"))
    return Visit.objects.select_related("hall").get(pk=visit)


def _moved(actor: Actor, visit: int, to: VisitState, name: str, *, reason: str = "", wrong: list[Problem] | None = None) -> Visit:
    row = _locked(visit)
    if found := [*move_problems(row, to), *(wrong or [])]:
        raise Refused(found)
    row.state, row.reason, row.decided_by = to, reason.strip()[:200], actor.account
    row.save(update_fields=["state", "reason", "decided_by"])
    if to in {V.APPROVED, V.REFUSED, V.CANCELLED}:
        announce_visit(row, str(to))
    if to in {V.REFUSED, V.CANCELLED}:
        close_task(f"visit:{row.pk}")
    record(name, actor=actor, target=f"visit:{row.pk}", after=digest_of({"state": str(to)}), reason=row.reason)
    return row
