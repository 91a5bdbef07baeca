"""Windows of a hall: times that can be booked, and the turns of those who booked or simply came. Windows themselves are files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from keheng.matters.enums import TurnState
from keheng.matters.models.cases import Case


class WindowSlot(models.Model):
    """A time at a window as the file had it when it was first booked; ``taken`` of ``places`` are booked, never more."""

    window = models.CharField(max_length=80)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A time once; no more than there is room for."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "begins_at"], name="matters_slot_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("places")) & Q(ends_at__gt=F("begins_at")), name="matters_slot_room"),
        ]

    def __str__(self) -> str:
        """Window and time."""
        return f"{self.window} {self.begins_at}"


class Turn(models.Model):
    """Somebody's turn at a window: booked for a slot, or taken on the spot (no slot, and no account).

    ``ticket`` is given on arrival and is what is called; ``queued_for`` orders those who wait: the time of the slot for who came in
    time, else the arrival.
    """

    number = models.CharField(max_length=24, unique=True)
    window = models.CharField(max_length=80)
    day = models.DateField()
    slot = models.ForeignKey(WindowSlot, models.PROTECT, null=True, related_name="turns")
    account = models.CharField(max_length=40, default="", blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="turns")
    matter = models.CharField(max_length=80, default="", blank=True)
    state = models.CharField(max_length=10, choices=TurnState)
    ticket = models.CharField(max_length=8, default="", blank=True)
    counter = models.CharField(max_length=20, default="", blank=True)
    made_at = models.DateTimeField()
    moved = models.PositiveSmallIntegerField(default=0)
    queued_for = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """A ticket once a day; nobody holds a time twice; a counter serves one at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "day", "ticket"], condition=~Q(ticket=""), name="matters_turn_ticket"),
            models.UniqueConstraint(fields=["slot", "account"], condition=Q(state=TurnState.BOOKED), name="matters_turn_slot"),
            models.UniqueConstraint(fields=["window", "counter"], condition=Q(state=TurnState.CALLED), name="matters_turn_counter"),
            models.CheckConstraint(
                condition=~Q(state__in=[TurnState.WAITING, TurnState.CALLED, TurnState.DONE]) | Q(arrived_at__isnull=False),
                name="matters_turn_arrived",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["window", "day", "state", "queued_for"], name="matters_turn_board"),
            models.Index(fields=["account", "-id"], name="matters_turn_account"),
            models.Index(fields=["day", "id"], name="matters_turn_day"),
        ]

    def __str__(self) -> str:
        """Number and state."""
        return f"{self.number} {self.state}"
