"""What would lift a person to a class: the fewest changes that suffice, none of them larger than needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import combinations, product

from keheng.matters.rules.scales.score import Score
from keheng.matters.rules.scales.table import Bands, Choice, Choices, Item

_MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Change:
    """An item that would be told otherwise: from this number on, or this answer; and the points it would bring more."""

    item: Item
    number: Decimal | None
    answer: Choice | None
    more: Decimal


def lifts(score: Score, to: str) -> list[tuple[Change, ...]]:
    """Ways to a class from the points that are certain, each with as few changes as any; [] where it is reached, or no three suffice.

    A way is told only when none of its changes could be a smaller one of the same item. Unknown items count as changes too.
    """
    lacking = score.table.classes[to] - score.low
    if lacking <= 0 or score.refused:
        return []
    options = [steps for line in score.lines if (steps := list(_steps(line.item, line.low, open_=not line.known)))]
    for count in range(1, _MOST_CHANGES + 1):
        found = [way for chosen in combinations(options, count) for way in product(*chosen) if _just_enough(way, chosen, lacking)]
        if found:
            return sorted(found, key=lambda way: [change.more for change in way])
    return []


def _steps(item: Item, now: Decimal, *, open_: bool) -> Iterator[Change]:
    """Changes of an item that bring more, the smallest first."""
    if not (item.lift or open_):
        return
    if isinstance(item, Bands):
        for row in reversed(item.rows):
            if row.each:
                yield from _climb(item, now)
            elif row.points > now:
                yield Change(item, row.begin, None, row.points - now)
    elif isinstance(item, Choices):
        better = {row.points: row for row in reversed(item.rows) if row.points > now and (open_ or not row.fixed)}
        yield from (Change(item, None, better[points], points - now) for points in sorted(better))


def _climb(item: Bands, now: Decimal) -> Iterator[Change]:
    row = next(row for row in item.rows if row.each)
    points = max(row.points, now + row.each)
    while points <= item.most:
        yield Change(item, row.begin + ((points - row.points) / row.each).to_integral_value(ROUND_CEILING), None, points - now)
        points += row.each


def _just_enough(way: tuple[Change, ...], options: tuple[list[Change], ...], lacking: Decimal) -> bool:
    gained = sum(change.more for change in way)
    if gained < lacking:
        return False
    spare = gained - lacking
    return not any(
        change.more - spare <= smaller.more < change.more for change, steps in zip(way, options, strict=True) for smaller in steps
    )
