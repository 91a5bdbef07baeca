"""Clocks of cases with their suspensions; when one is due is derived, never kept here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.matters.models.cases import Case


class Clock(models.Model):
    """A time limit of a case: the day it started (which does not count), days added by an extension, the day it ended.

    When it ends it is written down what it came to: days used, promised and allowed by law, the last two with the extension. So a
    year's promises are added up by the database, and a notice of holidays that comes later judges nobody anew.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks")
    code = models.CharField(max_length=40)
    started = models.DateField()
    added = models.PositiveIntegerField(default=0)
    ended = models.DateField(null=True)
    used = models.PositiveIntegerField(null=True)
    promise = models.PositiveIntegerField(null=True)
    law = models.PositiveIntegerField(null=True)

    class Meta:
        """One of each kind a case; what it came to is known when it has ended, and only then."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "code"], name="matters_clock_once"),
            models.CheckConstraint(condition=Q(ended=None) | Q(ended__gte=F("started")), name="matters_clock_span"),
            models.CheckConstraint(
                condition=Q(ended=None, used=None, promise=None, law=None)
                | Q(ended__isnull=False, used__isnull=False, promise__isnull=False, law__isnull=False),
                name="matters_clock_came_to",
            ),
        ]

    def __str__(self) -> str:
        """Case and kind."""
        return f"{self.case_id}: {self.code}"


class Suspension(models.Model):
    """A clock stood still in a state from the end of one day to the end of another; ``until`` empty: it still does."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="stops")
    state = models.CharField(max_length=40, default="", blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        """Time goes forward, and a clock stands still once at a time."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="matters_suspension_span"),
            models.UniqueConstraint(fields=["clock"], condition=Q(until=None), name="matters_suspension_open"),
        ]

    def __str__(self) -> str:
        """Clock and days."""
        return f"{self.clock_id}: {self.since}–{self.until}"


class Reminder(models.Model):
    """Somebody was reminded of a clock at a rung (percent of the promise): once for each."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="reminders")
    rung = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        """Once a rung."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["clock", "rung"], name="matters_reminder_once")]

    def __str__(self) -> str:
        """Clock and rung."""
        return f"{self.clock_id}: {self.rung}%"
