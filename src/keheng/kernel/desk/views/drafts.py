"""What ``draft.js`` asks: the draft of a form, saving it, discarding it."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from keheng.kernel.desk.drafts import KEY, Kept, UnusableDraftError, drop_draft, kept_draft, save_draft, typed_from
from keheng.kernel.doors import actor_of, signed_in
from keheng.kernel.trail.record import mark

_LONGEST_BODY = 400_000
_CONFLICT, _BAD = 409, 400


def _told(account: str, kept: Kept) -> dict[str, object]:
    """A draft for its page. ``owner`` tells accounts apart without naming one, for what a window keeps by itself."""
    saved = f"{localtime(kept.saved_at):%Y-%m-%d %H:%M}" if kept.saved_at else ""
    return {"version": kept.version, "saved": saved, "fields": kept.typed.fields, "owner": mark(f"draft:{account}")[:16]}


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """The draft of a form; posted, a newer one of it. 409 with the one that is kept when that is newer still."""
    account = actor_of(request).account
    if not KEY.fullmatch(key):
        raise Http404
    if request.method == "GET":
        return JsonResponse(_told(account, kept_draft(account, key)))
    try:
        if len(request.body) > _LONGEST_BODY:
            raise UnusableDraftError("too long")
        content = json.loads(request.body)
        typed = typed_from(content)
        over = content.get("version", 0)
        version = save_draft(account, key, typed, over if isinstance(over, int) and 0 <= over < 1 << 31 else 0)
    except ValueError as error:
        return JsonResponse({"wrong": str(error)}, status=_BAD)
    kept = kept_draft(account, key)
    return JsonResponse(_told(account, kept), status=200 if version else _CONFLICT)


@signed_in
@require_POST
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw a draft away."""
    drop_draft(actor_of(request).account, key)
    return HttpResponse(status=204) if request.headers.get("X-Fragment") else redirect("desk:desk")
