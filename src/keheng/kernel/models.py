"""Tables of the kernel: numbers that are drawn, the audit trail with its seals, jobs with their schedules, files."""

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


class Job(models.Model):
    """Work to be done after its cause is committed; see ``jobs``."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    kind = models.CharField(max_length=80)
    # JSON text: an object.
    payload = models.TextField()
    # Of jobs with the same kind and key only one is ever queued.
    key = models.CharField(max_length=120, null=True)  # noqa: DJ001 -- NULL means no key; empty keys would be equal to each other
    state = models.CharField(max_length=8)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=80, default="")
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        """Found by what is due; unique by key."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="kernel_job_once")]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="kernel_job_due", condition=models.Q(state="waiting")),
            models.Index(fields=["beat_at"], name="kernel_job_running", condition=models.Q(state="running")),
            models.Index(fields=["finished_at"], name="kernel_job_failed", condition=models.Q(state="failed")),
        ]

    def __str__(self) -> str:
        """Kind, number and state."""
        return f"{self.kind} {self.pk}: {self.state}"


class Schedule(models.Model):
    """When a kind of job is due next."""

    kind = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Kind and next time."""
        return f"{self.kind}: {self.next_at:%Y-%m-%d %H:%M:%S}"


class StoredFile(models.Model):
    """A file in the store, by the SHA-256 of its content; who may read it is the business of what refers to it."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Type and size."""
        return f"{self.media_type}, {self.size} B"

    @property
    def has_pages(self) -> bool:
        """Whether its pages can be shown as pictures."""
        return self.media_type in {"application/pdf", "image/jpeg", "image/png"}
