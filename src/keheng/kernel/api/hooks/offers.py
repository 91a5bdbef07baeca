"""Which events other systems may be told of, by whom they may be heard, and what is told: numbers, never personal data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keheng.kernel.api.hooks.sending import hand_out
from keheng.kernel.powers import Principal

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """An event under its public name; ``permission`` is what its hearer must hold, "" for what is public.

    ``reaches`` tells whether an actor may hear of this one; ``data`` is what is told of it.
    """

    name: str
    zh: str
    permission: str
    reaches: Callable[[Principal, Payload], bool]
    data: Callable[[Payload], dict[str, Any]]


_offers: dict[str, Offer] = {}


def offers() -> list[Offer]:
    """Everything offered, by name."""
    return [_offers[name] for name in sorted(_offers)]


def tell_hooks(offer: Offer) -> Callable[[Payload], None]:
    """A reaction for the wiring: hands an event out to every webhook that listens and may hear it.

    Raises ValueError for a name that another offer has.
    """
    if _offers.setdefault(offer.name, offer) != offer:
        raise ValueError(f"event {offer.name} is offered twice")

    def react(payload: Payload) -> None:
        hand_out(
            offer.name,
            lambda actor: (not offer.permission or actor.may(offer.permission)) and offer.reaches(actor, payload),
            offer.data(payload),
        )

    return react
