"""Scans come in, one by one or as a list from a device that had no connection; each person attends a session once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from keheng.kernel.errors import Refused, problem
from keheng.kernel.trail.record import Actor, act, digest_of, mark, record
from keheng.portal.actions.people import person_mark
from keheng.portal.actions.places import locked
from keheng.portal.enums.activities import AttendedBy, RegistrationState, ScanOutcome
from keheng.portal.models import Attendance, Registration, Scan, Session
from keheng.portal.queries.tickets import registration_on
from keheng.portal.rules.checkin import judge
from keheng.portal.rules.registrations import Attendee, firm_key, person_problems

R = RegistrationState


@dataclass(frozen=True, slots=True)
class Seen:
    """What a device saw: the code as it was read (a ticket, or a registration's number), where, by whose clock when."""

    code: str
    scanned_at: datetime
    gate: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the clerk is told; ``first`` is the attendance that stands, with its time and gate."""

    outcome: ScanOutcome
    registration: Registration | None
    first: Attendance | None


@dataclass(frozen=True, slots=True)
class Merged:
    """What a list of scans brought: so many new, known already, of which outcome."""

    new: int
    known: int
    outcomes: dict[str, int]


@act("attendance.scan", Refused)
def scan_ticket(*, actor: Actor, session: int, seen: Seen, how: AttendedBy = AttendedBy.TICKET) -> Answer:
    """Judge one scan; an accepted one makes the attendance, a second one shows the first. Raises Refused for an unknown session."""
    sitting = _sitting(session)
    answer, _ = _scan(actor, sitting, seen, how)
    record("attendance.scan", actor=actor, target=f"session:{session}", reason=answer.outcome)
    return answer


@act("attendance.merge", Refused)
def merge_scans(*, actor: Actor, session: int, seen: Sequence[Seen]) -> Merged:
    """Take over what devices scanned without a connection. The union is idempotent: a list sent again changes nothing."""
    sitting, known = _sitting(session), 0
    outcomes: dict[str, int] = {}
    for one in sorted(seen, key=lambda one: (one.scanned_at, one.gate, one.code)):
        answer, new = _scan(actor, sitting, one, AttendedBy.TICKET)
        if new:
            outcomes[answer.outcome] = outcomes.get(answer.outcome, 0) + 1
        known += not new
    merged = Merged(sum(outcomes.values()), known, outcomes)
    record("attendance.merge", actor=actor, target=f"session:{session}", after=digest_of({"new": merged.new, "known": known}))
    return merged


@act("attendance.walk_in", Refused)
def walk_in(*, actor: Actor, session: int, who: Attendee, unit_title: str = "", gate: str = "") -> Attendance:
    """Somebody without a registration came in; they are outside the attendance rate. No name or number is kept, only the year's mark."""
    sitting = _sitting(session)
    if found := person_problems(who):
        raise Refused(found)
    if Registration.objects.filter(session=sitting, phone_mark=who.mark, state__in=[R.CONFIRMED, R.NO_SHOW]).exists():
        raise Refused(problem("CHK_REGISTERED"))
    made = _attend(sitting, None, who.mark, firm_key(None, unit_title), AttendedBy.WALK_IN, now(), gate, actor)
    if made is None:
        raise Refused(problem("CHK_CAME"))
    record("attendance.walk_in", actor=actor, target=f"session:{session}", after=digest_of({"attendance": made.pk}))
    return made


def _sitting(session: int) -> Session:
    """Locked: two gates that see one person at once are told one after the other."""
    try:
        return locked(session)
    except Session.DoesNotExist:
        raise Refused(problem("REG_NO_SESSION")) from None


def _scan(actor: Actor, sitting: Session, seen: Seen, how: AttendedBy) -> tuple[Answer, bool]:
    """The answer to one scan, and whether it is new."""
    key = _key(sitting.pk, seen)
    registration = _registration(seen.code)
    earlier = Scan.objects.filter(key=key).first()
    if earlier is not None:
        return Answer(ScanOutcome(earlier.outcome), registration, _attendance(registration)), False
    received = now()
    outcome, first = judge(sitting, registration, seen.scanned_at, received), _attendance(registration)
    if outcome is ScanOutcome.ACCEPTED and registration is not None:
        if first is None:
            first = _attend(
                sitting, registration, registration.phone_mark, registration.firm, how, seen.scanned_at, seen.gate, actor
            )  # fmt: skip
            if first is None:
                first = _joined(sitting, registration)
            Registration.objects.filter(pk=registration.pk, state__in=[R.CONFIRMED, R.NO_SHOW]).update(state=R.ATTENDED)
        else:
            outcome = ScanOutcome.DOUBLED
            first = _earliest(first, seen)
    Scan.objects.create(
        session=sitting, registration=registration, gate=seen.gate[:40], device=seen.device[:40], scanned_at=seen.scanned_at,
        received_at=received, outcome=outcome, key=key,
    )  # fmt: skip
    return Answer(outcome, registration, first), True


def _joined(sitting: Session, registration: Registration) -> Attendance:
    """Whoever was let in without a ticket and shows it later came once: the two become one."""
    row = Attendance.objects.get(session=sitting, person=person_mark(sitting, registration.phone_mark))
    row.registration, row.firm = registration, registration.firm or row.firm
    row.save(update_fields=["registration", "firm"])
    return row


def _earliest(first: Attendance, seen: Seen) -> Attendance:
    """Lists of several gates come in any order: the earliest scan tells when somebody came."""
    if seen.scanned_at < first.at:
        first.at, first.gate = seen.scanned_at, seen.gate[:40]
        first.save(update_fields=["at", "gate"])
    return first


def _attend(
    sitting: Session, registration: Registration | None, mark: str, firm: str, how: AttendedBy, at: datetime, gate: str, actor: Actor
) -> Attendance | None:
    """The attendance of the person with this mark; None when they are there already under another registration."""
    row = Attendance(
        session=sitting, registration=registration, person=person_mark(sitting, mark), firm=firm, how=how, at=at, gate=gate[:40],
        by=actor.account,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return None
    return row


def attend_online(*, actor: Actor, registration: Registration, at: datetime) -> bool:
    """Somebody was in the online room long enough; whether that is new. Called within the import's transaction."""
    if _attendance(registration) is not None:
        return False
    made = _attend(
        registration.session, registration, registration.phone_mark, registration.firm, AttendedBy.ONLINE, at, "", actor
    )  # fmt: skip
    Registration.objects.filter(pk=registration.pk, state__in=[R.CONFIRMED, R.NO_SHOW]).update(state=R.ATTENDED)
    return made is not None


def _registration(code: str) -> Registration | None:
    found = Registration.objects.select_related("session__activity")
    number = registration_on(code)
    return found.filter(pk=number).first() if number is not None else found.filter(number=code.strip().upper()).first()


def _attendance(registration: Registration | None) -> Attendance | None:
    return None if registration is None else Attendance.objects.filter(registration=registration).first()


def _key(session: int, seen: Seen) -> str:
    text = "\x1f".join([str(session), mark(seen.code.strip()), seen.scanned_at.isoformat(), seen.gate, seen.device])
    return hashlib.new("sm3", text.encode()).hexdigest()[:32]
