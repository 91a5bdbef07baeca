"""Finding one's own registration or booking by its number and the phone."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from keheng.kernel.doors import actor_of
from keheng.kernel.errors import Problem, problem
from keheng.portal.enums.outreach import parameter
from keheng.portal.forms.activities import LookUpForm
from keheng.portal.rules.registrations import attendee
from keheng.portal.views.asking import Asked, form_page, posted

_HOUR = 3600


def look_up_page(request: HttpRequest, asked: Asked, find: Callable[[str, str], str | None]) -> HttpResponse:
    """Ask for number and phone, and go where ``find`` leads; which of the two is wrong is not told."""
    form = LookUpForm(posted(request))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = _often(actor_of(request).address)
        if not problems:
            to = find(form.cleaned_data["number"].strip().upper(), attendee("", form.cleaned_data["phone"]).mark)
            if to is not None:
                return redirect(to)
            problems = (problem("REG_UNKNOWN"),)
    return form_page(request, asked, form, problems)


def _often(address: str) -> tuple[Problem, ...]:
    """Looking up is bounded by the hour and address, so that nobody goes through all numbers."""
    key = f"portal-lookups-{address}"
    cache.add(key, 0, _HOUR)
    return (problem("REG_OFTEN"),) if cache.incr(key) > parameter("lookups_an_hour") else ()
