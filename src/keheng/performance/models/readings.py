"""Readings of measures as they were taken, and figures that come from outside with their file."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class FrozenReading(models.Model):
    """A reading as it was taken: enough to take it again and compare. Values are texts, so that no digit is lost; '' is no value.

    ``marks`` holds eight bytes of the digest of each evidence row, so that rows that changed are told one by one; it is empty where
    there were more rows than are marked. ``records`` lists ids and names of the records behind those rows, in the same order, so that a row
    that is gone is still known by name; it is None where rows are counts of many.
    """

    code = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    begin = models.DateField()
    end = models.DateField()
    span = models.CharField(max_length=10)
    scope = models.JSONField(default=dict)
    value = models.CharField(max_length=60, default="", blank=True)
    numerator = models.CharField(max_length=60, default="", blank=True)
    denominator = models.CharField(max_length=60, default="", blank=True)
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    marks = models.BinaryField(default=b"")
    records = models.JSONField(null=True)
    taken_at = models.DateTimeField()

    class Meta:
        """Periods are half-open."""

        constraints: ClassVar = [models.CheckConstraint(condition=Q(begin__lt=F("end")), name="performance_reading_period")]

    def __str__(self) -> str:
        """Code and value."""
        return f"{self.code} {self.value}"


class OutsideFigure(models.Model):
    """A figure that lives outside the platform, of a period, with the file that shows it. ``key`` names what is counted.

    ``certificate`` tells, where the file is a certificate of load, on what the figure depends: build, data, machine, database, driver,
    signer.
    """

    unit = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=100)
    measured_in = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    begin = models.DateField()
    end = models.DateField()
    origin = models.CharField(max_length=200)
    reference = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, default="", blank=True)
    file_title = models.CharField(max_length=200, default="", blank=True)
    page = models.PositiveIntegerField(null=True)
    certificate = models.JSONField(null=True)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        """A record of its origin counts once; periods are half-open."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "key", "reference"], name="performance_outside_once"),
            models.CheckConstraint(condition=Q(begin__lt=F("end")), name="performance_outside_period"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["key", "begin"], name="performance_outside_key"),
            models.Index(fields=["begin", "id"], name="performance_outside_begin"),
            models.Index(fields=["title", "id"], name="performance_outside_title"),
            models.Index(fields=["key", "id"], name="performance_outside_coded"),
        ]

    def __str__(self) -> str:
        """Title and value."""
        return f"{self.title} {self.value}"
