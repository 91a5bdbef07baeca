"""Where one is signed in, and ending it elsewhere."""

from __future__ import annotations

import re

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from keheng.access.actions.accounts import end_session
from keheng.kernel.doors import actor_of, signed_in

# The first that fits: browsers name those they descend from as well.
_BROWSERS = ("MicroMessenger", "Edg", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("Android", "iPhone", "iPad", "HarmonyOS", "Windows", "Mac OS", "Linux")
_NAMES = {"MicroMessenger": "微信", "Edg": "Edge", "Mac OS": "macOS"}


def device(agent: str) -> str:
    """Browser and system in a user agent's text, as a person would say it."""
    found = [next((name for name in names if re.search(re.escape(name), agent)), "") for names in (_BROWSERS, _SYSTEMS)]
    return " · ".join(_NAMES.get(name, name) for name in found if name) or "其他设备"


@signed_in
def devices(request: HttpRequest) -> HttpResponse:
    """One's sessions, the newest first."""
    found = UserSession.objects.purge_and_list(request.user)
    rows = [
        {"session": one, "device": device(one.user_agent), "current": one.session_key == request.session.session_key}
        for one in sorted(found, key=lambda one: one.last_seen_at, reverse=True)
    ]
    return render(request, "access/devices.html", {"rows": rows})


@signed_in
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    end_session(actor=actor_of(request), session=session)
    messages.success(request, f"已退出：{device(session.user_agent)}")
    return redirect("access:devices")
