"""Writes that happen once: whoever did not hear the answer asks again under the same key, and hears it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Header, Schema

from keheng.kernel.api.models import KeptAnswer
from keheng.kernel.api.problems import answer
from keheng.kernel.doors import actor_of
from keheng.kernel.errors import Refused, problem

OnceKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key", min_length=8, max_length=80, pattern=r"^[A-Za-z0-9_.:-]+$",
        description="Chosen by the caller for this one write; the same key gives the same answer for two days",
    ),
]  # fmt: skip


def once(request: HttpRequest, key: str, act: Callable[[], tuple[int, Schema | None]]) -> HttpResponse:
    """Do the act and keep its answer under the caller's key, in one transaction; or give the answer that is kept.

    Raises Refused as the act does (nothing is kept then); a key that was used for another request is answered with 409.
    """
    asked = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    caller = _caller(request)
    refusal: Refused | None = None
    with transaction.atomic():
        try:
            with transaction.atomic():
                kept = KeptAnswer.objects.create(caller=caller, key=key, asked=asked, at=now())
        except IntegrityError:
            # Whoever wrote it has committed by now: the insert waited.
            return _again(KeptAnswer.objects.get(caller=caller, key=key), asked)
        try:
            status, out = act()
        except Refused as error:
            # The trail keeps the refusal, so the transaction stands; the key is free for a better try.
            kept.delete()
            refusal = error
        else:
            kept.status, kept.body = status, "" if out is None else out.model_dump_json(by_alias=True)
            kept.save(update_fields=["status", "body"])
    if refusal is not None:
        raise refusal
    return HttpResponse(kept.body, status=kept.status, content_type="application/json")


def _again(kept: KeptAnswer, asked: str) -> HttpResponse:
    if kept.asked != asked:
        return answer(409, problem("API_KEY_REUSED").zh)
    return HttpResponse(kept.body, status=kept.status, content_type="application/json", headers={"Idempotent-Replayed": "true"})


def _caller(request: HttpRequest) -> str:
    actor = actor_of(request)
    return f"account:{actor.account}:{actor.unit}" if actor.account else f"visitor:{actor.address}"
