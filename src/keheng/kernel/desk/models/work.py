"""Messages and tasks."""

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
        indexes: ClassVar = [
            models.Index(fields=["account", "-id"], name="desk_message_inbox"),
            models.Index(fields=["account"], name="desk_message_unread", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["sent_at"], name="desk_message_old"),
        ]

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
        """Found by permission and by account; listed in the order in which they are due."""

        indexes: ClassVar = [
            models.Index(fields=["permission", "due_at"], name="desk_task_permission"),
            models.Index(fields=["account", "due_at"], name="desk_task_account"),
            # With all that says who may see a task, so that those of others are passed over in the index.
            models.Index(
                fields=["due_at", "id", "account", "permission", "district", "unit", "not_by"],
                name="desk_task_due",
            ),
        ]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Handover(models.Model):
    """Tasks that one account offers another, until a day or for good (``ends`` NULL); nothing moves before the other accepts."""

    class State(models.TextChoices):
        """Where a handover stands."""

        OFFERED = "offered", "待接受"
        ACCEPTED = "accepted", "已接受"
        DECLINED = "declined", "已谢绝"
        WITHDRAWN = "withdrawn", "已撤回"
        ENDED = "ended", "已交回"

    giver = models.CharField(max_length=40)
    taker = models.CharField(max_length=40)
    ends = models.DateField(null=True)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Nobody hands over to themselves."""

        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(giver=models.F("taker")), name="desk_handover_to_another")]
        indexes: ClassVar = [
            models.Index(fields=["taker", "state"], name="desk_handover_taker"),
            models.Index(fields=["giver", "state"], name="desk_handover_giver"),
        ]

    def __str__(self) -> str:
        """Who to whom."""
        return f"{self.giver} → {self.taker}: {self.state}"


class HandedTask(models.Model):
    """A task of a handover, by its key: the task itself may be settled meanwhile."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=120)

    class Meta:
        """A task once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["handover", "key"], name="desk_handed_once")]

    def __str__(self) -> str:
        """The task's key."""
        return self.key
