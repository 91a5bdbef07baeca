"""Archives past their term: who proposed to destroy which, who decided, and what was destroyed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.matters.models.archive import Package


class Disposal(models.Model):
    """鉴定: one person proposes to destroy packages past their term, another one decides; a job carries it out."""

    class State(models.TextChoices):
        """How far it is."""

        PROPOSED = "proposed", "待审定"
        APPROVED = "approved", "已批准，正在销毁"
        REFUSED = "refused", "不同意"
        DONE = "done", "已销毁"

    number = models.CharField(max_length=24, unique=True)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, default="", blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """Nobody decides on what they proposed."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(decided_by="") | ~Q(decided_by=F("proposed_by")), name="matters_disposal_other"),
            models.CheckConstraint(condition=Q(state="proposed") | Q(decided_at__isnull=False), name="matters_disposal_decided"),
        ]

    def __str__(self) -> str:
        """Number and state."""
        return f"{self.number}: {self.state}"


class DisposalItem(models.Model):
    """A package in a disposal. ``live`` until the disposal is refused or the package kept after all; ``kept`` says why."""

    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="items")
    package = models.ForeignKey(Package, models.PROTECT, related_name="disposals")
    live = models.BooleanField(default=True)
    kept = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        """A package is in one disposal at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package"], condition=Q(live=True), name="matters_disposal_item_live"),
            models.UniqueConstraint(fields=["disposal", "package"], name="matters_disposal_item_once"),
        ]

    def __str__(self) -> str:
        """Disposal and package."""
        return f"{self.disposal_id}: {self.package_id}"


class Destruction(models.Model):
    """A line of the register of what was destroyed (销毁清册), kept for good: what it was, by whom it was proposed and approved.

    Rows are only ever added; everything is said in words, whatever becomes of the case and the accounts.
    """

    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="destructions")
    package = models.OneToOneField(Package, models.PROTECT, related_name="destruction")
    number = models.CharField(max_length=24)
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=200, default="", blank=True)
    ended_at = models.DateTimeField()
    archived_at = models.DateTimeField()
    keep_until = models.DateField()
    # SHA-256 and size of the file that is no more.
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    proposer = models.CharField(max_length=100)
    approver = models.CharField(max_length=100)
    at = models.DateTimeField()
    on = models.DateField()

    class Meta:
        """The register: the latest first. Nothing was destroyed before its term was over."""

        constraints: ClassVar = [models.CheckConstraint(condition=Q(keep_until__lt=F("on")), name="matters_destruction_term")]
        indexes: ClassVar = [models.Index(fields=["-at", "id"], name="matters_destruction_at")]

    def __str__(self) -> str:
        """Number of the case."""
        return self.number
