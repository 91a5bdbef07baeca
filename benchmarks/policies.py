"""How fast every policy is matched against every enterprise when either changes: read, judged, and written where it differs.

``python benchmarks/policies.py [--scale small|full]``: 1,000 policies of five clauses against 200,000 enterprises (small: 5,000), each
with twelve facts told; PostgreSQL where ``DATABASE_URL`` leads (``tools/with_postgres.sh`` starts one), else SQLite in a temporary
folder. The last line is one JSON object, the exit code 1 when a promise does not hold.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]
if __name__ == "__main__":
    _FOLDER = tempfile.TemporaryDirectory()
    os.environ["KEHENG_DATA"] = _FOLDER.name
    os.environ["DJANGO_SETTINGS_MODULE"] = "keheng.site.settings"

    import django

    django.setup()

from django.core.management import call_command
from django.db import connection
from django.utils.timezone import localdate, now

from keheng.directory.models import Organisation
from keheng.directory.service import districts
from keheng.matters.models import FactChange, PolicyStanding, UnitFact
from keheng.matters.queries.policies.everybody import everybody
from keheng.matters.rules.matching.marks import sift
from keheng.matters.rules.matching.policy import Policy
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.rules.matching.vocabulary import Fact
from keheng.matters.service import follow_changes, match_everybody

SIZES = {"small": (1_000, 5_000), "full": (1_000, 200_000)}
JUDGED, ONE_UNIT = 2.0, 1.0
NUMBERS, WORDS, KINDS, BATCH = 8, 4, 16, 5_000
UNKNOWN, TIMES = 0.2, 5


def invent(count: int, chance: np.random.Generator) -> None:
    """Enterprises of all districts with eight numbers and four words, a fifth of them never told."""
    codes, moment = sorted(districts()), now()
    for first in range(0, count, BATCH):
        some = [
            Organisation(
                name=f"企业{number}", kind="enterprise", district=codes[number % len(codes)], registered_on=date(2000 + number % 26, 1, 1)
            )
            for number in range(first, min(first + BATCH, count))
        ]  # fmt: skip
        units = [one.pk for one in Organisation.objects.bulk_create(some)]
        UnitFact.objects.bulk_create(
            UnitFact(unit_id=units[at], fact=name, value=told[at], by="x", at=moment)
            for name, told in _told(len(units), chance)
            for at in np.flatnonzero(chance.random(len(units)) >= UNKNOWN).tolist()
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _told(count: int, chance: np.random.Generator) -> Iterator[tuple[str, list[str]]]:
    for place in range(NUMBERS):
        yield f"n{place}", [f"{value:.2f}" for value in chance.lognormal(4, 1, count).tolist()]
    for place in range(WORDS):
        yield f"t{place}", [f"w{word}" for word in chance.integers(0, KINDS, count).tolist()]


def facts() -> dict[str, Fact]:
    """What the enterprises tell."""
    said = [{"id": f"n{place}", "label": "数", "kind": "number", "places": 2} for place in range(NUMBERS)]
    said += [{"id": f"t{place}", "label": "类", "kind": "choice", "options": [f"w{one}" for one in range(KINDS)]} for place in range(WORDS)]
    return {str(one["id"]): Fact.model_validate(one) for one in said}


def policy(number: int, chance: random.Random, version: date = date(2026, 1, 1)) -> Policy:
    """Four comparisons and one choice: one enterprise of some hundreds meets it. Hardly two clauses are alike."""

    def clause(place: int) -> dict[str, object]:
        if place == 0:
            among = tuple(f"w{one}" for one in chance.sample(range(KINDS), 3))
            return {"say": "类", "fact": f"t{chance.randrange(WORDS)}", "op": "in", "value": among, "art": "二"}
        # At least what one of ten has, or at most what seven of ten have.
        op, middle = chance.choice(((">=", 190), (">", 190), ("<=", 90), ("<", 90)))
        wanted = Decimal(chance.randrange(50 * middle, 150 * middle)) / 100
        return {"say": "数", "fact": f"n{chance.randrange(NUMBERS)}", "op": op, "value": wanted, "art": "一"}

    head = {"version": version, "title": "政策", "office": "云岭市", "from": date(2026, 1, 1), "gives": "补贴", "source": {}}
    return Policy.model_validate({**head, "id": f"p.{number}", "clauses": [clause(place) for place in range(5)]})


def stand_in(policies: list[Policy], digest: str) -> None:
    """Put policies and facts in the place of the city's."""
    shelf = policy_shelf()
    for name, value in {"policies": tuple(policies), "facts": facts(), "units": ("enterprise",), "digest": digest}.items():
        object.__setattr__(shelf, name, value)


