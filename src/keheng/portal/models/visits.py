"""Visits by hour, visitors by day, readers by article; how far the log was counted; reads elsewhere, imported with their file."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class VisitHour(models.Model):
    """Pages seen in an hour of one section in one language. ``views`` are people's; what machines asked for stands beside it.

    ``visits`` counts visits that began there: half an hour of silence ends one.
    """

    hour = models.DateTimeField()
    section = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    views = models.PositiveIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    bots = models.PositiveIntegerField(default=0)
    # Own probes, health checks, internal addresses, prefetched pages.
    own = models.PositiveIntegerField(default=0)

    class Meta:
        """A cell once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["hour", "section", "language"], name="portal_visit_hour_once")]

    def __str__(self) -> str:
        """The hour and its views."""
        return f"{self.hour} {self.section}: {self.views}"


class VisitorDay(models.Model):
    """A sketch of a day's distinct visitors: their number can be told, they cannot."""

    day = models.DateField(unique=True)
    sketch = models.BinaryField()

    def __str__(self) -> str:
        """The day."""
        return str(self.day)


class VisitorSeen(models.Model):
    """When a visitor of today was last seen, by an id that is worth nothing tomorrow; kept for a day."""

    visitor = models.CharField(max_length=32, unique=True)
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """The moment."""
        return str(self.last_at)


class ArticleReads(models.Model):
    """How often an article was read on a day."""

    article = models.ForeignKey("portal.Article", models.CASCADE, related_name="reads")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)

    class Meta:
        """A day once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "day"], name="portal_reads_once")]
        indexes: ClassVar = [models.Index(fields=["day"], name="portal_reads_day")]

    def __str__(self) -> str:
        """The day and its views."""
        return f"{self.day}: {self.views}"


class VisitLog(models.Model):
    """A file of the log, and up to which byte it was counted."""

    name = models.CharField(max_length=80, unique=True)
    counted = models.PositiveBigIntegerField(default=0)
    spoilt = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        """The file."""
        return self.name


class Push(models.Model):
    """Something sent out through a channel that is not ours; its figures are imported, with the file that shows them, or unproven."""

    article = models.ForeignKey("portal.Article", models.SET_NULL, null=True, related_name="pushes")
    title = models.CharField(max_length=120)
    channel = models.CharField(max_length=40)
    audience = models.CharField(max_length=80, default="", blank=True)
    is_policy = models.BooleanField(default=False)
    pushed_on = models.DateField()
    reads = models.PositiveIntegerField(default=0)
    # SHA-256 of the file that shows the figures; empty: nothing shows them.
    digest = models.CharField(max_length=64, default="", blank=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        """By day; equal rows of an import are one."""

        ordering: ClassVar = ["-pushed_on", "-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["title", "channel", "pushed_on"], name="portal_push_once")]
        indexes: ClassVar = [
            models.Index(fields=["pushed_on", "id"], name="portal_push_day"),
            models.Index(fields=["reads", "id"], name="portal_push_reads"),
        ]

    def __str__(self) -> str:
        """Its title."""
        return self.title

    @property
    def proven(self) -> bool:
        """Whether a file shows its figures."""
        return bool(self.digest)
