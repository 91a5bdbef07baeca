"""How fast every policy is matched against every enterprise when either changes.

``python benchmarks/policies.py [--scale small|full]``: 1,000 policies of five clauses each against 200,000 enterprises (small: a tenth).
"""

import argparse
import json
import os
import random
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keheng.site.settings")

from keheng.matters.rules.matching.facts import Facts, Names, Numbers, numbers
from keheng.matters.rules.matching.matching import MET, matches
from keheng.matters.rules.matching.policy import Policy

SIZES = {"small": (1_000, 20_000), "full": (1_000, 200_000)}
LIMIT, ONE_LIMIT = 2.0, 0.05
NUMBERS, WORDS, KINDS = 8, 4, 16
UNKNOWN = 0.2


def city(count: int, chance: np.random.Generator) -> Facts:
    """Enterprises with eight numbers and four words, a fifth of them unknown."""
    columns: dict[str, Numbers | Names] = {}
    for place in range(NUMBERS):
        values = chance.lognormal(4, 1, count)
        values[chance.random(count) < UNKNOWN] = np.nan
        columns[f"n{place}"] = numbers(values)
    for place in range(WORDS):
        columns[f"t{place}"] = Names(chance.integers(0, KINDS + 1, count, dtype=np.int32), {f"w{one}": one for one in range(KINDS)})
    return Facts(count, columns)


def policies(count: int, chance: random.Random) -> list[Policy]:
    """Policies of four comparisons and one choice, hardly two clauses alike."""

    def clause(place: int) -> dict[str, object]:
        if place:
            fact, op = f"n{chance.randrange(NUMBERS)}", chance.choice([">=", "<=", ">", "<"])
            return {"say": "数", "fact": fact, "op": op, "value": Decimal(chance.randrange(1, 90_000)) / 100, "art": "一"}
        among = tuple(f"w{one}" for one in chance.sample(range(KINDS), 6))
        return {"say": "类", "fact": f"t{chance.randrange(WORDS)}", "op": "in", "value": among, "art": "二"}

    head = {"version": date(2026, 1, 1), "title": "政策", "office": "云岭市", "from": date(2026, 1, 1), "gives": "补贴", "source": {}}
    return [Policy.model_validate({**head, "id": str(number), "clauses": [clause(place) for place in range(5)]}) for number in range(count)]


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(SIZES), default="small")
    many, firms = SIZES[parser.parse_args().scale]
    facts, all_policies = city(firms, np.random.default_rng(7)), policies(many, random.Random(7))  # noqa: S311 -- a benchmark that can be repeated
    began, met = time.perf_counter(), 0
    for one in matches(all_policies, facts):
        met += int(np.count_nonzero(one.verdicts == MET))
    took = time.perf_counter() - began
    began = time.perf_counter()
    next(matches(all_policies[:1], facts))
    one_took = time.perf_counter() - began
    print(f"{many} policies, {firms} enterprises: {met} met, {took:.2f} s; one policy {one_took * 1000:.1f} ms")
    measured = (("all policies", LIMIT, took), ("one policy", ONE_LIMIT, one_took))
    promises = [
        {"name": f"seconds for {what} against all enterprises", "limit": limit, "measured": round(found, 4), "holds": found <= limit}
        for what, limit, found in measured
    ]
    print(json.dumps({"benchmark": "policies", "cores": os.cpu_count(), "promises": promises}, ensure_ascii=False))
    return 0 if all(row["holds"] for row in promises) else 1


if __name__ == "__main__":
    sys.exit(main())
