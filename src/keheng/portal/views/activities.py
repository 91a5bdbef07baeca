"""Public pages of activities: what is to come, one activity, its dates for one's own calendar."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now

from keheng.kernel.doors import shared
from keheng.portal.enums.activities import COMING, SHOWN, ActivityKind, ActivityState
from keheng.portal.models import Activity, Session
from keheng.portal.queries.activities import activity_sessions, coming_activities, past_activities, shown_activities
from keheng.portal.queries.calendar_files import MEDIA_TYPE, calendar_file
from keheng.portal.queries.texts import spoken
from keheng.portal.views.showing import show

_A_PAGE = 12


def in_words(rows: list[Activity]) -> list[Activity]:
    """The same activities with what they say in the visitor's language as ``said``."""
    for one in rows:
        one.said = {name: spoken(one, name) for name in ("title", "summary")}  # type: ignore[attr-defined]  # for the template
    return rows


@shared
def activity_list(request: HttpRequest) -> HttpResponse:
    """What is to come, or what was; by kind."""
    past, kind = "past" in request.GET, request.GET.get("kind", "")
    found = past_activities() if past else coming_activities()
    if kind in ActivityKind.values:
        found = found.filter(kind=kind)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    in_words(list(page.object_list))
    query = "&".join(filter(None, ["past" if past else "", f"kind={kind}" if kind in ActivityKind.values else ""]))
    context = {"page": page, "past": past, "kind": kind, "kinds": ActivityKind.choices, "query": query}
    return show(request, "portal/activities/list.html", context)


@shared
def activity_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity with its sessions and the places that are left."""
    shown = get_object_or_404(shown_activities(), pk=pk)
    in_words([shown])
    at = now()
    context: dict[str, Any] = {
        "shown": shown,
        "sessions": list(activity_sessions(shown)),
        "open": shown.state == ActivityState.OPEN and shown.opens_at <= at < shown.closes_at,
        "coming": shown.state in COMING,
        "paragraphs": _paragraphs(spoken(shown, "body")),
    }
    return show(request, "portal/activities/page.html", context)


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each translated where the text is."""
    return [type(text)(part) for part in text.split("\n") if part.strip()]


@shared
def session_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A session as a file for one's own calendar."""
    session = get_object_or_404(Session.objects.select_related("activity"), pk=pk, activity__state__in=sorted(SHOWN))
    page = request.build_absolute_uri(reverse("portal:activity", args=[session.activity_id]))
    return calendar_answer(session, page, cancelled=session.activity.state == ActivityState.CANCELLED)


def calendar_answer(session: Session, page: str, *, cancelled: bool, place: str = "") -> HttpResponse:
    """The file of a session's dates."""
    activity = session.activity
    content = calendar_file(
        uid=f"session-{session.pk}@keheng", title=spoken(activity, "title"), begins_at=session.begins_at, ends_at=session.ends_at,
        place=place or session.place, about=spoken(activity, "summary"), url=page, stamp=activity.published_at or session.begins_at,
        cancelled=cancelled,
    )  # fmt: skip
    return HttpResponse(
        content, content_type=MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="session-{session.pk}.ics"'}
    )
