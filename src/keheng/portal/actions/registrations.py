"""People register, are let in or refused, and cancel."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from keheng.kernel.desk.tasks import close_task
from keheng.kernel.errors import Refused, problem
from keheng.kernel.numbers import draw, written
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.portal.actions.notices import announce
from keheng.portal.actions.places import ask_for_decisions, decisions_key, give_back, locked, move_up, somebody_waits, take_place
from keheng.portal.enums.activities import RegistrationState
from keheng.portal.models import Registration, Session
from keheng.portal.rules.registrations import Attendee, cancel_problems, decision_problems, firm_key, registration_problems

R = RegistrationState


@act("registration.make", Refused)
def register_people(
    *, actor: Actor, session: int, people: Sequence[Attendee], unit: int | None = None, unit_title: str = "", language: str = "zh-hans"
) -> list[Registration]:
    """Register people for a session, all or none of them; those for whom there is no place wait, where the activity lets people wait.

    Raises Refused with everything wrong. Capacity is guarded by a conditional update under the row's lock and a check constraint.
    """
    try:
        sitting = locked(session)
    except Session.DoesNotExist:
        raise Refused(problem("REG_NO_SESSION")) from None
    firm = firm_key(unit, unit_title)
    if found := registration_problems(sitting, people, firm, now()):
        raise Refused(found)
    year, batch = localdate().year, ""
    if len(people) > 1:
        batch = written("BT", year, draw("BT", year))
    made = []
    for one in people:
        state, waiting = _place_of(sitting)
        row = Registration(
            number=written("BM", year, draw("BM", year), 6), session=sitting, name=one.name, phone=one.phone, phone_mark=one.mark,
            account=actor.account, unit_id=unit, unit_title=unit_title.strip()[:200], firm=firm, batch=batch, language=language,
            state=state, made_at=now(), waiting_since=now() if waiting else None, over_at=sitting.ends_at,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise Refused(problem("REG_TWICE", "phone")) from None
        announce(row, {R.CONFIRMED: "confirmed", R.PENDING: "pending"}.get(state, "waiting"))
        made.append(row)
    if any(row.state == R.PENDING for row in made):
        ask_for_decisions(sitting)
    record("registration.make", actor=actor, target=f"session:{session}", after=digest_of({"made": [row.number for row in made]}))
    return made


def _place_of(sitting: Session) -> tuple[RegistrationState, bool]:
    """The state of a new registration: with a place, or waiting behind those who wait already."""
    if somebody_waits(sitting.pk) or not take_place(sitting.pk):
        return R.WAITING, True
    return (R.PENDING if sitting.activity.moderated else R.CONFIRMED), False


@act("registration.decide", Refused)
def decide_registration(*, actor: Actor, registration: int, agreed: bool, reason: str = "") -> Registration:
    """Let somebody in or refuse them, where registrations are looked at first; a refused one's place goes to whoever waits."""
    row = _locked(registration)
    if found := decision_problems(row, agreed=agreed, reason=reason):
        raise Refused(found)
    row.state, row.decided_by, row.reason = (R.CONFIRMED if agreed else R.REFUSED), actor.account, reason.strip()[:200]
    row.save(update_fields=["state", "decided_by", "reason"])
    announce(row, "confirmed" if agreed else "refused")
    if not agreed:
        give_back(row.session_id)
        move_up(row.session_id)
    if not Registration.objects.filter(session=row.session_id, state=R.PENDING).exists():
        close_task(decisions_key(row.session_id))
    record("registration.decide", actor=actor, target=f"registration:{row.pk}", after=digest_of({"state": row.state}), reason=row.reason)
    return row


@act("registration.cancel", Refused)
def cancel_registration(*, actor: Actor, registration: int) -> list[Registration]:
    """Give a registration up; its place goes in the same transaction to whoever waits the longest. Who moved up."""
    row = _locked(registration)
    if found := cancel_problems(row, now()):
        raise Refused(found)
    seated = row.state != R.WAITING
    row.state = R.CANCELLED
    row.save(update_fields=["state"])
    announce(row, "cancelled")
    moved: list[Registration] = []
    if seated:
        give_back(row.session_id)
        moved = move_up(row.session_id)
    record("registration.cancel", actor=actor, target=f"registration:{row.pk}", after=digest_of({"up": [one.pk for one in moved]}))
    return moved


def _locked(registration: int) -> Registration:
    """The registration under its session's lock, read after the lock is held."""
    session = Registration.objects.filter(pk=registration).values_list("session", flat=True).first()
    if session is None:
        raise Refused(problem("REG_UNKNOWN"))
    locked(session)
    return Registration.objects.select_related("session__activity").get(pk=registration)
