"""What was seen and heard before a case was accepted, such as in a video call."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from keheng.matters.models.cases import Case


class Tick(models.Model):
    """A step of a checklist that somebody has seen done, with what they noted. Rows are only ever added."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="ticks")
    checklist = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    remark = models.CharField(max_length=300, default="", blank=True)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        """A step is done once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "checklist", "step"], name="matters_tick_once")]

    def __str__(self) -> str:
        """Case and step."""
        return f"{self.case_id}: {self.checklist}.{self.step}"
