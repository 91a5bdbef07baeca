"""What is known of a unit changed: it waits here until it is matched again, with the others that changed meanwhile."""

from __future__ import annotations

from django.utils.timezone import now

from keheng.kernel.jobs.queue import enqueue_unless_waiting
from keheng.matters.models import FactChange, PolicyRun

MATCH = "matters.match_changed"


def note_change(unit: int) -> None:
    """Have a unit matched again, by one job for all that change until it begins. In the transaction of the change."""
    FactChange.objects.create(unit_id=unit, at=now())
    enqueue_unless_waiting(MATCH, {})


def lock_matching() -> PolicyRun:
    """Standings are written and told one after the other: what the next one reads is what this one wrote."""
    PolicyRun.objects.get_or_create(pk=1)
    return PolicyRun.objects.select_for_update().get(pk=1)
