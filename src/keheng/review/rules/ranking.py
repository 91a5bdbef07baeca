"""Who is proposed within the quota, and whose proposal rests on the strictness of who read the entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry's official score, and the levelled one where there is one."""

    code: str
    official: Decimal
    levelled: Decimal | None


def proposed(standings: Sequence[Standing], quota: int) -> set[str]:
    """The best by official score. Entries with the score of the last place are all in or all out: a list never passes its quota."""
    ordered = sorted(standings, key=lambda one: -one.official)
    if len(ordered) <= quota:
        return {one.code for one in ordered}
    first_out = ordered[quota].official
    return {one.code for one in ordered[:quota] if one.official > first_out}


def flipping(standings: Sequence[Standing], quota: int) -> set[str]:
    """Entries that are proposed by one score and not by the other, among those with both; as many places are compared as were given."""
    both = [one for one in standings if one.levelled is not None]
    official = proposed(standings, quota) & {one.code for one in both}
    ordered = sorted(both, key=lambda one: (-(one.levelled or Decimal()), one.code))
    return official ^ {one.code for one in ordered[: len(official)]}
