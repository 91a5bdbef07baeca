"""Sign-in behind a gate: only so many passwords are checked at a time, and whoever must wait sees their place.

Checking passwords, not pages, is what a rush breaks: each check costs some 20 to 50 ms of a core.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render

from keheng.access.actions.door import leave_queue, take_place
from keheng.access.forms import SignInForm
from keheng.access.queries import place_in_queue
from keheng.access.rules.policy import policy
from keheng.kernel.doors import public
from keheng.kernel.gate import Gate

_BUSY = 503
_PATIENCE = 1.0
# Whoever stands so near the front may try: they ask once a second, and slots must not stay empty between.
_FRONT = 8
_CHECKS_PER_SECOND = 30


@cache
def gate(folder: Path) -> Gate:
    """The gate of this installation: two checks for a core."""
    return Gate(folder, policy("queue")["checks_per_core"] * (os.cpu_count() or 1))


class SignInView(LoginView):  # type: ignore[misc]  # allauth is untyped
    """Sign in with login name or e-mail address and password."""

    form_class = SignInForm
    template_name = "access/sign_in.html"

    def get_form_class(self) -> type[SignInForm]:
        """Ours."""
        return SignInForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the password when a slot is free and nobody came before; otherwise tell the place in the queue."""
        ticket = request.POST.get("ticket", "")[:32]
        door = gate(settings.GATE_FOLDER)
        if place_in_queue(ticket) < _FRONT * door.slots:
            with door.entered(_PATIENCE) as entered:
                if entered:
                    if ticket:
                        leave_queue(ticket)
                    response: HttpResponseBase = super().post(request, *args, **kwargs)
                    return response
        return self.wait(request, take_place(ticket))

    def wait(self, request: HttpRequest, ticket: str) -> HttpResponseBase:
        """Tell the place and when to ask again: JSON to our script, a page to everyone else."""
        before = place_in_queue(ticket)
        told = {"ticket": ticket, "before": before, "seconds": min(1 + before // _CHECKS_PER_SECOND, 10)}
        if request.headers.get("Accept", "").startswith("application/json"):
            response: HttpResponseBase = JsonResponse(told, status=_BUSY)
        else:
            form = self.get_form_class()(initial={"login": request.POST.get("login", "")}, request=request)
            response = render(request, self.template_name, {"form": form, "waiting": told}, status=_BUSY)
        response.headers["Retry-After"] = str(told["seconds"])
        response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 -- Django's mark: a queue is no fault to be logged
        return response


sign_in = public(SignInView.as_view())
