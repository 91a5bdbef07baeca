"""What one can register for now, for the front page."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from keheng.portal.enums.activities import ActivityState
from keheng.portal.models import Activity
from keheng.portal.queries.open_now import OpenNow
from keheng.portal.queries.texts import spoken

KIND = _("活动报名")


def open_activities(most: int = 6) -> Sequence[OpenNow]:
    """Activities that take registrations, those that close first first."""
    at = now()
    found = Activity.objects.filter(state=ActivityState.OPEN, opens_at__lte=at, closes_at__gt=at).order_by("closes_at", "pk")[:most]
    return [OpenNow(spoken(one, "title"), reverse("portal:activity", args=[one.pk]), one.closes_at, str(KIND)) for one in found]
