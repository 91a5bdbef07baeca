"""Seats that judges were drawn for, and the points they gave."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keheng.review.enums import SeatState
from keheng.review.models.rounds import Draw, Entry, Panelist


class Seat(models.Model):
    """A judge on an entry. Once submitted nothing of it changes; who dropped out never sits there again."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="seats")
    panelist = models.ForeignKey(Panelist, models.PROTECT, related_name="seats")
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="drawn")
    state = models.CharField(max_length=9, choices=SeatState, default=SeatState.OPEN)
    reason = models.CharField(max_length=300, default="", blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    comment = models.CharField(max_length=2000, default="", blank=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        """A judge once an entry; a score exactly where one was submitted."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "panelist"], name="review_seat_once"),
            models.CheckConstraint(
                condition=Q(state=SeatState.SUBMITTED, total__isnull=False, submitted_at__isnull=False)
                | (~Q(state=SeatState.SUBMITTED) & Q(total__isnull=True, submitted_at__isnull=True)),
                name="review_seat_submitted",
            ),
        ]

    def __str__(self) -> str:
        """Entry and judge."""
        return f"{self.entry_id}: {self.panelist_id}"


class Evidence(models.Model):
    """A file that belongs to an entry as it was when the entry came; ``title`` is what judges see of its name."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=200)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, related_name="+")

    class Meta:
        """A title once, in the order they came."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "title"], name="review_evidence_once")]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        """Entry and title."""
        return f"{self.entry_id}: {self.title}"

    @property
    def is_picture(self) -> bool:
        """Whether a page may show it in place."""
        return self.title.lower().endswith((".jpg", ".jpeg", ".png"))


class Mark(models.Model):
    """Points for one criterion."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="marks")
    criterion = models.CharField(max_length=20)
    points = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        """A criterion once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["seat", "criterion"], name="review_mark_once")]

    def __str__(self) -> str:
        """Criterion and points."""
        return f"{self.criterion}: {self.points}"