def judged() -> tuple[float, float, int]:
    """Seconds of reading everybody and of judging; how many meet something."""
    policies, began, met = policy_shelf().in_force(localdate()), time.perf_counter(), 0
    crowd = everybody(localdate(), {clause.fact for one in policies for clause in one.clauses})
    read = time.perf_counter() - began
    for one in sift(policies, crowd.facts, crowd.present):
        one.kept()
        met += int(one.counts(crowd.starts)[0].sum())
    return read, time.perf_counter() - began - read, met


def timed(act: Callable[[], int]) -> tuple[float, int]:
    """Seconds of an act, and what it says."""
    began = time.perf_counter()
    found = act()
    return time.perf_counter() - began, found


def _unit_changed(unit: int) -> int:
    UnitFact.objects.update_or_create(unit_id=unit, fact="n0", defaults={"value": "1000", "by": "x", "at": now()})
    FactChange.objects.create(unit_id=unit, at=now())
    return follow_changes()


def measured(scale: str) -> list[dict[str, object]]:
    """Write the enterprises, match, change, match again."""
    many, firms = SIZES[scale]
    chance = random.Random(7)  # noqa: S311 -- a benchmark that can be repeated
    policies = [policy(number, chance) for number in range(many)]
    stand_in(policies, "first")
    began = time.perf_counter()
    invent(firms, np.random.default_rng(7))
    print(f"{firms} enterprises with their facts written in {time.perf_counter() - began:.0f} s; load {os.getloadavg()[0]:.1f}")
    runs = sorted((judged() for _ in range(TIMES)), key=lambda one: one[0] + one[1])
    read, judging, met = runs[TIMES // 2]
    print(f"{many} policies, {firms} enterprises: read in {read:.2f} s, judged in {judging:.2f} s; {met} meet something")
    first, rows = timed(match_everybody)
    print(f"first time: {rows} standings written, all in {first:.1f} s")
    again, none = timed(match_everybody)
    print(f"nothing changed: {none} written, all in {again:.2f} s")
    stand_in([policy(0, chance, date(2026, 2, 1)), *policies[1:]], "second")
    one_policy, rows = timed(match_everybody)
    print(f"one policy changed: {rows} written, all in {one_policy:.2f} s")
    units = list(Organisation.objects.order_by("?").values_list("pk", flat=True)[:TIMES])
    one_unit = sorted(timed(lambda unit=unit: _unit_changed(unit))[0] for unit in units)[TIMES // 2]  # type: ignore[misc]  # a unit of this turn
    print(f"one enterprise changed: {one_unit * 1000:.0f} ms; {PolicyStanding.objects.count()} standings are kept")
    vendor, size = connection.vendor, f"{many} policies x {firms} enterprises"
    promises = (
        (f"seconds to read and judge {size}, {vendor}", JUDGED, read + judging),
        (f"seconds until one enterprise that changed stands anew to {many} policies, {vendor}", ONE_UNIT, one_unit),
    )
    noted = (("first time", first), ("nothing changed", again), ("one policy changed", one_policy))
    rows_told: list[dict[str, object]] = [
        {"name": name, "limit": limit, "measured": round(found, 3), "holds": found <= limit} for name, limit, found in promises
    ]
    return rows_told + [{"name": f"seconds in all with writing, {what}, {vendor}", "measured": round(found, 2)} for what, found in noted]


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(SIZES), default="small")
    scale = parser.parse_args().scale
    call_command("migrate", verbosity=0)
    if Organisation.objects.exists():
        parser.error("DATABASE_URL leads to a database in use: measure on an empty one")
    found = measured(scale)
    said = {"benchmark": "policies", "database": connection.vendor, "cores": os.cpu_count(), "promises": found}
    print(json.dumps(said, ensure_ascii=False))
    return 0 if all(row.get("holds", True) for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
