"""Objections to a published list, and what judges are paid."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keheng.kernel.personal.sealed import SealedTextField
from keheng.review.enums import ObjectionState
from keheng.review.models.rounds import Entry, Panelist


class Objection(models.Model):
    """A named, written objection to an entry on a published list; answered by ``due_on``."""

    number = models.CharField(max_length=20, unique=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="objections")
    name = models.CharField(max_length=60)
    phone = SealedTextField()
    body = models.CharField(max_length=2000)
    filed_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=ObjectionState, default=ObjectionState.OPEN)
    answer = models.CharField(max_length=2000, default="", blank=True)
    decided_by = models.CharField(max_length=40, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """A decision has its answer."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, decided_at__isnull=True)
                | (~Q(state=ObjectionState.OPEN) & ~Q(answer="") & Q(decided_at__isnull=False)),
                name="review_objection_answered",
            ),
        ]

    def __str__(self) -> str:
        """The number."""
        return self.number


class Fee(models.Model):
    """What a judge is due for a round: entries scored, and the amount in fen before tax."""

    panelist = models.OneToOneField(Panelist, models.PROTECT, related_name="fee")
    entries = models.PositiveIntegerField()
    fen = models.BigIntegerField()
    settled_at = models.DateTimeField()

    def __str__(self) -> str:
        """Judge and amount."""
        return f"{self.panelist_id}: {self.fen}"
