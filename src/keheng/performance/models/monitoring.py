"""Monitoring: at a date every bound measure is read, forecast and given a lamp; deviations are explained and followed up."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keheng.performance.enums import Lamp
from keheng.performance.models.projects import Project
from keheng.performance.models.readings import FrozenReading
from keheng.performance.models.targets import Indicator


class MonitorPoint(models.Model):
    """A date of monitoring: figures of the year up to ``on`` (that day included)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="points")
    stage = models.CharField(max_length=40)
    on = models.DateField()
    taken_at = models.DateTimeField(null=True)
    executed_fen = models.BigIntegerField(null=True)
    annual_fen = models.BigIntegerField(null=True)
    by = models.CharField(max_length=40)

    class Meta:
        """One a day; what was taken says the money of that day."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "on"], name="performance_point_day"),
            models.CheckConstraint(
                condition=Q(taken_at=None, executed_fen=None, annual_fen=None)
                | Q(taken_at__isnull=False, executed_fen__isnull=False, annual_fen__isnull=False),
                name="performance_point_taken",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["taken_at", "on"], name="performance_point_due")]

    def __str__(self) -> str:
        """Its stage."""
        return self.stage


class MonitorRow(models.Model):
    """One indicator at a date. ``actual`` and ``forecast`` (``low`` to ``high``) are in the target's unit; None: nothing is known."""

    point = models.ForeignKey(MonitorPoint, models.CASCADE, related_name="rows")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    actual = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    words = models.CharField(max_length=300, default="", blank=True)
    reading = models.ForeignKey(FrozenReading, models.PROTECT, null=True, related_name="+")
    forecast = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    low = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    lamp = models.CharField(max_length=6, choices=Lamp, default=Lamp.NONE)
    cause = models.CharField(max_length=500, default="", blank=True)
    action = models.CharField(max_length=500, default="", blank=True)
    responsible = models.CharField(max_length=40, default="", blank=True)
    due_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One a point and indicator; a measure's value comes with its reading."""

        ordering: ClassVar = ["point", "indicator"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["point", "indicator"], name="performance_monitor_row")]

    def __str__(self) -> str:
        """Indicator and lamp."""
        return f"{self.indicator_id} {self.lamp}"
