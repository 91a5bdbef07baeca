"""Texts of all cases that are compared with each other: which are kept as fingerprints, and which share passages."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

CASE = "matters.Case"


class KeptCase(models.Model):
    """A case whose texts are compared, as they were at its ``version``; NULL while its texts are being compared.

    ``family`` is the oldest case it follows from: a contract repeats its application, and nobody is told of that.
    """

    case = models.OneToOneField(CASE, models.CASCADE, related_name="+")
    family = models.PositiveBigIntegerField()
    year = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Case and version."""
        return f"{self.case_id}: {self.version}"


class KeptText(models.Model):
    """A text of a case in the index: fingerprints bear its id. ``digest`` tells whether it is still the same text."""

    kept = models.ForeignKey(KeptCase, models.CASCADE, related_name="texts")
    place = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    # When it was compared with all others; what came later was compared with it.
    compared_at = models.DateTimeField(null=True)

    class Meta:
        """A place has one text."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["kept", "place"], name="review_text_once")]

    def __str__(self) -> str:
        """Case and place."""
        return f"{self.kept_id}/{self.place}"


class CopyHit(models.Model):
    """Two texts of different cases that share passages: so many percent of ``one`` are found in ``other``.

    ``matter`` is that of the case of ``one``, which never changes: the list finds the pairs of a matter among a million.
    """

    one = models.ForeignKey(KeptText, models.CASCADE, related_name="hits")
    other = models.ForeignKey(KeptText, models.CASCADE, related_name="hit_by")
    percent = models.PositiveSmallIntegerField()
    matter = models.CharField(max_length=80)

    class Meta:
        """A pair once; the most alike first."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="review_hit_once"),
            models.CheckConstraint(condition=~Q(one=F("other")) & Q(percent__lte=100), name="review_hit_sense"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["percent", "id"], name="review_hit_most"),
            models.Index(fields=["matter", "percent", "id"], name="review_hit_matter"),
        ]

    def __str__(self) -> str:
        """Both and how alike."""
        return f"{self.one_id} ~ {self.other_id}: {self.percent}"
