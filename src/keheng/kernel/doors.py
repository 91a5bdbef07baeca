"""Who may open a page: every view carries exactly one of these marks, and a test crawls all addresses for it.

``request.actor`` is a ``Principal``; its account is empty for a visitor. ``request.proven()`` tells whether the person has lately
proved again who they are, which dangerous permissions ask for; ``request.prove_again()`` asks, and comes back with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url

from keheng.kernel.powers import Principal, permissions

View = Callable[..., HttpResponseBase]


def actor_of(request: HttpRequest) -> Principal:
    """Who asks."""
    return cast("Principal", request.actor)  # type: ignore[attr-defined]  # set by the middleware of access


def public(view: View) -> View:
    """Anyone may open the page."""
    return _marked(view, "public", lambda _request: None)


def shared(view: View, seconds: int = 2) -> View:
    """Anyone may open the page, and everyone who has not signed in sees the same: it may be kept for some seconds.

    Such a page takes nothing from cookies but the language and look, and shows nothing of the visitor.
    """

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if not actor_of(request).account:
            response.headers["Keheng-Shared"] = str(seconds)
        return response

    return public(marked)


def signed_in(view: View) -> View:
    """Whoever has signed in may open the page."""
    return _marked(view, "signed_in", _to_sign_in)


def needs(permission: str) -> Callable[[View], View]:
    """Only who holds the permission may open the page; the records on it are bounded by the view."""

    def check(request: HttpRequest) -> HttpResponseBase | None:
        away = _to_sign_in(request)
        if away is not None:
            return away
        actor_of(request).demand(permission)
        return proof_asked(request, permission)

    return lambda view: _marked(view, permission, check)


def needs_or(permission: str, admitted: Callable[[HttpRequest], bool]) -> Callable[[View], View]:
    """Who holds the permission may open the page, or whom a record admits by name; the records on it are bounded by the view."""

    def check(request: HttpRequest) -> HttpResponseBase | None:
        away = _to_sign_in(request)
        if away is not None or (not actor_of(request).may(permission) and admitted(request)):
            return away
        actor_of(request).demand(permission)
        return proof_asked(request, permission)

    return lambda view: _marked(view, permission, check)


def proof_asked(request: HttpRequest, permission: str) -> HttpResponse | None:
    """Where a person who wants to use a dangerous permission must prove again who they are; None when nothing is asked."""
    if permissions()[permission].dangerous and not request.proven():  # type: ignore[attr-defined]  # set by the middleware of access
        return cast("HttpResponse", request.prove_again())  # type: ignore[attr-defined]  # as above: keeps what was typed and comes back
    return None


def _marked(view: View, door: str, check: Callable[[HttpRequest], HttpResponseBase | None]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return check(request) or view(request, *args, **kwargs)

    guarded.door = door  # type: ignore[attr-defined]  # read by the crawl of all addresses
    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponseBase | None:
    return None if actor_of(request).account else _redirect(settings.LOGIN_URL, request)


def _redirect(to: str, request: HttpRequest) -> HttpResponseRedirect:
    """Away, and back afterwards: to the page itself, or for an act to where it was begun."""
    back = request.get_full_path() if request.method == "GET" else request.path
    return HttpResponseRedirect(f"{resolve_url(to)}?{urlencode({'next': back})}")
