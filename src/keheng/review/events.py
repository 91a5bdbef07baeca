"""What happened in a review: others may follow, ``matters`` among them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoundDrawn:
    """The judges of a round were drawn; ``round`` is its number in the database."""

    round: int


@dataclass(frozen=True, slots=True)
class ListPublished:
    """The proposed list of a round was published; ``kind`` is the kind of its subjects."""

    round: int
    kind: str


@dataclass(frozen=True, slots=True)
class RoundClosed:
    """A round is over and its list stands."""

    round: int
    kind: str
