"""Bridge judges: seats are exchanged until judges and entries hang together, without which scores cannot be compared.

Two groups of entries that share no judge are *islands* 孤岛: nothing tells whether one group was judged more strictly. Two seats of
different islands change their judges; everybody keeps as many entries as before. One of the two seats lies on a circle, so that
taking it away tears nothing apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

Pair = tuple[int, int]
MaySwap = Callable[[int, int, int], bool]
# So many seats of an island are looked at for an exchange: pairs that may not change places would be tried without end otherwise.
_SPARE_LOOKED_AT, _SEATS_LOOKED_AT = 40, 80


def join_islands(
    kept: Sequence[Pair], seated: Sequence[Pair], may_swap: MaySwap, units: Sequence[frozenset[str]]
) -> tuple[list[Pair], int]:
    """The seats after exchanges, and how many islands are left (1: all hang together; 0: no seats).

    Pairs are (entry, judge). Kept seats never change. ``may_swap(entry, old, new)`` says whether one may sit for the other.
    """
    seats = sorted(seated)
    while True:
        island, spare = _islands([*kept, *seats])
        count = len(set(island.values()))
        swap = _swap(seats, island, spare, _fitting([*kept, *seats], may_swap, units)) if count > 1 else None
        if swap is None:
            return seats, count
        (row, judge), (other_row, other_judge) = swap
        seats = sorted([*(seat for seat in seats if seat not in swap), (row, other_judge), (other_row, judge)])


def count_islands(pairs: Iterable[Pair]) -> tuple[dict[int, int], int]:
    """The island of each entry, the largest first numbered 0, and how many there are."""
    island, _ = _islands(list(pairs))
    members: dict[int, list[int]] = defaultdict(list)
    for entry, root in island.items():
        members[root].append(entry)
    ordered = sorted(members.values(), key=lambda entries: (-len(entries), min(entries)))
    return {entry: number for number, entries in enumerate(ordered) for entry in entries}, len(ordered)


def _islands(pairs: Sequence[Pair]) -> tuple[dict[int, int], set[Pair]]:
    """A root for each entry, and the seats that close a circle: the others already hang together without them."""
    above: dict[int, int] = {}

    def root(node: int) -> int:
        while above.setdefault(node, node) != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    spare: set[Pair] = set()
    for entry, judge in pairs:
        one, other = root(entry), root(-1 - judge)
        if one == other:
            spare.add((entry, judge))
        above[one] = other
    return {entry: root(entry) for entry, _ in pairs}, spare


def _fitting(pairs: Sequence[Pair], may_swap: MaySwap, units: Sequence[frozenset[str]]) -> MaySwap:
    """Whether one may sit for another beside those who stay on the entry."""
    on: dict[int, list[int]] = defaultdict(list)
    for entry, judge in pairs:
        on[entry].append(judge)

    def fits(row: int, old: int, new: int) -> bool:
        staying = (judge for judge in on[row] if judge != old)
        return may_swap(row, old, new) and all(judge != new and not units[judge] & units[new] for judge in staying)

    return fits


def _swap(seats: Sequence[Pair], island: dict[int, int], spare: set[Pair], fits: MaySwap) -> tuple[Pair, Pair] | None:
    """Two seats of different islands whose judges may change places; None when none was found among the first of each island."""
    return next(
        (
            ((row, judge), (other_row, other_judge))
            for row, judge in _first_of_each([seat for seat in seats if seat in spare], island, _SPARE_LOOKED_AT)
            for other_row, other_judge in _first_of_each(seats, island, _SEATS_LOOKED_AT)
            if island[row] != island[other_row] and fits(row, judge, other_judge) and fits(other_row, other_judge, judge)
        ),
        None,
    )


def _first_of_each(seats: Sequence[Pair], island: dict[int, int], most: int) -> list[Pair]:
    seen: dict[int, int] = defaultdict(int)
    found = []
    for row, judge in seats:
        seen[island[row]] += 1
        if seen[island[row]] <= most:
            found.append((row, judge))
    return found
