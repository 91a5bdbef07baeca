"""Over the API: who one is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from keheng.kernel.doors import actor_of

router = Router(tags=["账号 account"])


class PowerOut(Schema):
    """A permission within its reach."""

    permission: str
    reach: str
    unit: int | None
    district: str


class MeOut(Schema):
    """For whom a token acts, and what it may do."""

    account: str
    unit: str
    role: str
    powers: list[PowerOut]


@router.get("", response=MeOut, summary="我是谁 who am I")
def me(request: HttpRequest) -> dict[str, Any]:
    """The account behind the token, the unit it acts for, what it may do now."""
    actor = actor_of(request)
    powers = [PowerOut(permission=one.permission, reach=str(one.reach), unit=one.unit, district=one.district) for one in actor.powers]
    return {"account": actor.account, "unit": actor.unit, "role": actor.role, "powers": powers}
