"""How fast and how right the algorithms of review are: the draw, levelled scores, copied passages, at the size of a city's contest.

``python benchmarks/review.py [--scale small|full]``. No database. The figures of the simulated study are means over rounds by chance
of fixed seeds. The last line is one JSON object, the exit code 1 when a promise does not hold.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from itertools import accumulate
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]

from review_study import WORLDS, simulated, studied

from keheng.review.rules.assignment import Seating, seat_judges
from keheng.review.rules.chance import digest
from keheng.review.rules.leveling import fit
from keheng.review.rules.passages import alike, prints_of
from keheng.review.rules.seats import Entry, Judge, Pool

Promise = dict[str, object]
# Entries and judges of the draw; texts; rounds of each world of the study.
SCALE = {"small": (10_769, 400, 2_000, 30), "full": (10_769, 400, 10_769, 30)}
SEATS, UNITS, BARRED = 3, 150, 8
# Small worlds differ more from run to run, and cost less.
_SMALL, _MORE = 100, 13
# What leveling must gain over the mean; nothing where one panel judged all, there it must only not lose.
_GAIN = {True: 0.04, False: -0.01}


def promise(name: str, limit: float, measured: float, *, least: bool = False) -> Promise:
    """One promise: at most ``limit``, or with ``least`` at least so much."""
    return {"name": name, "limit": limit, "measured": measured, "holds": measured >= limit if least else measured <= limit}


def contest(entries: int, judges: int) -> Pool:
    """A contest as large as the published one: judges of 150 units and two fields each, eight of them barred from each entry."""
    chance = random.Random(2026)  # noqa: S311 -- no secret: the same pool every time
    fields = [f"{branch}.{leaf}" for branch in "abcde" for leaf in range(6)]
    panel = [Judge(f"J{n:03}", "net", (f"U{chance.randrange(UNITS)}",), 120, tuple(chance.sample(fields, 2))) for n in range(judges)]
    refs = [one.ref for one in panel]
    rows = [Entry(f"E{n:05}", {"net": SEATS}, frozenset(chance.sample(refs, BARRED)), chance.choice(fields)) for n in range(entries)]
    return Pool(panel, rows)


def digest_of(seating: Seating) -> str:
    """Of the seats alone."""
    return digest([[seat.entry, seat.judge] for seat in seating.seats])


def draws(entries: int, judges: int) -> list[Promise]:
    """The draw, its rules, and that another process draws the same."""
    pool, times, busy = contest(entries, judges), [], []
    for _ in range(5):
        began, worked = time.perf_counter(), time.process_time()
        seating = seat_judges(pool, "key")
        times.append(time.perf_counter() - began)
        busy.append(time.process_time() - worked)
    panel, barred = {one.ref: one for one in pool.judges}, {one.ref: one.avoid for one in pool.entries}
    units: dict[str, Counter[str]] = defaultdict(Counter)
    for seat in seating.seats:
        units[seat.entry].update(panel[seat.judge].units)
    loads = Counter(seat.judge for seat in seating.seats)
    against = sum(seat.judge in barred[seat.entry] for seat in seating.seats)
    doubled = sum(count > 1 for some in units.values() for count in some.values())
    again = [
        subprocess.run(  # noqa: S603 -- this very file, with a word that says what to do
            [sys.executable, __file__, "--draw-only", str(entries), str(judges)], check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "77")
    ]  # fmt: skip
    told = ", ".join(f"{one:.2f}" for one in times)
    print(f"draw: {told} s, of the processor {min(busy):.2f} to {max(busy):.2f} s")
    print(f"{min(loads.values())} to {max(loads.values())} entries a judge")
    return [
        promise(f"{entries} x {SEATS} seats for {judges} judges, best of 5, s", 1.0, round(min(times), 3)),
        promise("empty seats", 0, sum(seating.empty.values())),
        promise("seats against avoidance", 0, against),
        promise("entries with two judges of a unit", 0, doubled),
        promise("islands", 1, seating.islands),
        promise("other processes that draw differently", 0, sum(one != digest_of(seating) for one in again)),
    ]


def levelling(entries: int, judges: int) -> list[Promise]:
    """The time of one fit with intervals at full size."""
    one, times = simulated(1, each=SEATS, judges=judges, entries=entries), []
    for _ in range(5):
        began = time.perf_counter()
        fit(one.entry, one.judge, one.score)
        times.append(time.perf_counter() - began)
    return [promise(f"levelled scores and intervals of {entries} x {SEATS}, best of 5, s", 0.2, round(min(times), 4))]


def study(rounds: int) -> list[Promise]:
    """Tau and top tenth against truth, of each world and column: how far off the study's figures, beyond what ten runs differ by chance."""
    found = []
    for name, world in WORLDS.items():
        measured = studied(world, rounds * (_MORE if world.entries <= _SMALL else 1))
        beyond = 0
        for column, (tau, top) in world.figures.items():
            own_tau, own_top = measured[column]
            beyond += not own_tau.near(tau) or (top is not None and not own_top.near(top))
            said = f"{own_tau.mean:.3f} (the study's {tau:.3f} ± {own_tau.noise:.3f})"
            tenth = "–" if top is None else f"{top:.2f}"
            print(f"{name:34} {column:9} tau {said}, best tenth {own_top.mean:.2f} ({tenth} ± {own_top.noise:.2f})")
        best = measured["levelled"]
        found.append(promise(f"columns of the study that are not reproduced, {name}", 0, beyond))
        found.append(
            promise(
                f"tau of the levelled score above the mean's, {name}",
                _GAIN[world.judges > world.each],
                round(best[0].mean - measured["mean"][0].mean, 3),
                least=True,
            )
        )
    return found


