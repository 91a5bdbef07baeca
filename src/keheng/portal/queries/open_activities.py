"""What one can register for now, for the front page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import now

from keheng.portal.enums.activities import ActivityState
from keheng.portal.models import Activity
from keheng.portal.queries.texts import spoken

KIND = "activity"


@dataclass(frozen=True, slots=True)
class OpenActivity:
    """Something that is open now, until when; the address is of the active language."""

    title: str
    url: str
    ends_at: datetime
    kind: str


def open_activities(most: int = 6) -> Sequence[OpenActivity]:
    """Activities that take registrations, those that close first first."""
    at = now()
    found = Activity.objects.filter(state=ActivityState.OPEN, opens_at__lte=at, closes_at__gt=at).order_by("closes_at", "pk")[:most]
    return [OpenActivity(spoken(one, "title"), reverse("portal:activity", args=[one.pk]), one.closes_at, KIND) for one in found]
