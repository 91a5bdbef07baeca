"""Objections to a published list, and what judges are paid."""

from __future__ import annotations

from django.db import models

from keheng.kernel.objections.stated import Stated
from keheng.review.models.rounds import Entry, Panelist


class Objection(Stated):
    """An objection to an entry on a published list."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="objections")


class Fee(models.Model):
    """What a judge is due for a round: entries scored, and the amount in fen before tax."""

    panelist = models.OneToOneField(Panelist, models.PROTECT, related_name="fee")
    entries = models.PositiveIntegerField()
    fen = models.BigIntegerField()
    settled_at = models.DateTimeField()

    def __str__(self) -> str:
        """Judge and amount."""
        return f"{self.panelist_id}: {self.fen}"
