"""Exhibition halls: when they are open, who visits, who guides, how many came, what the daily inspection found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.kernel.personal.sealed import SealedTextField
from keheng.portal.enums.halls import HOLDING, GuideLanguage, VisitState


class Hall(models.Model):
    """An exhibition hall. Groups come one at a time, for a slot of so many minutes."""

    code = models.SlugField(max_length=30, unique=True)
    title = models.CharField(max_length=80)
    intro = models.TextField(default="", blank=True)
    place = models.CharField(max_length=150)
    translations = models.JSONField(default=dict)
    most_people = models.PositiveIntegerField()
    slot_minutes = models.PositiveIntegerField(default=60)
    active = models.BooleanField(default=True)

    class Meta:
        """A slot is at least a quarter of an hour."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(slot_minutes__gte=15, slot_minutes__lte=480), name="portal_hall_slot"),
        ]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class OpeningHours(models.Model):
    """When a hall is open on a day of the week (Monday is 0)."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField()

    class Meta:
        """One span a day."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "weekday"], name="portal_hours_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("begins"), weekday__lte=6), name="portal_hours_span"),
        ]

    def __str__(self) -> str:
        """Hall and day."""
        return f"{self.hall_id}: {self.weekday}"


class Closure(models.Model):
    """Days ``[since, until)`` on which a hall is shut, and why: what explains a shortfall afterwards."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="closures")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=40)

    class Meta:
        """It ends after it begins."""

        constraints: ClassVar = [models.CheckConstraint(condition=Q(until__gt=F("since")), name="portal_closure_span")]

    def __str__(self) -> str:
        """Hall and days."""
        return f"{self.hall_id}: {self.since}–{self.until}"


class Guide(models.Model):
    """Somebody who guides groups, and in which languages."""

    name = models.CharField(max_length=60)
    account = models.CharField(max_length=40, default="", blank=True)
    languages = models.JSONField(default=list)
    active = models.BooleanField(default=True)

    class Meta:
        """An account is one guide."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account"], condition=~Q(account=""), name="portal_guide_account")]

    def __str__(self) -> str:
        """The name."""
        return self.name


class Visit(models.Model):
    """A group's visit. Slots of a hall and visits of a guide never overlap: the database sees to it (migration no_overlap)."""

    number = models.CharField(max_length=20, unique=True)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="visits")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    language = models.CharField(max_length=10, choices=GuideLanguage)
    # How many were announced, and how many heads were counted.
    people = models.PositiveIntegerField()
    counted = models.PositiveIntegerField(null=True)
    unit_title = models.CharField(max_length=200)
    contact = models.CharField(max_length=60)
    phone = SealedTextField()
    phone_mark = models.CharField(max_length=32)
    account = models.CharField(max_length=40, default="", blank=True)
    # The language of messages to the contact.
    spoken = models.CharField(max_length=10, default="zh-hans")
    note = models.CharField(max_length=300, default="", blank=True)
    state = models.CharField(max_length=10, choices=VisitState, default=VisitState.REQUESTED)
    guide = models.ForeignKey(Guide, models.PROTECT, null=True, related_name="visits")
    decided_by = models.CharField(max_length=40, default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)
    made_at = models.DateTimeField()
    anonymised = models.BooleanField(default=False)

    class Meta:
        """A slot is one group's; nobody is received without a guide; heads are counted when the visit is done."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "begins_at"], condition=Q(state__in=sorted(HOLDING)), name="portal_visit_slot"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="portal_visit_span"),
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "receiving", "done"]) | Q(guide__isnull=False), name="portal_visit_guided"
            ),
            models.CheckConstraint(condition=~Q(state="done") | Q(counted__isnull=False), name="portal_visit_counted"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "begins_at"], name="portal_visit_state"),
            models.Index(fields=["begins_at", "id"], name="portal_visit_begins"),
            models.Index(fields=["hall", "begins_at", "id"], name="portal_visit_in_hall"),
            models.Index(fields=["unit_title", "id"], name="portal_visit_unit"),
            models.Index(fields=["hall", "ends_at"], name="portal_visit_ends"),
            models.Index(fields=["account"], name="portal_visit_account"),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number


class CounterReading(models.Model):
    """Heads of a day: counted at the door, and registered with the groups. They may differ; both are kept."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="readings")
    day = models.DateField()
    counted = models.PositiveIntegerField()
    registered = models.PositiveIntegerField()
    note = models.CharField(max_length=200, default="", blank=True)
    by = models.CharField(max_length=40)

    class Meta:
        """One a day."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["hall", "day"], name="portal_reading_once")]

    def __str__(self) -> str:
        """Hall, day and heads."""
        return f"{self.hall_id} {self.day}: {self.counted}"


class Inspection(models.Model):
    """The inspection of a day: every item of the checklist with what was found."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="inspections")
    day = models.DateField()
    items = models.JSONField()
    by = models.CharField(max_length=40)

    class Meta:
        """One a day."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["hall", "day"], name="portal_inspection_once")]

    def __str__(self) -> str:
        """Hall and day."""
        return f"{self.hall_id} {self.day}"


class Defect(models.Model):
    """Something that an inspection found wrong, until it is mended."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="defects")
    item = models.CharField(max_length=20)
    text = models.CharField(max_length=200)
    fixed_on = models.DateField(null=True)
    fixed_by = models.CharField(max_length=40, default="", blank=True)

    def __str__(self) -> str:
        """The item and what is wrong."""
        return f"{self.item}: {self.text}"


class AcceptanceCheck(models.Model):
    """Work on a hall that was accepted or not: 验收."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="acceptances")
    day = models.DateField()
    subject = models.CharField(max_length=120)
    passed = models.BooleanField()
    note = models.CharField(max_length=200, default="", blank=True)
    by = models.CharField(max_length=40)

    def __str__(self) -> str:
        """Subject and outcome."""
        return f"{self.subject}: {self.passed}"
