"""What was sent from a page of another sign-in: kept, and sent again by one press."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from keheng.portal.views.showing import show

_FORBIDDEN = 403


def sent_too_late(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django tells it so
    """The page instead of Django's bare one.

    Only what a page of ours sent is offered again: a page of others could have put words into somebody's mouth. Passwords and
    files are not repeated.
    """
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    sent = [(name, value) for name, values in request.POST.lists() for value in values if _is_repeated(name)] if ours else []
    return show(request, "sent_too_late.html", {"sent": sent, "files": bool(request.FILES)}, status=_FORBIDDEN)


def _is_repeated(name: str) -> bool:
    return name != "csrfmiddlewaretoken" and "password" not in name
