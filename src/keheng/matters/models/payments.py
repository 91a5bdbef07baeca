"""What a contract promises to pay, and what was paid: the sum of payments can never exceed the grant."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.kernel.money import Money
from keheng.matters.models.cases import Case


class Funding(models.Model):
    """The grant of an application, in fen, as its contract divides it into instalments. One contract for an application."""

    root = models.OneToOneField(Case, models.PROTECT, related_name="funding")
    contract = models.OneToOneField(Case, models.PROTECT, related_name="funding_by_contract")
    fen = models.BigIntegerField()

    class Meta:
        """A grant is an amount."""

        constraints: ClassVar = [models.CheckConstraint(condition=Q(fen__gt=0), name="matters_funding_fen")]

    def __str__(self) -> str:
        """The application and the amount."""
        return f"{self.root_id}: {self.fen}"


class Instalment(models.Model):
    """A payment that is planned, numbered from 1: for a milestone, on a day, in fen; and the case it was paid for, at most once."""

    funding = models.ForeignKey(Funding, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    paid_for = models.OneToOneField(Case, models.PROTECT, null=True, related_name="paid_instalment")
    paid_at = models.DateTimeField(null=True)

    class Meta:
        """Each number once; never more than planned, and nothing without the case it was paid for. Lists by day."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["funding", "number"], name="matters_instalment_once"),
            models.CheckConstraint(condition=Q(fen__gt=0, paid_fen__gte=0, paid_fen__lte=F("fen")), name="matters_instalment_fen"),
            models.CheckConstraint(
                condition=Q(paid_for__isnull=True, paid_fen=0, paid_at__isnull=True)
                | Q(paid_for__isnull=False, paid_fen__gt=0, paid_at__isnull=False),
                name="matters_instalment_paid",
            ),
        ]
        # All sums are added up from the second one, without the rows.
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id"], name="matters_instalment_due"),
            models.Index(fields=["fen", "paid_fen"], name="matters_instalment_sums"),
        ]

    def __str__(self) -> str:
        """The plan and the number."""
        return f"{self.funding_id}/{self.number}"

    @property
    def planned(self) -> Money:
        """What is planned."""
        return Money(self.fen)

    @property
    def paid(self) -> Money:
        """What was paid."""
        return Money(self.paid_fen)

    @property
    def left(self) -> int:
        """Fen that are planned and not paid."""
        return self.fen - self.paid_fen
