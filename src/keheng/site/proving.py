"""Proving again who one is in the middle of something: what was sent waits in the session, and is done at its own address afterwards.

The library that asks can run what waited by itself, but as an answer of its own page: a form that then comes back with something
wrong would be sent to that page the next time, and lost.
"""

from __future__ import annotations

from secrets import compare_digest, token_urlsafe
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse

AGAIN, _WAITING = "again", "waiting_for_proof"
_ASKING = ("_reauthenticate", "_reauthenticate_webauthn")


def prove_again(request: HttpRequest) -> HttpResponseRedirect:
    """Ask who one is, and come back to the same address; what was sent waits under a key that only this way back knows."""
    back = request.GET.copy()
    if request.method == "POST":
        key = token_urlsafe(12)
        request.session[_WAITING] = {"key": key, "path": request.path, "sent": request.POST.urlencode(), "left": _left(request)}
        back[AGAIN] = key
    there = f"{request.path}?{back.urlencode()}" if back else request.path
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': there})}")


def _left(request: HttpRequest) -> str:
    """The page of ours on which something was sent; the workbench where the browser does not tell."""
    told = urlsplit(request.headers.get("Referer", ""))
    return told._replace(scheme="", netloc="").geturl() if told.netloc == request.get_host() and told.path else reverse("desk:desk")


def left_behind(request: HttpRequest) -> str:
    """Beside the question who one is: the page on which something was sent that waits; '' where nothing does."""
    asking = request.resolver_match is not None and str(request.resolver_match.url_name).endswith(_ASKING)
    return request.session.get(_WAITING, {}).get("left", "") if asking else ""


def take_up(request: HttpRequest) -> None:
    """Make the request the one that waited, once, where it comes back with its key and it is proven who sends it.

    It was checked for forgery when it came, before it waited.
    """
    key, waiting = request.GET.get(AGAIN, ""), request.session.get(_WAITING)
    if request.method != "GET" or not key or waiting is None or waiting["path"] != request.path:
        return
    if not compare_digest(key.encode(), waiting["key"].encode()) or not did_recently_reauthenticate(request):
        return
    del request.session[_WAITING]
    query = request.GET.copy()
    del query[AGAIN]
    request.method, request.GET, request.POST = "POST", query, QueryDict(waiting["sent"])  # type: ignore[assignment]  # stubs: a query is immutable
    request.__dict__["_dont_enforce_csrf_checks"] = True
