"""Figures that other systems send by themselves: signed messages, no token."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import APIKeyHeader
from pydantic import Field, StringConstraints

from keheng.kernel.api.building import paced
from keheng.kernel.api.limits import limits
from keheng.kernel.doors import actor_of
from keheng.kernel.powers import Principal
from keheng.performance.actions.outside import Figure
from keheng.performance.actions.senders import sender_of, take_figures

router = Router(tags=["外部数据 outside figures"])
_MOST = 200


class Signed(APIKeyHeader):
    """The number of a system in ``Keheng-Sender``; ``Keheng-Signature: t=<seconds>,v1=<hex>`` is HMAC-SHA256 over ``<seconds>.<body>``."""

    param_name = "Keheng-Sender"

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        """The system, counted; None for one that is not let in."""
        sender = sender_of(key or "", request.headers.get("Keheng-Signature", ""), request.body)
        if sender is None:
            return None
        paced(request, f"sender:{sender.pk}", limits()["requests_a_minute"]["token"])
        address = actor_of(request).address
        request.actor = Principal(sender.by, "outside_sender", str(sender.unit_id), address)  # type: ignore[attr-defined]  # as tokens do
        return sender


_PLAIN = r"^[^\x00]*$"
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 1, 1))]


class FigureIn(Schema):
    """A figure of a period, both days included; ``reference`` names the record at its origin, and makes it count once."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=_PLAIN)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=_PLAIN)]
    value: Annotated[Decimal, Field(max_digits=20, decimal_places=4)]
    measured_in: Annotated[str, StringConstraints(max_length=20, pattern=_PLAIN)] = ""
    begin: Day
    last: Day
    origin: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_PLAIN)]
    reference: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=_PLAIN)]


class FiguresIn(Schema):
    """What a system sends at once."""

    figures: Annotated[list[FigureIn], Field(min_length=1, max_length=_MOST)]


class TakenOut(Schema):
    """How many figures stand now as they were sent."""

    taken: int


@router.post("", auth=Signed(), response=TakenOut, summary="报送外部数据 send figures of one's unit, all or none")
def send_figures(request: HttpRequest, body: FiguresIn) -> TakenOut:
    """Enter figures; the same again changes nothing, another value under a known reference is refused."""
    sender = request.auth  # type: ignore[attr-defined]  # set by the library
    figures = [Figure(**one.model_dump()) for one in body.figures]
    return TakenOut(taken=take_figures(actor=actor_of(request), sender=sender, figures=figures, body=request.body))
