"""What is open in the portal itself, for the front page: activities, surveys, halls with room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from keheng.portal.enums.activities import ActivityState
from keheng.portal.enums.content import CHINESE
from keheng.portal.enums.halls import GuideLanguage
from keheng.portal.enums.surveys import Audience, SurveyState
from keheng.portal.models import Activity, Survey
from keheng.portal.queries.halls import known_of_all, open_halls
from keheng.portal.queries.open_now import OpenNow
from keheng.portal.queries.texts import spoken
from keheng.portal.rules.slots import slots_of

_AHEAD = 30


def open_activities(most: int = 4) -> Sequence[OpenNow]:
    """Activities that take registrations, those that close first first."""
    at = now()
    found = Activity.objects.filter(state=ActivityState.OPEN, opens_at__lte=at, closes_at__gt=at).order_by("closes_at", "pk")[:most]
    return [OpenNow(spoken(one, "title"), reverse("portal:activity", args=[one.pk]), one.closes_at, _("活动报名")) for one in found]


def open_surveys(most: int = 2) -> Sequence[OpenNow]:
    """Surveys that anybody may answer, those that close first first."""
    found = Survey.objects.filter(state=SurveyState.OPEN, audience=Audience.LINK, closes_at__gt=now()).order_by("closes_at", "pk")[:most]
    return [OpenNow(spoken(one, "title"), reverse("portal:survey", args=[one.pk]), one.closes_at, _("调查")) for one in found]


def halls_with_room(most: int = 2) -> Sequence[OpenNow]:
    """Halls that can be visited within a month by a group of the page's language; five queries, one where there are no halls."""
    halls, today = list(open_halls()[:most]), localdate()
    if not halls:
        return []
    here = get_language() or CHINESE
    language = here if here in GuideLanguage.values else CHINESE
    days = [today + timedelta(days=number) for number in range(_AHEAD)]
    known = known_of_all(halls, today, days[-1] + timedelta(days=1))
    return [
        OpenNow(spoken(hall, "title"), reverse("portal:hall", args=[hall.code]), None, _("展厅预约"))
        for hall, one in zip(halls, known, strict=True)
        if any(slot.free for day in days for slot in slots_of(one, day, language))
    ]