def contest_texts(count: int) -> tuple[list[str], set[tuple[int, int]]]:
    """Texts of 1,800 characters from a vocabulary as uneven as language, a sixth of each the form's own words; 100 pairs of copies."""
    chance = random.Random(3)  # noqa: S311 -- no secret: the same texts every time
    words = ["".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(chance.choice((1, 2, 2, 2, 3, 4)))) for _ in range(20_000)]
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))
    form = "，".join("".join(chance.choices(words, cum_weights=weights, k=15)) for _ in range(10))[:300]

    def body() -> str:
        return "".join(chance.choices(words, cum_weights=weights, k=800))[:1500]

    texts, planted = [body() for _ in range(count)], set()
    for pair in range(100):
        one, other, length = pair, count // 2 + pair, int(1500 * (0.2, 0.35, 0.6, 0.9)[pair % 4])
        begin = chance.randrange(1500 - length)
        texts[other] = texts[one][begin : begin + length] + texts[other][length:]
        planted.add((one, other))
    return [text + form for text in texts], planted


def copies(count: int) -> list[Promise]:
    """All texts against all."""
    texts, planted = contest_texts(count)
    began = time.perf_counter()
    prints = prints_of(enumerate(texts))
    pairs = {tuple(sorted((one.text, one.other))) for one in alike(prints, least=0.1)}
    took = time.perf_counter() - began
    print(f"copied passages: {len(prints)} fingerprints, {len(pairs)} pairs told, {len(planted & pairs)} of {len(planted)} planted found")
    return [
        promise(f"copied passages in {count} texts of 1,800 characters, s", 10.0, round(took, 2)),
        promise("planted copies of 20 % and more that were not found", 0, len(planted - pairs)),
        promise("pairs told that were not planted", 2, len(pairs - planted)),
    ]


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(SCALE), default="small")
    parser.add_argument("--draw-only", nargs=2, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.draw_only:
        print(digest_of(seat_judges(contest(*options.draw_only), "key")))
        return 0
    entries, judges, texts, rounds = SCALE[options.scale]
    print(f"load of the machine {os.getloadavg()[0]:.1f}")
    found = [*draws(entries, judges), *levelling(entries, judges), *study(rounds), *copies(texts)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = {"benchmark": "review", "cores": os.cpu_count(), "scale": options.scale, "peak_mb": round(memory), "promises": found}
    print(json.dumps(said, ensure_ascii=False))
    return 0 if all(row["holds"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
