"""Answers kept so that a write happens once, counters of requests, webhooks and what was sent to them."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models

from keheng.kernel.personal.sealed import SealedTextField


class KeptAnswer(models.Model):
    """The answer to a write, given again when the same write is asked for under the same key."""

    caller = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    # Of method, path and body: the same key for something else is refused.
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    at = models.DateTimeField(db_index=True)

    class Meta:
        """One answer for a key of a caller."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["caller", "key"], name="api_answer_once")]

    def __str__(self) -> str:
        """Key and status."""
        return f"{self.key}: {self.status}"


class Pace(models.Model):
    """How many requests a caller made within a minute."""

    caller = models.CharField(max_length=60)
    minute = models.BigIntegerField()
    used = models.PositiveIntegerField()

    class Meta:
        """One counter for a caller and a minute."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["caller", "minute"], name="api_pace_once")]
        indexes: ClassVar = [models.Index(fields=["minute"], name="api_pace_minute")]

    def __str__(self) -> str:
        """Count."""
        return f"{self.caller}: {self.used}"


class Hook(models.Model):
    """An address of another system that is told of events; the secret signs what is sent."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    account = models.CharField(max_length=40, db_index=True)
    # The unit the account acted for when it made the webhook: what it may be told is bounded by it.
    unit = models.CharField(max_length=20, default="")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    secret = SealedTextField()
    events = models.JSONField()
    active = models.BooleanField(default=True)
    failures_in_a_row = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Name and where to."""
        return f"{self.name} → {self.url}"


class Delivery(models.Model):
    """One event on its way to a webhook."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "待发送"
        SENT = "sent", "已送达"
        FAILED = "failed", "失败"

    id = models.UUIDField(primary_key=True, default=uuid4)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=80)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    # Of the last try: the status, or why there was none.
    answer = models.CharField(max_length=200, default="")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first for one webhook."""

        indexes: ClassVar = [models.Index(fields=["hook", "-made_at"], name="api_delivery_newest")]

    def __str__(self) -> str:
        """Event and state."""
        return f"{self.event}: {self.state}"
