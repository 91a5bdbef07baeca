"""Who was reminded of open readings, and when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from keheng.review.models.rounds import Panelist


class JudgeReminder(models.Model):
    """A judge had readings open so many days before the last day of scoring, and was told: once for each number of days.

    ``open`` is how many readings were waiting. Rows are only ever added.
    """

    panelist = models.ForeignKey(Panelist, models.PROTECT, related_name="reminders")
    rung = models.PositiveSmallIntegerField()
    open = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        """Once a rung."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["panelist", "rung"], name="review_reminder_once")]
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        """Judge and rung."""
        return f"{self.panelist_id}: {self.rung}"
