"""Other systems that send figures by themselves."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from keheng.kernel.personal.sealed import SealedTextField


class OutsideSender(models.Model):
    """A system that may send figures of a unit; what it sends is signed with the secret. ``by`` answers for it."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    unit = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    secret = SealedTextField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Its name."""
        return self.name
