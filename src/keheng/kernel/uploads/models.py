"""Uploads under way, and those that ended and wait for a record to take them."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models


class Upload(models.Model):
    """A file being sent in parts. ``offset`` counts bytes that are flushed to disk: whatever happens, sending goes on from there."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    account = models.CharField(max_length=40)
    place = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    # Whoever writes holds a claim for a while, and renews it with every flush; a writer that died loses it by time.
    claim = models.CharField(max_length=32, default="")
    claimed_until = models.DateTimeField(null=True)
    # Of the file in the store, once it is complete and accepted.
    digest = models.CharField(max_length=64, default="")
    expires_at = models.DateTimeField()

    class Meta:
        """Found by account and by end."""

        indexes: ClassVar = [
            models.Index(fields=["account"], name="uploads_account"),
            models.Index(fields=["expires_at"], name="uploads_expiry"),
        ]

    def __str__(self) -> str:
        """Name and how far it has come."""
        return f"{self.name}: {self.offset} / {self.size} B"
