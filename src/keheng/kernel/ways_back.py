"""Where a page leads back to when an act is done: as the page told, but never to another site."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, otherwise: str = "/") -> str:
    """The path that the request names as ``next``; ``otherwise`` where it names none, or something that is no path of this site."""
    told = request.POST.get("next") or request.GET.get("next") or ""
    try:
        named = urlsplit(told)
    except ValueError:
        return otherwise
    ours = url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure())
    return told if ours and named.path.startswith("/") and not named.netloc and told.isprintable() else otherwise
