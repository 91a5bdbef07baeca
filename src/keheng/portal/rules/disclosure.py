"""What may be shown of counted answers: no cell, and no rest of cells, that stands for fewer than the smallest number of people."""

from __future__ import annotations

from collections.abc import Sequence

from keheng.portal.enums.outreach import parameter


def smallest() -> int:
    """The smallest number of people that a shown cell stands for."""
    return int(parameter("smallest_cell"))


def shown_cells(counts: Sequence[int]) -> list[int | None]:
    """Cells of a whole that is known, small ones hidden (None), and as many more that what is hidden cannot be worked out.

    The hidden cells stand for the smallest number at least and are two or more, so that neither one of them nor their sum tells of
    few people. Cells of nobody are shown as they are: they are about no person.
    """
    least = smallest()
    hidden = {place for place, count in enumerate(counts) if 0 < count < least}
    if hidden:
        rest = sorted((count, place) for place, count in enumerate(counts) if count and place not in hidden)
        while rest and (len(hidden) < 2 or sum(counts[place] for place in hidden) < least):  # noqa: PLR2004 -- one hidden cell is the rest of the whole
            hidden.add(rest.pop(0)[1])
    return [None if place in hidden else count for place, count in enumerate(counts)]


def shown_share(count: int, of: int) -> int | None:
    """How many of a known number said yes, unless few did or few did not."""
    least = smallest()
    return None if 0 < count < least or 0 < of - count < least else count
