"""Targets: versions of the goal with their indicator rows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.performance.enums import Direction, EvidenceKind, GoalState, TargetKind
from keheng.performance.models.projects import Project


class GoalVersion(models.Model):
    """The goal in words with its indicators. One version is worked on at most, one is in force at most. ``version`` counts changes.

    ``returned`` is why it was sent back last.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="goals")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=GoalState, default=GoalState.DRAFT)
    goal = models.TextField(default="", blank=True)
    document = models.CharField(max_length=100, default="", blank=True)
    maker = models.CharField(max_length=40)
    submitted_at = models.DateTimeField(null=True)
    approver = models.CharField(max_length=40, default="", blank=True)
    approved_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, default="", blank=True)
    returned = models.CharField(max_length=300, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Approved by others than their makers; the database keeps one in force and one in work."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="performance_goals_number"),
            models.UniqueConstraint(fields=["project"], condition=Q(state=GoalState.APPROVED), name="performance_goals_in_force"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state__in=[GoalState.DRAFT, GoalState.SUBMITTED]), name="performance_goals_in_work"
            ),
            models.CheckConstraint(condition=Q(approver="") | ~Q(approver=F("maker")), name="performance_goals_two_people"),
        ]

    def __str__(self) -> str:
        """Project and number."""
        return f"{self.project_id} v{self.number}"


class Indicator(models.Model):
    """One row of the targets.

    ``value`` (and ``high`` of a range) is in ``unit`` as printed, with its multiplier (1000 万次). Words, days and yes or no stand in
    ``words``. ``measure`` with its ``scope`` proves it by records; ``measure_version`` is that of its definition when it was bound.
    """

    goals = models.ForeignKey(GoalVersion, models.CASCADE, related_name="indicators")
    place = models.PositiveIntegerField()
    key = models.CharField(max_length=40, default="", blank=True)
    level1 = models.CharField(max_length=20)
    level2 = models.CharField(max_length=20, default="", blank=True)
    title = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, choices=TargetKind)
    op = models.CharField(max_length=2, default="", blank=True)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    unit = models.CharField(max_length=20, default="", blank=True)
    words = models.CharField(max_length=300, default="", blank=True)
    direction = models.CharField(max_length=6, choices=Direction)
    weight = models.DecimalField(max_digits=6, decimal_places=2)
    evidence = models.CharField(max_length=8, choices=EvidenceKind)
    measure = models.CharField(max_length=80, default="", blank=True)
    measure_version = models.PositiveIntegerField(null=True)
    scope = models.JSONField(default=dict, blank=True)
    rule = models.CharField(max_length=500, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Rows have their places; a bound measure says its version; weights are above nothing."""

        ordering: ClassVar = ["goals", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goals", "place"], name="performance_indicator_place"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="performance_indicator_weight"),
            models.CheckConstraint(
                condition=Q(measure="", measure_version=None) | (~Q(measure="") & Q(measure_version__gte=1)),
                name="performance_indicator_measure",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[TargetKind.NUMBER, TargetKind.RANGE], value__isnull=False)
                | (~Q(kind__in=[TargetKind.NUMBER, TargetKind.RANGE]) & Q(value=None, high=None)),
                name="performance_indicator_value",
            ),
        ]

    def __str__(self) -> str:
        """Its title."""
        return self.title
