"""One answer of a browser to a survey whose link is open, without knowing who sits before it.

The cookie is of one survey alone, holds a random text and ends with the survey: two surveys cannot be joined by it. What a network sent
is counted for a day under a keyed mark of survey, day and address; the count is a limit and stands beside no answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_hex

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now

from keheng.kernel.doors import actor_of
from keheng.kernel.errors import Problem, problem
from keheng.kernel.trail.record import mark
from keheng.portal.enums.outreach import parameter
from keheng.portal.models import Survey
from keheng.portal.queries.tickets import participant_of, survey_token
from keheng.portal.queries.visits import midnight


def browser_token(request: HttpRequest, survey: Survey) -> str:
    """The token that this browser was given for this survey; '' where it has none, or one that is not ours."""
    token = request.COOKIES.get(_name(survey), "")
    return token if participant_of(survey.pk, token) else ""


def give_token(request: HttpRequest, answer: HttpResponse, survey: Survey) -> None:
    """Give the browser a token of its own, for every language of the page, until the survey ends."""
    answer.set_cookie(
        _name(survey), survey_token(survey.pk, token_hex(16)), expires=survey.closes_at, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip


def network_problems(request: HttpRequest, survey: Survey) -> list[Problem]:
    """Whether as many answers came from this network today as are believed."""
    most = parameter("survey_network_answers")
    return [problem("SUR_OFTEN", most=most)] if cache.get(_network(request, survey), 0) >= most else []


def count_network(request: HttpRequest, survey: Survey) -> None:
    """Count an answer that was taken. The count ends with the day, so that its end tells no time."""
    key, tomorrow = _network(request, survey), midnight(localdate() + timedelta(days=1))
    cache.add(key, 0, _seconds_until(tomorrow))
    cache.incr(key)


def _name(survey: Survey) -> str:
    return f"survey-{survey.pk}"


def _network(request: HttpRequest, survey: Survey) -> str:
    return f"portal-survey-{mark(f'{survey.pk}/{localdate()}/{actor_of(request).address}')}"


def _seconds_until(moment: datetime) -> int:
    return max(1, round((moment - now()).total_seconds()))
