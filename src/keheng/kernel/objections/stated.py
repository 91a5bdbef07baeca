"""What every objection holds, and the values it is filed and decided with."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from keheng.kernel.objections.terms import term
from keheng.kernel.personal.sealed import SealedTextField
from keheng.kernel.working_days import working_calendar


class ObjectionState(models.TextChoices):
    """Where an objection stands."""

    OPEN = "open", "待处理"
    UPHELD = "upheld", "成立"
    REJECTED = "rejected", "不成立"


class Stated(models.Model):
    """A named, written objection, answered by ``due_on``; ``erased_at`` is when it was forgotten who objected."""

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    phone = SealedTextField()
    body = models.CharField(max_length=2000)
    filed_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=ObjectionState, default=ObjectionState.OPEN)
    answer = models.CharField(max_length=2000, default="", blank=True)
    decided_by = models.CharField(max_length=40, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """A decision has its answer."""

        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, decided_at__isnull=True)
                | (~Q(state=ObjectionState.OPEN) & ~Q(answer="") & Q(decided_at__isnull=False)),
                name="%(app_label)s_%(class)s_answered",
            ),
        ]

    def __str__(self) -> str:
        """The number."""
        return self.number

    def decide(self, account: str, answer: str, *, upheld: bool) -> None:
        """Keep how it ended; the caller asked ``answer_problems`` before, under a lock."""
        self.state = ObjectionState.UPHELD if upheld else ObjectionState.REJECTED
        self.answer, self.decided_by, self.decided_at = answer.strip(), account, now()
        self.save(update_fields=["state", "answer", "decided_by", "decided_at"])


def stated(name: str, phone: str, body: str, today: date) -> dict[str, Any]:
    """The values an objection is filed with, but its number and what it is against; the day of filing does not count."""
    due = working_calendar().add(today, term("answer_days"))
    return {"name": name.strip(), "phone": phone.strip(), "body": body.strip(), "filed_at": now(), "due_on": due}
