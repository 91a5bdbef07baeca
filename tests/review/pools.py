"""Pools of judges and entries for tests, and whether a seating breaks a rule."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

from hypothesis import strategies as st

from keheng.review.rules.assignment import Seating
from keheng.review.rules.seats import Entry, Judge, Pool


def by_seed(seed: int) -> random.Random:
    """Chance of a fixed seed."""
    return random.Random(seed)  # noqa: S311 -- no secret: the same case every time


def pool(judges: int, entries: int, *, need: int = 3, units: int = 8, avoid: int = 2, most: int = 99, seed: int = 7) -> Pool:
    """A pool by chance of a fixed seed."""
    chance = by_seed(seed)
    panel = [Judge(f"J{n:03}", "net", (f"U{chance.randrange(units)}",), most) for n in range(judges)]
    refs = [one.ref for one in panel]
    return Pool(panel, [Entry(f"E{n:04}", {"net": need}, frozenset(chance.sample(refs, avoid))) for n in range(entries)])


@st.composite
def pools(draw: st.DrawFn, kinds: tuple[str, ...] = ("net",), units_each: int = 1) -> Pool:
    """Small pools, tight enough that seats are sometimes left empty."""
    units = st.sets(st.sampled_from("UVWXYZ"), min_size=1, max_size=units_each).map(tuple)
    judges = [
        Judge(f"J{n}", draw(st.sampled_from(kinds)), draw(units), draw(st.integers(0, 3)), draw(st.sampled_from([("a.1",), ("b.1",), ()])))
        for n in range(draw(st.integers(1, 6)))
    ]
    refs = st.sets(st.sampled_from([one.ref for one in judges]), max_size=3).map(frozenset)
    need = st.dictionaries(st.sampled_from(kinds), st.integers(1, 3), max_size=len(kinds))
    entries = [
        Entry(f"E{n}", draw(need), draw(refs), draw(st.sampled_from(["", "a.1", "a.2", "b.1"]))) for n in range(draw(st.integers(1, 5)))
    ]
    return Pool(judges, entries)


def breaches(given: Pool, seating: Seating) -> list[str]:
    """Every rule of the draw that the seating breaks."""
    judges = {one.ref: one for one in given.judges}
    kept = set(given.kept)
    on: dict[str, list[Judge]] = defaultdict(list)
    found = [f"{seat} is gone" for seat in kept - set(seating.seats)]
    for seat in seating.seats:
        on[seat.entry].append(judges[seat.judge])
    for entry in given.entries:
        sitting = on[entry.ref]
        kinds = Counter(one.kind for one in sitting)
        found += [f"{entry.ref}: {one.ref} avoids it" for one in sitting if one.ref in entry.avoid]
        units = Counter(unit for one in sitting for unit in one.units)
        found += [f"{entry.ref}: {count} of {unit}" for unit, count in units.items() if count > 1]
        for kind, wanted in entry.need.items():
            if kinds[kind] + seating.empty.get((entry.ref, kind), 0) != wanted:
                found.append(f"{entry.ref}: {kinds[kind]} of {wanted} {kind}")
    loads = Counter(seat.judge for seat in seating.seats)
    return found + [f"{ref}: {count} entries" for ref, count in loads.items() if count > judges[ref].most]


def most_seats(given: Pool) -> int:
    """How many seats can be filled at all, one kind and one unit a judge: plain augmenting paths, another way than the program's."""
    room: dict[tuple[str, str], int] = defaultdict(int)
    edges: dict[str, set[str]] = defaultdict(set)

    def arc(tail: str, head: str, width: int) -> None:
        room[tail, head] += width
        edges[tail].add(head)
        edges[head].add(tail)

    for entry in given.entries:
        for kind, count in entry.need.items():
            slot = f"{entry.ref}/{kind}"
            arc("source", slot, count)
            for judge in given.judges:
                if judge.kind == kind and judge.ref not in entry.avoid:
                    gate = f"{slot}/{judge.units[0]}"
                    room[slot, gate] = 1
                    edges[slot].add(gate)
                    edges[gate].add(slot)
                    arc(gate, judge.ref, 1)
    for judge in given.judges:
        arc(judge.ref, "sink", judge.most)

    def augment(node: str, seen: set[str]) -> bool:
        if node == "sink":
            return True
        seen.add(node)
        for head in sorted(edges[node] - seen):
            if room[node, head] > 0 and head not in seen and augment(head, seen):
                room[node, head] -= 1
                room[head, node] += 1
                return True
        return False

    count = 0
    while augment("source", set()):
        count += 1
    return count
