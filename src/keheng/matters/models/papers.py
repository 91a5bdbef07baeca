"""What is handed in, asked for, written and issued in a case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keheng.matters.models.cases import Case, CaseEvent


class Material(models.Model):
    """A file handed in for a material of the matter; one that was taken back stays on the record."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="materials")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, related_name="+")
    # The last day it is valid, or that there is none (长期有效); neither where the matter asks for no date.
    valid_until = models.DateField(null=True)
    endless = models.BooleanField(default=False)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        """The same file once for a material."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "code", "file"], condition=Q(removed_at=None), name="matters_material_once"),
            models.CheckConstraint(condition=Q(endless=False) | Q(valid_until=None), name="matters_material_one_end"),
        ]

    def __str__(self) -> str:
        """Material and name."""
        return f"{self.code}: {self.name}"


class Correction(models.Model):
    """Something an applicant must put right: collected first (``told`` empty), then told together with all others, once."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="corrections")
    # A question or a material of the matter, by name; '' for the whole.
    target = models.CharField(max_length=60, default="", blank=True)
    text = models.CharField(max_length=500)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    told = models.ForeignKey(CaseEvent, models.PROTECT, null=True, related_name="corrections")

    class Meta:
        """Found by what it asks for."""

        indexes: ClassVar = [models.Index(fields=["target", "at"], name="matters_correction_target")]

    def __str__(self) -> str:
        """Target and text."""
        return f"{self.target}: {self.text}"


class Letter(models.Model):
    """A message between the applicant and the office about a case. Rows are only ever added."""

    class Side(models.TextChoices):
        """Who wrote."""

        APPLICANT = "applicant", "申请人"
        OFFICE = "office", "经办部门"

    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    side = models.CharField(max_length=10, choices=Side)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        """Case and side."""
        return f"{self.case_id}: {self.side}"


class Output(models.Model):
    """A letter or certificate that was issued. ``content`` are labels and words as they stood; ``token`` opens the public check."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="outputs")
    code = models.CharField(max_length=40)
    number = models.CharField(max_length=40, default="", blank=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    content = models.JSONField(default=list)
    token = models.CharField(max_length=40, unique=True)
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        """No number twice."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="matters_output_number")]

    def __str__(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}"
