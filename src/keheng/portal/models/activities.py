"""Activities, their sessions, and who registered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.kernel.personal.sealed import SealedTextField
from keheng.portal.enums.activities import LIVE, ActivityKind, ActivityState, RegistrationState


class Activity(models.Model):
    """An activity for the public or for firms. Its dates are those of its sessions, kept here for lists."""

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=ActivityKind)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, default="", blank=True)
    body = models.TextField(default="", blank=True)
    # What is said in other languages: {"en": {"title": …, "summary": …}}.
    translations = models.JSONField(default=dict)
    organiser = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=ActivityState, default=ActivityState.PLANNED)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    # At most so many people of one unit in a session; NULL: no limit.
    per_unit = models.PositiveIntegerField(null=True)
    moderated = models.BooleanField(default=False)
    waiting_list = models.BooleanField(default=True)
    author = models.CharField(max_length=40)
    approver = models.CharField(max_length=40, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        """Nobody approves an activity of their own; lists go by date."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="portal_activity_window"),
            models.CheckConstraint(condition=Q(approver="") | ~Q(approver=F("author")), name="portal_activity_two_persons"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "begins_at"], name="portal_activity_state"),
            models.Index(fields=["begins_at", "id"], name="portal_activity_begins"),
            models.Index(fields=["title", "id"], name="portal_activity_title"),
            models.Index(fields=["kind", "id"], name="portal_activity_kind"),
        ]

    def __str__(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}"


class Session(models.Model):
    """One sitting of an activity. ``taken`` counts the places that are taken: the database lets it never pass ``capacity``."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="sessions")
    title = models.CharField(max_length=120, default="", blank=True)
    place = models.CharField(max_length=120, default="", blank=True)
    online_url = models.URLField(max_length=300, default="", blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        """Places are never taken twice."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="portal_session_places"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="portal_session_span"),
        ]
        indexes: ClassVar = [models.Index(fields=["begins_at"], name="portal_session_begins")]

    def __str__(self) -> str:
        """Activity and beginning."""
        return f"{self.activity_id}: {self.begins_at:%Y-%m-%d %H:%M}"

    @property
    def left(self) -> int:
        """Places that are free."""
        return self.capacity - self.taken


class Registration(models.Model):
    """One person's registration for one session; those that a unit makes together share ``batch``."""

    number = models.CharField(max_length=20, unique=True)
    session = models.ForeignKey(Session, models.PROTECT, related_name="registrations")
    name = models.CharField(max_length=60)
    phone = SealedTextField()
    phone_mark = models.CharField(max_length=32)
    # Whoever made it while signed in; empty for visitors.
    account = models.CharField(max_length=40, default="", blank=True)
    unit = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")
    unit_title = models.CharField(max_length=200, default="", blank=True)
    # By what firms are told apart: "u:12" for one of the directory, else "n:" and the plain name.
    firm = models.CharField(max_length=202, default="", blank=True)
    batch = models.CharField(max_length=20, default="", blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    state = models.CharField(max_length=10, choices=RegistrationState)
    made_at = models.DateTimeField()
    # Waiting people move up in this order.
    waiting_since = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)
    # The end of the session: personal data are kept for a while from then on.
    over_at = models.DateTimeField()
    anonymised = models.BooleanField(default=False)

    class Meta:
        """A person registers once for a session, unless they cancelled or were refused."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "phone_mark"], condition=Q(state__in=sorted(LIVE)), name="portal_registration_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["session", "state"], name="portal_registration_state"),
            models.Index(fields=["account"], name="portal_registration_account"),
            models.Index(fields=["batch"], name="portal_registration_batch"),
            models.Index(fields=["over_at"], name="portal_registration_over"),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number
