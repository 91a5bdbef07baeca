"""What every request passes: who acts and for which unit, second factor by role, ends of sessions, headers."""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse

from keheng.access.service import Standing, password_is_old, policy, standing
from keheng.kernel.api.problems import as_problem
from keheng.kernel.powers import Principal
from keheng.kernel.spoken import without_language
from keheng.site.installation import address_of
from keheng.site.proving import prove_again, take_up

Answer = Callable[[HttpRequest], HttpResponseBase]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# What stays open to someone who must first set up a second factor or change the password.
_PREPARING = (
    "/account/2fa/",
    "/account/password/",
    "/account/reauthenticate/",
    "/account/logout/",
    "/account/confirm-email/",
    "/account/devices/",
    "/static/",
    "/healthz",
)
# Signing in may end at another system, by a redirect that follows a form.
_HANDING_OVER = POLICY.replace("form-action 'self'", "form-action 'self' https: http://localhost:* http://127.0.0.1:*")


def headers(answer: Answer) -> Answer:
    """A page of ours runs only our scripts and styles, and stands in nobody's frame."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        handing_over = without_language(request.path).startswith(("/account/", "/identity/"))
        response.headers.setdefault("Content-Security-Policy", _HANDING_OVER if handing_over else POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response

    return respond


def api_problems(answer: Answer) -> Answer:
    """What the framework itself answers under the API, such as a method that an address does not take, is told as the API tells it."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        return as_problem(response) if request.path.startswith("/api/v1/") else response

    return respond


def without_nul(answer: Answer) -> Answer:
    """No database keeps the character NUL and nobody can type it: what carries it to make a fault arrives without it."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        request.path, request.path_info = request.path.replace("\0", ""), request.path_info.replace("\0", "")
        # What the API is asked is no form, and is judged as it came.
        if request.path.startswith("/api/"):
            return answer(request)
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _plain(request.GET)  # type: ignore[assignment]  # the stubs call it immutable, which holds for what it contains
        if request.method == "POST" and any("\0" in value for _, values in request.POST.lists() for value in values):
            request.POST = _plain(request.POST)  # type: ignore[assignment]  # as above: a QueryDict for a QueryDict
        return answer(request)

    return respond


def _plain(given: QueryDict) -> QueryDict:
    plain = given.copy()
    for name, values in given.lists():
        plain.setlist(name, [value.replace("\0", "") for value in values])
    return plain


def acting(answer: Answer) -> Answer:
    """Set ``request.actor`` and ``request.standing``, and what step-up needs; send away whose session is over or not yet enough."""

    def respond(request: Any) -> HttpResponseBase:
        address = address_of(request.META)
        request.actor, request.standing = Principal("", address=address), None
        if request.user.is_authenticated:
            if _is_over(request):
                logout(request)
                return HttpResponseRedirect(f"{reverse('account_login')}?next={request.path}")
            held = standing(request.user, request.session.get("unit"))
            request.standing, request.actor = held, held.principal(address)
            away = _not_enough(request, held)
            if away is not None:
                return away
            take_up(request)
        request.proven = lambda: did_recently_reauthenticate(request)
        request.prove_again = lambda: prove_again(request)
        return answer(request)

    return respond


def _is_over(request: HttpRequest) -> bool:
    """Idle too long, or signed in too long ago; marks the session as in use, at most once a minute."""
    limits, moment = policy("session"), time()
    session = request.session
    began, seen = session.setdefault("began", moment), session.setdefault("seen", moment)
    if moment - seen > limits["idle_minutes"] * 60 or moment - began > limits["hours"] * 3600:
        return True
    if moment - seen > 60:  # noqa: PLR2004 -- a minute: every look at a page need not be a write
        session["seen"] = moment
        UserSession.objects.create_from_request(request)
    return False


def _not_enough(request: HttpRequest, held: Standing) -> HttpResponseBase | None:
    """Staff without a second factor must set one up; an old password must be changed."""
    if without_language(request.path).startswith(_PREPARING):
        return None
    if held.is_staff and not held.second_factor:
        return HttpResponseRedirect(reverse("mfa_index"))
    if password_is_old(held.account):
        return HttpResponseRedirect(reverse("account_change_password"))
    return None
