"""管理后台: cards that packages register, each for whoever holds its permission, so that each post sees its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from keheng.kernel.powers import Principal

logger = logging.getLogger("keheng.desk")


@dataclass(frozen=True, slots=True)
class Card:
    """A place of the back office. ``figure`` tells how many wait there, None: nothing to count; above 0 it stands out."""

    group: str
    title: str
    text: str
    icon: str
    address: str
    permission: str
    figure: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card with its figure as of now; None where there is none, or it could not be found out."""

    card: Card
    url: str
    figure: int | None


_cards: list[Card] = []


def register_card(card: Card) -> None:
    """Show a card from now on, once."""
    if card not in _cards:
        _cards.append(card)


def cards_for(actor: Principal) -> dict[str, list[ShownCard]]:
    """The cards an actor may open, by group, in the order of registration."""
    found: dict[str, list[ShownCard]] = {}
    for card in _cards:
        if actor.may(card.permission):
            found.setdefault(card.group, []).append(ShownCard(card, reverse(card.address), _figure(card)))
    return found


def _figure(card: Card) -> int | None:
    try:
        return card.figure() if card.figure else None
    except Exception:
        # A figure that fails takes no page with it, as with panels.
        logger.exception("the figure of %s failed", card.address)
        return None
