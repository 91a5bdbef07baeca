"""Tables of the kernel: numbers that are drawn, and the audit trail with its seals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Series(models.Model):
    """The last number drawn of one series in one year."""

    code = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        """One row for a series and a year."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "year"], name="kernel_series_once")]

    def __str__(self) -> str:
        """Code, year and last number."""
        return f"{self.code}-{self.year}: {self.last}"


class Era(models.Model):
    """A stretch of the trail within which transaction numbers rise; a restored PostgreSQL database begins a new one."""

    id = models.PositiveIntegerField(primary_key=True)
    began_at = models.CharField(max_length=32)
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        """Number and reason."""
        return f"{self.id}: {self.reason}"


class AuditEntry(models.Model):
    """One act, as canonical JSON text. Rows are only ever added: triggers refuse everything else."""

    id = models.BigAutoField(primary_key=True)
    era = models.PositiveIntegerField()
    # The number of the writing transaction: on PostgreSQL rows become visible in its order, not in that of ids.
    xid = models.BigIntegerField()
    body = models.TextField()

    class Meta:
        """Order of sealing."""

        indexes: ClassVar = [models.Index(fields=["era", "xid", "id"], name="kernel_entry_order")]

    def __str__(self) -> str:
        """The act as text."""
        return self.body


class Seal(models.Model):
    """A link of the chain: so many entries, in order, under a digest that holds the one before it."""

    id = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    count = models.PositiveIntegerField()
    last_era = models.PositiveIntegerField()
    last_xid = models.BigIntegerField()
    last_entry = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    head = models.CharField(max_length=64)

    def __str__(self) -> str:
        """Number and head."""
        return f"{self.id}: {self.head}"
