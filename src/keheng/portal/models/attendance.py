"""Who came: scans as the gates saw them, spans online, and one attendance for each person and session."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.kernel.personal.sealed import SealedTextField
from keheng.portal.enums.activities import AttendedBy, ScanOutcome
from keheng.portal.models.activities import Registration, Session


class Scan(models.Model):
    """A ticket seen at a gate, whatever came of it. ``key`` names it, so that a list sent twice counts once."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="scans")
    registration = models.ForeignKey(Registration, models.PROTECT, null=True, related_name="scans")
    gate = models.CharField(max_length=40, default="", blank=True)
    device = models.CharField(max_length=40)
    # By the clock of the device, and by ours.
    scanned_at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=14, choices=ScanOutcome)
    key = models.CharField(max_length=32, unique=True)

    class Meta:
        """In the order of a session."""

        indexes: ClassVar = [models.Index(fields=["session", "scanned_at"], name="portal_scan_session")]

    def __str__(self) -> str:
        """Session, gate and outcome."""
        return f"{self.session_id} {self.gate}: {self.outcome}"


class YearKey(models.Model):
    """The key of a calendar year, by which those who came in it are told apart. Once it is destroyed nobody can be found by it any more.

    A row stays when its key is gone, so that the year never gets another one.
    """

    year = models.PositiveSmallIntegerField(unique=True)
    key = SealedTextField()
    # The end of the year: from then on the days of its retention count.
    over_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """The year."""
        return str(self.year)


class Attendance(models.Model):
    """One person came to one session. ``person`` is a mark under the key of the session's year: people are counted, not known."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    registration = models.OneToOneField(Registration, models.PROTECT, null=True, related_name="attendance")
    person = models.CharField(max_length=40)
    firm = models.CharField(max_length=202, default="", blank=True)
    how = models.CharField(max_length=8, choices=AttendedBy)
    at = models.DateTimeField()
    gate = models.CharField(max_length=40, default="", blank=True)
    by = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        """Exactly one for each person and session."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["session", "person"], name="portal_attendance_once")]
        indexes: ClassVar = [models.Index(fields=["at"], name="portal_attendance_at")]

    def __str__(self) -> str:
        """Session and how."""
        return f"{self.session_id}: {self.how}"


class OnlineSpan(models.Model):
    """Somebody was in the online room for a time, as the room's provider told it."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="spans")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="spans")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField()

    class Meta:
        """A file imported twice counts once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "registration", "joined_at"], name="portal_span_once"),
            models.CheckConstraint(condition=Q(left_at__gt=F("joined_at")), name="portal_span_order"),
        ]

    def __str__(self) -> str:
        """Session and beginning."""
        return f"{self.session_id}: {self.joined_at:%H:%M}"
