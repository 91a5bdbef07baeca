"""How fast cases are among many: the office's list and its filters, a move, answers that many save at once on the last evening.

``python benchmarks/cases.py [--scale small|full]``; PostgreSQL where ``DATABASE_URL`` leads (``tools/with_postgres.sh`` starts one),
else SQLite in a temporary folder. The last line is one JSON object, the exit code 1 when a promise does not hold.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from threading import Barrier

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]
if __name__ == "__main__":
    _FOLDER = tempfile.TemporaryDirectory()
    os.environ["KEHENG_DATA"] = _FOLDER.name
    os.environ["DJANGO_SETTINGS_MODULE"] = "keheng.site.settings"

    import django

    django.setup()

from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.timezone import now

from keheng.access.models import Account
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.tables.showing import show
from keheng.matters.models import Case, Edition
from keheng.matters.queries.cases import cases_for
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.service import MoveWish, move_case, open_case, save_answers
from keheng.matters.views.working import TABLE

ROWS = {"small": 20_000, "full": 1_000_000}
EVENTS_A_CASE, TIMES, P95 = 5, 60, 0.95
WRITERS, SECONDS, OFFERED = 8, 6.0, 4_000
LIST_MS, MOVE_MS, SAVE_MS, SAVES_A_MINUTE = 100.0, 20.0, 100.0, 2_000
CITY = [Power(f"matters.case.{one}", Reach.ALL) for one in ("see", "accept", "examine", "decide")]
CLERK, PERSON = Principal("clerk", powers=tuple(CITY)), Principal("person", powers=tuple(CITY))
# Sees the cases of one of the city's districts, and those in which the account is named.
DISTRICT = "990107"
OFFICER = Principal("officer", powers=(Power("matters.case.see", Reach.DISTRICT, district=DISTRICT),))
_SERIES = {
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s)",
    "postgresql": "WITH s(n) AS (SELECT n::bigint FROM generate_series(1, %s) AS n)",
}
_NUMBER = {"sqlite": "'OLD-' || printf('%%07d', n)", "postgresql": "'OLD-' || lpad(n::text, 7, '0')"}
_PLACE = {"sqlite": "'9901' || printf('%%02d', 1 + n %% 17)", "postgresql": "'9901' || lpad((1 + n %% 17)::text, 2, '0')"}
_DUE = {"sqlite": "date('2026-01-01', '+' || (n %% 365) || ' days')", "postgresql": "date '2026-01-01' + (n %% 365)::int"}


def invent(count: int) -> None:
    """Old cases with their events, by two statements; one in ten is open."""
    vendor, read = connection.vendor, in_force("yl.leave", date(2026, 11, 1))
    if read is None:
        raise LookupError("yl.leave is not in force")
    Edition.objects.create(digest=read.digest, matter=read.matter.id, version=read.matter.version, text=read.text)
    empty = "'{}'" if vendor == "sqlite" else "'{}'::jsonb"
    rows = "'[]'" if vendor == "sqlite" else "'[]'::jsonb"
    with connection.cursor() as cursor:
        cursor.execute(
            f'{_SERIES[vendor]} INSERT INTO matters_case (number, edition_id, matter, title, applicant, district, state, std, "end",'  # noqa: S608 -- constants of ours
            " version, entered_on, opened_at, touched_at, submitted_at, ended_at, due_on, answers, private, marks, spent, voices, named,"
            " subject)"
            f" SELECT {_NUMBER[vendor]}, %s, CASE n %% 3 WHEN 0 THEN 'yl.leave' ELSE 'yl.it-project' END,"
            f" '旧办件', 'somebody', {_PLACE[vendor]}, 'head', CASE n %% 4 WHEN 0 THEN '受理' ELSE '审批' END,"
            " CASE n %% 10 WHEN 0 THEN '' ELSE 'granted' END,"
            f" 5, {_DUE[vendor]}, %s, %s, %s, CASE n %% 10 WHEN 0 THEN NULL ELSE {'%s' if vendor == 'sqlite' else '%s::timestamptz'} END,"
            f" CASE n %% 10 WHEN 0 THEN {_DUE[vendor]} ELSE NULL END, {empty}, '', {empty}, {rows}, {rows}, {empty},"
            " '第' || (n %% 9973) || '号旧项目' FROM s",
            [count, read.digest, now(), now(), now(), now()],
        )
        cursor.execute(
            f'{_SERIES[vendor]} INSERT INTO matters_caseevent (case_id, version, at, "do", title, by, role, instead_of, before, after,'  # noqa: S608 -- constants of ours as above
            f" opinion, given, signature) SELECT c.id, n, c.opened_at, 'step', '一步', 'somebody', '', '', 'a', 'b', '', {empty}, ''"
            " FROM matters_case c CROSS JOIN s",
            [EVENTS_A_CASE],
        )
        cursor.execute("ANALYZE")


def listed(query: str, actor: Principal = CLERK) -> float:
    """Milliseconds for the part of the list at an address, with its count, as somebody sees it."""
    request: HttpRequest = RequestFactory().get(f"/manage/cases/?{query}")
    request.actor = actor  # type: ignore[attr-defined]  # as the middleware sets it
    begin = time.perf_counter()
    show(request, TABLE, cases_for(actor).select_related("unit").defer("unit__contact_phone", "answers", "private", "marks"))
    return (time.perf_counter() - begin) * 1e3


def timed(act: Callable[[], object]) -> float:
    """Milliseconds of an act."""
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1e3


def worked(times: int) -> list[float]:
    """Milliseconds of moves (a submission and the head's consent) of new cases among the old."""
    head = Account.objects.create(login="head", name="负责人", email="head@yunling.example")
    boss = Principal(str(head.pk), powers=CLERK.powers)
    moves = []
    for number in range(times):
        case = open_case(actor=PERSON, matter="yl.leave").pk
        typed = {"kind": "年休假", "begins": "2026-12-01", "ends": f"2026-12-{number % 20 + 2:02}", "supervisor": "head"}
        save_answers(actor=PERSON, case=case, typed=typed, seen={})
        moves.append(timed(partial(move_case, actor=PERSON, case=case, wish=MoveWish("submit", 0))))
        moves.append(timed(partial(move_case, actor=boss, case=case, wish=MoveWish("agree", 1))))
    return moves


def saved_together() -> tuple[list[float], float]:
    """Milliseconds of answers that several people save, each in a case of their own; and how many a minute.

    They come by chance, twice as many as promised. Each counts from when it was to be saved: who waits for others is not left out.
    """
    cases = [open_case(actor=PERSON, matter="yl.leave").pk for _ in range(WRITERS)]
    together, began = Barrier(WRITERS), list[float]()

    def write(case: int) -> list[float]:
        chance, found, seen = random.Random(case), list[float](), dict[str, int]()  # noqa: S311 -- no secret: the same pauses every time
        together.wait()
        began.append(due := time.perf_counter())
        while (due := due + chance.expovariate(OFFERED / 60 / WRITERS)) < began[0] + SECONDS:
            time.sleep(max(0.0, due - time.perf_counter()))
            typed = {"begins": f"2026-12-{len(found) % 28 + 1:02}"}
            seen = dict(save_answers(actor=PERSON, case=case, typed=typed, seen=seen).marks)
            found.append((time.perf_counter() - due) * 1e3)
        connection.close()
        return found

    with ThreadPoolExecutor(WRITERS) as pool:
        saves = [one for found in pool.map(write, cases) for one in found]
    return saves, len(saves) * 60 / (time.perf_counter() - began[0])


def p95(times: list[float]) -> float:
    """What 95 of 100 do not exceed."""
    return sorted(times)[int(len(times) * P95)]


def promises(scale: str) -> list[dict[str, object]]:
    """Write the cases, measure, judge."""
    count, chance = ROWS[scale], random.Random(2026)  # noqa: S311 -- no secret: the same pages every time
    began = time.perf_counter()
    invent(count)
    print(f"{count} cases, {count * EVENTS_A_CASE} events in {time.perf_counter() - began:.0f} s; load {os.getloadavg()[0]:.1f}")
    asked = {
        "the queue": [""] * TIMES,
        "by matter": [f"matter={chance.choice(('yl.leave', 'yl.it-project'))}" for _ in range(TIMES)],
        "by matter and step": [f"matter=yl.leave&std={chance.choice(('受理', '审批'))}" for _ in range(TIMES)],
        "late": ["progress=late"] * TIMES,
        "ended, by matter": [f"matter={chance.choice(('yl.leave', 'yl.it-project'))}&progress=ended" for _ in range(TIMES)],
        "ended, the latest first": ["progress=ended&sort=-ended_at"] * TIMES,
        "open, by what it is about": [f"subject={chance.randrange(1, 9973)}号" for _ in range(TIMES)],
        "ended, by what it is about": [f"subject={chance.randrange(1, 9973)}号&progress=ended" for _ in range(TIMES)],
        "one number": [f"number=OLD-{chance.randrange(1, count):07}&progress=ended" for _ in range(TIMES)],
    }
    listed("")
    lists = {f"{what}, {who}": [listed(query, actor) for query in queries]
             for who, actor in (("the city", CLERK), ("a district", OFFICER)) for what, queries in asked.items()}  # fmt: skip
    moves, (saves, a_minute) = worked(TIMES), saved_together()
    for what, some in {**lists, "a move": moves, "answers saved": saves}.items():
        print(f"{what:40} median {median(some):6.1f} ms  p95 {p95(some):6.1f} ms")
    vendor = connection.vendor
    found = [
        (f"p95 of the slowest list of {count} cases, {vendor}, ms", LIST_MS, max(p95(some) for some in lists.values())),
        (f"p95 of a move, {vendor}, ms", MOVE_MS, p95(moves)),
        (f"p95 of answers saved by {WRITERS} at once, {vendor}, ms", SAVE_MS, p95(saves)),
    ]
    rows: list[dict[str, object]] = [
        {"name": name, "limit": limit, "measured": round(value, 2), "holds": value < limit} for name, limit, value in found
    ]
    name = f"answers saved a minute by {WRITERS} at once, {vendor}"
    return [*rows, {"name": name, "limit": SAVES_A_MINUTE, "measured": round(a_minute), "holds": a_minute > SAVES_A_MINUTE}]


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(ROWS), default="small")
    scale = parser.parse_args().scale
    call_command("migrate", verbosity=0)
    if Case.objects.exists():
        parser.error("DATABASE_URL leads to a database in use: measure on an empty one")
    found = promises(scale)
    said = {"benchmark": "cases", "database": connection.vendor, "cores": os.cpu_count(), "promises": found}
    print(json.dumps(said, ensure_ascii=False))
    return 0 if all(row["holds"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
