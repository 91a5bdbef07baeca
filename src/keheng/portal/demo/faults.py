"""What is wrong on purpose with the demo records, and when they are said to have been."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib.auth import get_user_model
from django.utils.timezone import get_current_timezone, localdate

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that real data have; ``where`` names the record."""

    kind: str
    where: str


def demo_year() -> int:
    """The year whose figures are those published: the last whole one."""
    return localdate().year - 1


def moment(day: date, hour: int, minute: int) -> datetime:
    """A moment of the city."""
    return datetime.combine(day, time(hour, minute), get_current_timezone())


def account_of(role: str) -> str:
    """The demo account of a role; a made-up reference where there is none."""
    found = get_user_model().objects.filter(login=f"demo.{role}").values_list("pk", flat=True).first()
    return str(found) if found is not None else f"demo-{role}"
