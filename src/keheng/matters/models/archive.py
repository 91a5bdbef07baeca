"""Archived cases: their packages, what checks found, who asked to read them, and who did."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keheng.matters.models.cases import Case


class Package(models.Model):
    """The archive package of a case that ended: one for each, never replaced. ``sound`` and ``checked_at`` are of the last check.

    One that was destroyed has no file any more; its ``Destruction`` says what it was.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="package")
    # The case's, which never changes: the list finds the packages of a matter among a million.
    matter = models.CharField(max_length=80)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    keep_until = models.DateField()
    sound = models.BooleanField(default=True)
    checked_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        """The file is there until it is destroyed. Lists: the latest, those due for a check, those past their term."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(destroyed_at=None, file__isnull=False) | Q(destroyed_at__isnull=False, file=None), name="matters_package_file"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["made_at", "id"], name="matters_package_made"),
            models.Index(fields=["matter", "made_at", "id"], name="matters_package_matter"),
            models.Index(fields=["checked_at", "id"], name="matters_package_checked"),
            models.Index(fields=["keep_until", "id"], name="matters_package_kept", condition=Q(destroyed_at=None)),
        ]

    def __str__(self) -> str:
        """The case."""
        return f"package of {self.case_id}"


class PackageCheck(models.Model):
    """A check of a package: findings as rows of kind, whether it holds, and words. Rows are only ever added."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="checks")
    at = models.DateTimeField()
    sound = models.BooleanField()
    findings = models.JSONField(default=list)

    def __str__(self) -> str:
        """Package and day."""
        return f"{self.package_id}: {self.at:%Y-%m-%d}"


class Retrieval(models.Model):
    """Somebody asks to read a package, and why; granted at once, or by somebody else where the matter asks for private data."""

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked", "待批准"
        GRANTED = "granted", "已批准"
        REFUSED = "refused", "未批准"

    package = models.ForeignKey(Package, models.PROTECT, related_name="retrievals")
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State)
    decided_by = models.CharField(max_length=40, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, default="", blank=True)
    until = models.DateField(null=True)

    class Meta:
        """One open request of a person for a package; nobody decides on their own."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "by"], condition=Q(state="asked"), name="matters_retrieval_asked"),
            models.CheckConstraint(condition=Q(decided_by="") | ~Q(decided_by=models.F("by")), name="matters_retrieval_other"),
        ]
        indexes: ClassVar = [models.Index(fields=["by", "state", "until"], name="matters_retrieval_by")]

    def __str__(self) -> str:
        """Package and person."""
        return f"{self.package_id}: {self.by}"


class Reading(models.Model):
    """A package was opened under a retrieval. Rows are only ever added."""

    retrieval = models.ForeignKey(Retrieval, models.PROTECT, related_name="readings")
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Retrieval and moment."""
        return f"{self.retrieval_id}: {self.at:%Y-%m-%d}"
