"""A draw that anyone can run again: what is published first, what is revealed after, and whether the two give what was announced.

1. Before the draw the *commitment sheet* is published: the digest of the pool (judges and entries under codes, avoidance as pairs
   of codes, the rules) and the commitment to each half of the key. 2. After it the halves are revealed with the pool and the seats.
3. Whoever has the file computes all three again. Codes stand for people and units: the file names nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keheng.review.rules.assignment import Seating, seat_judges
from keheng.review.rules.chance import commitment, digest, joined, later
from keheng.review.rules.seats import Pool, Seat, pool_from

FORMAT = "keheng.draw/1"


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a published draw holds: the digest, the halves of the key, the seats; ``differing`` are seats found on one side only."""

    digest_holds: bool
    keys_hold: bool
    seats_hold: bool
    differing: tuple[Seat, ...]

    @property
    def holds(self) -> bool:
        """Whether all of it holds."""
        return self.digest_holds and self.keys_hold and self.seats_hold


def sheet(pool: Pool, commitments: Sequence[str], number: int = 0) -> dict[str, Any]:
    """What is fixed before the draw; ``number`` counts drawings again, for replacements, from 1."""
    return {"format": FORMAT, "number": number, "commitments": list(commitments), "pool": pool.document()}


def drawn(one: Mapping[str, Any], halves: Sequence[str]) -> Seating:
    """The seating of a sheet under the halves of its key; raises ValueError when a half is not the one committed to."""
    if [commitment(half) for half in halves] != list(one["commitments"]):
        raise ValueError("the key is not the one that was committed to")
    key = joined(halves)
    return seat_judges(pool_from(one["pool"]), later(key, one["number"]) if one["number"] else key)


def published(one: Mapping[str, Any], halves: Sequence[str], seating: Seating) -> dict[str, Any]:
    """The whole draw as a file that anyone may check."""
    return {
        "sheet": dict(one), "digest": digest(one), "halves": list(halves), "seats": [[seat.entry, seat.judge] for seat in seating.seats]
    }  # fmt: skip


def redraw(file: Mapping[str, Any]) -> Proof:
    """Run a published draw again; raises KeyError, TypeError or ValueError for a file that is none."""
    one, halves = file["sheet"], list(file["halves"])
    if one["format"] != FORMAT:
        raise ValueError(f"{one['format']!r} is not {FORMAT}")
    announced = {Seat(entry, judge) for entry, judge in file["seats"]}
    keys_hold = [commitment(half) for half in halves] == list(one["commitments"])
    key = joined(halves)
    found = set(seat_judges(pool_from(one["pool"]), later(key, one["number"]) if one["number"] else key).seats)
    return Proof(digest(one) == file["digest"], keys_hold, announced == found, tuple(sorted(announced ^ found)))
