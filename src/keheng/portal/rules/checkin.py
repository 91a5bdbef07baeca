"""What a scan is worth: judged from what is known, without touching anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from keheng.portal.enums.activities import RegistrationState, ScanOutcome
from keheng.portal.enums.outreach import parameter
from keheng.portal.models import Registration, Session

R = RegistrationState


def judge(session: Session, registration: Registration | None, scanned_at: datetime, received_at: datetime) -> ScanOutcome:
    """What comes of a ticket seen at a session, before one asks whether it was seen earlier.

    A clock that runs ahead of ours, or that puts the scan outside the session's time, is told as such: the scan counts for nothing
    until its time is put right, so that nobody is marked as having come on another day.
    """
    if registration is None or registration.anonymised:
        return ScanOutcome.UNKNOWN
    if registration.session_id != session.pk:
        return ScanOutcome.OTHER_SESSION
    if registration.state in {R.CANCELLED, R.REFUSED}:
        return ScanOutcome.CANCELLED
    if registration.state in {R.WAITING, R.PENDING}:
        return ScanOutcome.NOT_CONFIRMED
    ahead = received_at + timedelta(minutes=parameter("clock_minutes"))
    opens = session.begins_at - timedelta(minutes=parameter("early_minutes"))
    shuts = session.ends_at + timedelta(minutes=parameter("late_minutes"))
    return ScanOutcome.ACCEPTED if opens <= scanned_at < shuts and scanned_at <= ahead else ScanOutcome.CLOCK


def online_minutes(spans: list[tuple[datetime, datetime]]) -> float:
    """Minutes in the room, overlapping spans counted once."""
    total, reached = timedelta(), None
    for joined, left in sorted(spans):
        begin = joined if reached is None or joined > reached else reached
        if left > begin:
            total += left - begin
            reached = left
    return total / timedelta(minutes=1)
