"""The youth contest at the size of a city: a sheet of 10,769 entries comes in, all go into one round, judges are drawn, pages open.

``python benchmarks/contest.py [--scale small|full]`` on a new database (SQLite, or ``DATABASE_URL``). The last line is one JSON
object, the exit code 1 when a promise does not hold.
"""

# ruff: noqa: PLC0415 -- models can be imported only where Django is set up

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src"), str(Path(__file__).resolve().parents[1] / "tests")]

T = TypeVar("T")
Promise = dict[str, object]
# Entries, schools, judges.
SCALE = {"small": (2_000, 137, 80), "full": (10_769, 737, 400)}
DISTRICT = "990102"


def promise(name: str, limit: float, measured: float) -> Promise:
    """At most ``limit``."""
    return {"name": name, "limit": limit, "measured": measured, "holds": measured <= limit}


def timed(what: Callable[[], T]) -> tuple[float, T]:
    """Seconds, and what came of it."""
    began = time.perf_counter()
    found = what()
    return round(time.perf_counter() - began, 2), found


def schools(count: int) -> list[str]:
    """Schools of one district with their codes."""
    from django.utils.timezone import localdate

    from keheng.directory.models import Organisation
    from keheng.directory.rules.names import core
    from keheng.kernel.credit_code import make

    rows = [
        Organisation(
            name=f"演示学校{n}", name_core=core(f"演示学校{n}"), kind="institution", district=DISTRICT,
            credit_code=make("1", "2", DISTRICT, n * 7),
            registered_on=localdate(),
        ) for n in range(count)
    ]  # fmt: skip
    return [str(one.credit_code) for one in Organisation.objects.bulk_create(rows, 500)]


def imported(entries: int, codes: list[str]) -> list[Promise]:
    """A district officer's sheet of all entries is worked off: seconds."""
    from matters.contest_made_up import MATTER, entry  # type: ignore[import-not-found]  # the tests' invented entries
    from people import actor_for, make_account  # type: ignore[import-not-found]  # the tests' accounts

    from keheng.matters.rules.files.shelf import shelf
    from keheng.matters.rules.importing import sheet_of
    from keheng.matters.service import begin_import, run_import

    actor = actor_for(make_account("district", "district_officer", district=DISTRICT))
    sheet = sheet_of(shelf()[MATTER][-1].matter, many_units=True)
    lines = [",".join(one.header_zh for one in sheet.columns)]
    for n in range(entries):
        typed = {**entry(n + 1), "unit_code": codes[n % len(codes)]}
        lines.append(",".join(typed.get(one.name, "") for one in sheet.columns))
    data = "\n".join(lines).encode()
    row = begin_import(actor=actor, matter=MATTER, name="作品.csv", data=data, partly=False)
    seconds, _ = timed(lambda: run_import(row.pk))
    row.refresh_from_db()
    again = begin_import(actor=actor, matter=MATTER, name="作品.csv", data=data, partly=False)
    second, _ = timed(lambda: run_import(again.pk))
    again.refresh_from_db()
    print(f"import: {row.state}, {row.made} made, {row.faulty} faulty; again {again.known} known in {second} s")
    return [
        promise(f"{entries} rows checked and handed in, s", 30, seconds),
        promise("rows that did not come in", 0, entries - row.made),
        promise("rows that came in twice", 0, again.made),
    ]


def reviewed(entries: int, judges: int) -> list[Promise]:
    """All entries in one round: judges are called, drawn, and the organiser's pages opened."""
    from django.urls import reverse
    from django.utils.timezone import localdate
    from people import make_account, signed_in

    from keheng.directory.models import Expert, Person
    from keheng.kernel.trail.record import Actor
    from keheng.matters.models import Case
    from keheng.review.actions.copies import run_search, search_copies
    from keheng.review.models import Panelist
    from keheng.review.service import RoundFacts, Subject, commit_draw, open_round, reveal_draw

    cases = Case.objects.order_by("pk").values_list("pk", "unit_id", "answers")
    subjects = [Subject(f"case:{pk}", answers["work"], unit, answers["summary"]) for pk, unit, answers in cases]
    facts = RoundFacts(
        title="大赛评审", kind="contest", rubric="youth_contest", combination="mean", seats={"专家": 3}, most=120, quota=entries * 6 // 10,
        scoring_until=localdate() + timedelta(days=20),
    )  # fmt: skip
    actor = Actor("organiser")
    opened, row = timed(lambda: open_round(actor=actor, facts=facts, subjects=subjects))
    people = Person.objects.bulk_create([Person(name=f"专家{n}", registered_on=localdate()) for n in range(judges)], 500)
    experts = Expert.objects.bulk_create(
        [Expert(person=one, title="教师", state="pool", proposed_by="p", approved_by="a", entered_on=localdate()) for one in people], 500
    )
    Panelist.objects.bulk_create(
        [Panelist(round=row, expert=one, account=f"j{n}", code=f"J{n:03}", kind="专家", state="stated") for n, one in enumerate(experts, 1)]
    )
    committed, _ = timed(lambda: commit_draw(actor=actor, pk=row.pk))
    revealed, draw = timed(lambda: reveal_draw(actor=actor, pk=row.pk))
    client = signed_in(make_account("officer", "case_officer"))
    pages = {}
    for name, address in {"round": "", "last page": f"?page={entries // 20}", "judges": "judges/", "copies": "copies/"}.items():
        client.get(reverse("review:round", args=[row.pk]) + address)
        pages[name], answer = timed(partial(client.get, reverse("review:round", args=[row.pk]) + address))
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{name}: {answer.status_code}")
    search = search_copies(actor=actor, pk=row.pk)
    searched, _ = timed(lambda: run_search(search.pk))
    print(f"round: opened {opened} s, pages {pages}, copies searched in {searched} s, empty seats {len(draw.empty)}")
    return [
        promise(f"draw of {entries} x 3 for {judges} judges committed and revealed, s", 20, round(committed + revealed, 2)),
        promise("empty seats", 0, len(draw.empty)),
        promise("slowest page of the organiser, s", 1, max(pages.values())),
        promise("copied passages of all entries, s", 60, searched),
    ]


def main() -> int:
    """Run everything on a new database."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", choices=SCALE, default="small")
    scale = parser.parse_args().scale
    entries, count, judges = SCALE[scale]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"KEHENG_DATA": folder, "DJANGO_SETTINGS_MODULE": "keheng.site.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["*"]
        call_command("migrate", verbosity=0)
        promises = [*imported(entries, schools(count)), *reviewed(entries, judges)]
    load = os.getloadavg()[0]
    print(json.dumps({"benchmark": "contest", "scale": scale, "load": round(load, 2), "promises": promises}, ensure_ascii=False))
    return 0 if all(one["holds"] for one in promises) else 1


if __name__ == "__main__":
    sys.exit(main())
