"""Projects of a fiscal year with their money: budget lines by source, adjustments with documents, execution entries. All in fen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.kernel.money import Money
from keheng.performance.enums import Origin, Source


class Project(models.Model):
    """A project of one fiscal year; the same project of the year before is ``previous``. ``version`` counts changes of its head."""

    year = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    unit = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    department = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    office = models.CharField(max_length=100, default="", blank=True)
    recurring = models.BooleanField(default=False)
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="following")
    layout = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        """A code is used once in a year. Lists go by year."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "code"], name="performance_project_code"),
            models.CheckConstraint(condition=Q(previous=None) | ~Q(previous=F("id")), name="performance_project_itself"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["year", "id"], name="performance_project_year"),
            models.Index(fields=["title", "id"], name="performance_project_title"),
            models.Index(fields=["code", "id"], name="performance_project_codes"),
        ]

    def __str__(self) -> str:
        """Year and title."""
        return f"{self.year} {self.title}"


class BudgetLine(models.Model):
    """The budget at the start of the year from one source."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="lines")
    source = models.CharField(max_length=16, choices=Source)
    initial_fen = models.BigIntegerField()

    class Meta:
        """One line a source, never below nothing."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "source"], name="performance_line_source"),
            models.CheckConstraint(condition=Q(initial_fen__gte=0), name="performance_line_amount"),
        ]

    def __str__(self) -> str:
        """Source and amount."""
        return f"{self.source} {self.initial_fen}"


class Adjustment(models.Model):
    """A change of the budget during the year, with the document that decided it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="adjustments")
    source = models.CharField(max_length=16, choices=Source)
    fen = models.BigIntegerField()
    document = models.CharField(max_length=100)
    decided_on = models.DateField()
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        """It changes something."""

        constraints: ClassVar = [models.CheckConstraint(condition=~Q(fen=0), name="performance_adjustment_amount")]

    def __str__(self) -> str:
        """Document and amount."""
        return f"{self.document} {self.fen}"

    @property
    def money(self) -> Money:
        """The amount."""
        return Money(self.fen)


class Execution(models.Model):
    """A payment, or its reversal below nothing, under the voucher's number of the finance system."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="executions")
    source = models.CharField(max_length=16, choices=Source)
    voucher = models.CharField(max_length=60)
    paid_on = models.DateField()
    fen = models.BigIntegerField()
    summary = models.CharField(max_length=200, default="", blank=True)
    origin = models.CharField(max_length=8, choices=Origin)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        """A voucher counts once in a project."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "voucher"], name="performance_execution_voucher"),
            models.CheckConstraint(condition=~Q(fen=0), name="performance_execution_amount"),
        ]
        indexes: ClassVar = [models.Index(fields=["project", "paid_on"], name="performance_execution_day")]

    def __str__(self) -> str:
        """Voucher and amount."""
        return f"{self.voucher} {self.fen}"

    @property
    def money(self) -> Money:
        """The amount."""
        return Money(self.fen)
