"""Searches for copied passages: how far each is, and what it found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keheng.review.models.rounds import Entry, Round


class CopySearch(models.Model):
    """A search over the entries of a round and those kept from earlier ones, by a job."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="searches")
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One at a time for a round."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["round"], condition=Q(ended_at=None), name="review_search_once")]

    def __str__(self) -> str:
        """Round and how far."""
        return f"{self.round_id}: {self.done} of {self.total}"


class CopyPair(models.Model):
    """Two entries that share passages: so many percent of the first are found in the other; ``earlier`` when that is of another round."""

    search = models.ForeignKey(CopySearch, models.CASCADE, related_name="pairs")
    one = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    other = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    percent = models.PositiveSmallIntegerField()
    earlier = models.BooleanField(default=False)

    class Meta:
        """A pair once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["search", "one", "other"], name="review_pair_once")]

    def __str__(self) -> str:
        """Both and how alike."""
        return f"{self.one_id} ~ {self.other_id}: {self.percent}"
