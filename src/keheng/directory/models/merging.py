"""Merges of doubled records, remembered so that they can be undone, and pairs that are no doubles.

Records are told by kind and number instead of foreign keys: a merge moves foreign keys, and its own memory must stay as it was.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.directory.enums import Side
from keheng.kernel.personal.sealed import SealedTextField


class Merge(models.Model):
    """One record went into another; ``model`` is ``Organisation`` or ``Person``."""

    model = models.CharField(max_length=20)
    survivor = models.BigIntegerField()
    loser = models.BigIntegerField()
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        """Two different records; a record is in another one once at a time."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(survivor=F("loser")), name="directory_merge_itself"),
            models.UniqueConstraint(fields=["model", "loser"], condition=Q(undone_at__isnull=True), name="directory_merge_once"),
        ]

    def __str__(self) -> str:
        """What went into what."""
        return f"{self.model} {self.loser} > {self.survivor}"


class MergeMove(models.Model):
    """A reference that pointed at the loser: moved to the survivor, or kept ``aside`` where moving it would break a rule."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="moves")
    table = models.CharField(max_length=80)
    column = models.CharField(max_length=80)
    row = models.CharField(max_length=64)
    aside = models.BooleanField(default=False)

    class Meta:
        """A reference once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["merge", "table", "column", "row"], name="directory_move_once")]

    def __str__(self) -> str:
        """Where the reference stands."""
        return f"{self.table}.{self.column}[{self.row}]"


class MergeField(models.Model):
    """A field of either record that a merge changed. Values are JSON text, sealed: they may be personal."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="changed")
    side = models.CharField(max_length=8, choices=Side)
    field = models.CharField(max_length=80)
    before = SealedTextField()
    after = SealedTextField()

    class Meta:
        """A field once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["merge", "side", "field"], name="directory_merge_field_once")]

    def __str__(self) -> str:
        """Which field of which side."""
        return f"{self.side}.{self.field}"


class DistinctPair(models.Model):
    """Two records that look alike and were found to be two; ``low`` is the smaller number."""

    model = models.CharField(max_length=20)
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    found_at = models.DateTimeField()
    found_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)

    class Meta:
        """A pair once, in order."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "low", "high"], name="directory_distinct_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="directory_distinct_order"),
        ]

    def __str__(self) -> str:
        """The pair."""
        return f"{self.model} {self.low} / {self.high}"
