"""Tasks and messages."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Message(models.Model):
    """Something an account is told, in its inbox on the site; ``key`` names it once, so that a repeated job tells nothing twice."""

    account = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    body = models.TextField()
    url = models.CharField(max_length=300)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first for one account."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "key"], name="desk_message_once")]
        indexes: ClassVar = [models.Index(fields=["account", "-id"], name="desk_message_inbox")]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Task(models.Model):
    """Something to be done by whoever holds a permission within its reach, or by one account; ``key`` names it among open ones."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=300)
    permission = models.CharField(max_length=80)
    unit = models.BigIntegerField(null=True)
    district = models.CharField(max_length=20, default="")
    # Empty while nobody has taken it.
    account = models.CharField(max_length=40, default="")
    # Who may not do it, such as the author of what is to be approved.
    not_by = models.CharField(max_length=40, default="")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        """Found by permission and by account, in the order in which they are due."""

        indexes: ClassVar = [
            models.Index(fields=["permission", "due_at"], name="desk_task_permission"),
            models.Index(fields=["account", "due_at"], name="desk_task_account"),
        ]

    def __str__(self) -> str:
        """Its title."""
        return self.title
