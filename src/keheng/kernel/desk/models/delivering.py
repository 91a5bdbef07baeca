"""How messages leave the site, and how people want it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from keheng.kernel.desk.models.work import Message


class Delivery(models.Model):
    """A message on one way out of the site, once. ``error`` names the last fault, never an address."""

    class Way(models.TextChoices):
        """Ways out of the site."""

        EMAIL = "email", "电子邮件"
        SMS = "sms", "短信"

    class State(models.TextChoices):
        """Where a delivery stands. ``UNSURE``: the process died while it was being sent; it is not sent again by itself."""

        WAITING = "waiting", "等待"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        DROPPED = "dropped", "没有地址"
        UNSURE = "unsure", "不确定"

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    way = models.CharField(max_length=8, choices=Way)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    digest = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=120, default="")
    error = models.CharField(max_length=200, default="")

    class Meta:
        """Once for a message and a way."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "way"], name="desk_delivery_once")]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="desk_delivery_digest", condition=models.Q(digest=True, state="waiting")),
            models.Index(fields=["-id"], name="desk_delivery_trouble", condition=~models.Q(state="sent")),
        ]

    def __str__(self) -> str:
        """Way and state."""
        return f"{self.way}: {self.state}"


class Preference(models.Model):
    """The ways (codes with commas between) an account wants a kind of message by, besides the inbox."""

    account = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    ways = models.CharField(max_length=40)

    class Meta:
        """Once for a kind."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "kind"], name="desk_preference_once")]

    def __str__(self) -> str:
        """Kind and ways."""
        return f"{self.kind}: {self.ways}"


class Habit(models.Model):
    """When an account wants to be told outside the site: hours of quiet (local time, over midnight where the end is earlier), a digest."""

    account = models.CharField(max_length=40, primary_key=True)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    digest = models.BooleanField(default=False)

    class Meta:
        """Quiet has both ends."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="desk_habit_quiet_ends",
            )
        ]

    def __str__(self) -> str:
        """Hours."""
        return f"{self.quiet_from}–{self.quiet_to}"
