"""A form that was sent needs its draft no more: whoever answers with a redirect and tells of nothing wrong took it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.messages import ERROR, get_messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from keheng.kernel.desk.drafts import drop_draft
from keheng.kernel.doors import actor_of

# The field in which draft.js names the draft of the form that is sent.
NAMED = "_draft"
_SEE_OTHER = (302, 303)


def sent_drafts(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Drop the draft of a form that was taken; one that came back, or waits for its sender to prove who they are, keeps it."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        # Read after the act: what waited for its sender to prove who they are is put into this request again.
        if response.status_code in _SEE_OTHER and NAMED in request.POST and _taken(request, response):
            drop_draft(actor_of(request).account, request.POST[NAMED])
        return response

    return respond


def _taken(request: HttpRequest, response: HttpResponseBase) -> bool:
    if response.headers["Location"].startswith(reverse("account_reauthenticate")):
        return False
    told = get_messages(request)
    wrong = any(one.level >= ERROR for one in told)
    # Looking at them here does not count as showing them.
    told.used = False  # type: ignore[union-attr]  # the stubs call the storage a list where messages are switched off
    return not wrong
