"""Webhooks over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from keheng.kernel.api.hooks.actions import hooks_of, make_hook, own_hook, ping, remove_hook, resume_hook
from keheng.kernel.api.hooks.offers import offers
from keheng.kernel.api.models import Delivery, Hook
from keheng.kernel.api.once import OnceKey, once
from keheng.kernel.doors import actor_of

router = Router(tags=["推送 webhooks"])
_Event = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z_.]+$")]


class OfferOut(Schema):
    """An event that can be listened to."""

    name: str
    zh: str
    permission: str = Field(description="What the webhook's account must hold to hear of it")


class HookIn(Schema):
    """A new webhook."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
    url: Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[!-~]+$")]
    events: Annotated[list[_Event], Field(max_length=50)]


class HookOut(Schema):
    """A webhook as its owner sees it."""

    id: UUID
    name: str
    url: str
    events: list[str]
    active: bool
    failures_in_a_row: int
    made_at: datetime


class NewHookOut(HookOut):
    """A webhook just made: the only time its secret is told."""

    secret: str


class DeliveryOut(Schema):
    """One event on its way."""

    id: UUID
    event: str
    state: str
    tries: int
    answer: str
    made_at: datetime
    sent_at: datetime | None


@router.get("/events", response=list[OfferOut], summary="可订阅的事件 events to listen to")
def list_events(request: HttpRequest) -> list[OfferOut]:  # noqa: ARG001 -- the same for all
    """Every event that can be listened to."""
    return [OfferOut(name=one.name, zh=one.zh, permission=one.permission) for one in offers()]


@router.get("", response=list[HookOut], summary="我的推送 my webhooks")
def list_hooks(request: HttpRequest) -> list[Hook]:
    """The caller's webhooks."""
    return hooks_of(actor_of(request))


@router.post("", response={201: NewHookOut}, summary="新建推送 make a webhook")
def create_hook(request: HttpRequest, body: HookIn, key: OnceKey) -> HttpResponse:
    """Make a webhook; its secret is told once."""
    actor = actor_of(request)
    return once(request, key, lambda: (201, NewHookOut.from_orm(make_hook(actor=actor, **body.dict()))))


@router.post("/{hook}/ping", response={202: DeliveryOut}, summary="试发 try it")
def ping_hook(request: HttpRequest, hook: UUID, key: OnceKey) -> HttpResponse:
    """Send a ``ping``; its delivery tells how it was heard. A paused webhook is to be resumed first."""
    return once(request, key, lambda: (202, DeliveryOut.from_orm(ping(_own(request, hook)))))


@router.post("/{hook}/resume", response={200: HookOut}, summary="重新启用 resume")
def resume(request: HttpRequest, hook: UUID, key: OnceKey) -> HttpResponse:
    """Send again after a pause; what happened meanwhile is sent first, as long as deliveries are kept."""

    def act() -> tuple[int, HookOut]:
        own = _own(request, hook)
        resume_hook(actor=actor_of(request), hook=own)
        return 200, HookOut.from_orm(own)

    return once(request, key, act)


@router.get("/{hook}/deliveries", response=list[DeliveryOut], summary="最近的推送 latest deliveries")
def list_deliveries(request: HttpRequest, hook: UUID) -> list[Delivery]:
    """The last hundred."""
    with transaction.atomic():
        return list(_own(request, hook).deliveries.order_by("-made_at")[:100])


@router.delete("/{hook}", response={204: None}, summary="删除推送 remove a webhook")
def delete_hook(request: HttpRequest, hook: UUID, key: OnceKey) -> HttpResponse:
    """Take it away."""

    def act() -> tuple[int, None]:
        remove_hook(actor=actor_of(request), hook=_own(request, hook))
        return 204, None

    return once(request, key, act)


def _own(request: HttpRequest, hook: UUID) -> Hook:
    try:
        return own_hook(actor_of(request), hook)
    except Hook.DoesNotExist:
        raise Http404 from None
