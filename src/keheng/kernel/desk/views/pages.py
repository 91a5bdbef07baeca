"""Calendar, palette, the composite pages, the back office."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.calendar import close_feed, feed, feed_owner, month_of, renew_feed
from keheng.kernel.desk.models import CalendarFeed
from keheng.kernel.desk.office import cards_for
from keheng.kernel.desk.palette import as_json, elsewhere, found
from keheng.kernel.doors import actor_of, needs, public, signed_in
from keheng.kernel.panels import PanelPlace, panels_for

_FIRST_YEAR, _LAST_YEAR = 1990, 2099


@signed_in
def calendar(request: HttpRequest) -> HttpResponse:
    """A month."""
    first = _month(request.GET.get("month", ""))
    before, after = first - timedelta(days=1), (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    actor = actor_of(request)
    weeks = month_of(actor, first)
    context = {
        "first": first,
        "before": f"{before:%Y-%m}" if before.year >= _FIRST_YEAR else "",
        "after": f"{after:%Y-%m}" if after.year <= _LAST_YEAR else "",
        "weeks": weeks,
        "planned": any(day.items for week in weeks for day in week),
        "weekdays": "一二三四五六日",
        "feed": CalendarFeed.objects.filter(account=actor.account).first(),
        "token": request.session.pop("calendar_token", ""),
    }
    if context["token"]:
        context["address"] = request.build_absolute_uri(reverse("desk:feed", args=[context["token"]]))
    return render(request, "desk/calendar.html", context)


def _month(text: str) -> date:
    """The first day of a month written 2026-11; this month for anything else."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return localdate().replace(day=1)
    return first if _FIRST_YEAR <= first.year <= _LAST_YEAR else localdate().replace(day=1)


@signed_in
@require_POST
def feed_renew(request: HttpRequest) -> HttpResponse:
    """A new private address, or none any more."""
    if "close" in request.POST:
        close_feed(actor=actor_of(request))
        messages.success(request, "订阅地址已停用")
    else:
        request.session["calendar_token"] = renew_feed(actor=actor_of(request))
    return redirect("desk:calendar")


@public
@never_cache
@require_GET
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """An account's calendar for another program, which knows the private address."""
    owner = feed_owner(token)
    actor = accounts().principal(owner, "") if owner else None
    if actor is None or not actor.account:
        raise Http404
    content = feed(actor, lambda path: request.build_absolute_uri(path) if not settings.SITE_ADDRESS else f"{settings.SITE_ADDRESS}{path}")
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


@signed_in
@never_cache
@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """Where one can go, as JSON for ``palette.js``, as a page without it."""
    text = request.GET.get("q", "")
    entries = found(actor_of(request), text)
    other = elsewhere(text) if not entries else None
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"entries": as_json(entries), "elsewhere": as_json([other])[0] if other is not None else None})
    return render(request, "desk/palette.html", {"entries": entries, "elsewhere": other, "q": text})


@signed_in
@require_GET
def personal(request: HttpRequest) -> HttpResponse:
    """个人中心: what capabilities know of the person who is signed in."""
    return render(request, "desk/panels.html", {"title": "个人中心", "panels": panels_for(PanelPlace.PERSONAL, actor_of(request))})


@signed_in
@require_GET
def unit(request: HttpRequest) -> HttpResponse:
    """单位中心: what they know of the unit that is acted for."""
    actor = actor_of(request)
    panels = panels_for(PanelPlace.UNIT, actor) if actor.unit else []
    return render(request, "desk/panels.html", {"title": "单位中心", "panels": panels, "nobody": not actor.unit})


@needs("desk.office.open")
@require_GET
def office(request: HttpRequest) -> HttpResponse:
    """The back office: what the actor's post looks after."""
    return render(request, "desk/office.html", {"groups": cards_for(actor_of(request))})
