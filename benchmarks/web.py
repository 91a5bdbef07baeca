"""How fast the site is with the demo city's data: production server, a realistic mix, zero errors, on SQLite and PostgreSQL.

``python benchmarks/web.py [--scale small|full] [--certificates FOLDER]`` runs itself once for each database (PostgreSQL where it is
installed, started by ``tools/with_postgres.sh``); the small scale, which is to end within 50 s, on SQLite alone, with short loads and the
public half of the small city. Time counts from the moment a visitor meant to click; clients share the machine's cores with the server.
Each load leaves a certificate of its own; kinds are never mixed.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src")]
ONE = "--one-database"
if __name__ == "__main__" and ONE in sys.argv:
    os.environ["KEHENG_DATA"] = tempfile.mkdtemp()
    os.environ["DJANGO_SETTINGS_MODULE"] = "keheng.site.settings"
    import django

    django.setup()
    from django.db import connection, transaction
    from ground_sign_in import start_server
    from web_certificate import certificate, circumstances, loop_seconds
    from web_driver import Choose, Told, drive, percentile
    from web_pages import Seen, chooser, crawl, public_chooser, session_of

    from keheng.kernel.trail.record import SYSTEM, record
    from keheng.site import demo_city

WORKERS = ("demo.case.officer", "demo.editor", "demo.organiser", "demo.system.admin")
SECONDS = {"small": 1.5, "full": 30.0}
THINKING_SECONDS = {"small": 4.0, "full": 30.0}
WARMING_SECONDS = {"small": 3.0, "full": 30.0}
CHANGES = {"small": 1, "full": 3}
USERS = 500
P95_USERS, P95_IN_FLIGHT = 100.0, {200: 450.0, 500: 1000.0}
PUBLIC_A_SECOND, CHANGE_SECONDS = 2000.0, 5.0
DATABASES = {"small": 1, "full": 2}
PAGES_OF_A_KIND = {"small": 4, "full": 40}


def memory(pid: int) -> int:
    """Kilobytes that a process and those it started hold by themselves (PSS)."""
    below = {pid}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(parts[1]) in below:
            below.add(int(status.parent.name))
    return sum(_pss(one) for one in below)


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def seconds_until_seen(port: int, changes: int) -> float:
    """How long a visitor is shown the page as it was, after a change is committed: the worst of some."""
    from keheng.portal.models import Column  # noqa: PLC0415 -- only where Django is set up

    column = Column.objects.filter(kind="news").order_by("pk")[:1].get()
    path, worst = f"/columns/{column.slug}/", 0.0
    for number in range(changes):
        title = f"改过的栏目 {number} {time.time():.0f}"
        _get(port, path)
        with transaction.atomic():
            Column.objects.filter(pk=column.pk).update(title=title)
            record("benchmark.change", actor=SYSTEM)
        began = time.perf_counter()
        while title not in _get(port, path):
            if time.perf_counter() - began > 30:  # noqa: PLR2004 -- long past the promise
                return float("inf")
            time.sleep(0.05)
        worst = max(worst, time.perf_counter() - began)
    return worst


def _get(port: int, path: str) -> str:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", path, headers={"Host": "localhost"})
    text = line.getresponse().read().decode()
    line.close()
    return text


def settle(seconds: float = 600.0) -> None:
    """Wait until the worker has done what a new installation finds due at once: its nights' work, for the first time."""
    from django.utils.timezone import now  # noqa: PLC0415 -- only where Django is set up

    from keheng.kernel.models import Job  # noqa: PLC0415 -- as above, where Django is set up

    quiet, ends = 0, time.perf_counter() + seconds
    while quiet < 3 and time.perf_counter() < ends:  # noqa: PLR2004 -- three looks in a row
        time.sleep(0.5)
        due = Job.objects.filter(state=Job.RUNNING) | Job.objects.filter(state=Job.WAITING, due_at__lte=now())
        quiet = 0 if due.exists() else quiet + 1
    connection.close()


def loads(port: int, public: Iterable["Seen"], mixed: "Choose", scale: str) -> Iterable[tuple[str, int, "Told"]]:
    """Every load in turn: its kind, how many, what was measured."""
    seconds = SECONDS[scale]
    yield "U1", USERS, drive(port, mixed, visitors=USERS, seconds=THINKING_SECONDS[scale], think=True)
    for many in P95_IN_FLIGHT:
        yield "U2", many, drive(port, mixed, visitors=many, seconds=seconds, think=False)
    yield "U3", 64, drive(port, public_chooser(public), visitors=64, seconds=seconds, think=False)


def promises_of(kind: str, many: int, told: "Told") -> list[dict[str, Any]]:
    """What a load promised."""
    p95, where = percentile(told.all_waits(), 0.95), connection.vendor
    found = [_promise(f"{kind} {many}: errors, {where}", 0, told.errors(), lambda one, limit: one <= limit)]
    if kind == "U3":
        rate = len(told.all_waits()) / told.seconds
        return [*found, _promise(f"public pages a second, {where}", PUBLIC_A_SECOND, rate, lambda one, limit: one >= limit)]
    limit = P95_USERS if kind == "U1" else P95_IN_FLIGHT[many]
    words = f"{many} users who think" if kind == "U1" else f"{many} requests in flight"
    return [*found, _promise(f"{words}: p95 in ms, {where}", limit, p95, lambda one, most: one < most)]


def _promise(name: str, limit: float, measured: float, holds: Callable[[float, float], bool]) -> dict[str, Any]:
    return {"name": name, "limit": limit, "measured": round(measured, 1), "holds": holds(measured, limit)}


def one_database(scale: str, folder: Path) -> list[dict[str, Any]]:
    """Load the city, drive every load, write the certificates; the promises."""
    demo_city.load(scale, demo_city.fill if scale == "full" else demo_city.fill_public)
    connection.close()
    server, port = start_server()
    found: list[dict[str, Any]] = []
    try:
        public = crawl(django.test.Client(SERVER_NAME="localhost"), "/", PAGES_OF_A_KIND[scale])
        staff = {}
        for login in WORKERS:
            client, cookie = session_of(login)
            staff[cookie] = [one for one in crawl(client, "/desk/", PAGES_OF_A_KIND[scale] // 4) if one.kind]
        pages = most_of([*public, *(page for found in staff.values() for page in found)])
        mixed = chooser(public, staff)
        # The first moments warm the server and are not counted.
        drive(port, mixed, visitors=32, seconds=WARMING_SECONDS[scale], think=False)
        settle()
        about = circumstances()
        began = datetime.now(UTC)
        for kind, many, told in loads(port, public, mixed, scale):
            after = {"memory_kb": memory(server.pid), "pages": pages, "loop_seconds_after": loop_seconds()}
            paper = certificate(kind, many, began, told, about, **after)
            (folder / f"web-{connection.vendor}-{kind}-{many}-{scale}.json").write_text(
                json.dumps(paper, ensure_ascii=False, indent=1), encoding="utf-8"
            )
            print(f"{connection.vendor} {kind} {many}: {paper['requests_a_second']}/s {paper['milliseconds']} errors {paper['errors']}")
            print(f"  p95 by kind: {paper['p95_by_kind']}; memory {paper['memory_kb'] // 1024} MB; loop {paper['loop_seconds_after']} s")
            found += promises_of(kind, many, told)
            began = datetime.now(UTC)
        change = seconds_until_seen(port, CHANGES[scale])
        found.append(
            _promise(f"seconds until a change is seen, {connection.vendor}", CHANGE_SECONDS, change, lambda one, most: one <= most)
        )
    finally:
        server.terminate()
        server.wait(30)
    print(f"most queries and bytes of each page: {pages}")
    return found


def most_of(pages: Iterable[Any]) -> dict[str, dict[str, int]]:
    """The most queries and bytes of each page of the site, by its name among the addresses."""
    found: dict[str, dict[str, int]] = {}
    for one in sorted(pages, key=lambda one: one.view):
        most = found.setdefault(one.view, {"queries": 0, "bytes": 0})
        most["queries"], most["bytes"] = max(most["queries"], one.queries), max(most["bytes"], one.size)
    return found


def both_databases(scale: str, folder: Path) -> list[dict[str, Any]]:
    """The script itself once for each database that the scale asks for, each in a process of its own."""
    found: list[dict[str, Any]] = []
    own = [sys.executable, str(Path(__file__)), ONE, "--scale", scale, "--certificates", str(folder)]
    plain = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    for command in [own, [str(HERE.parent / "tools" / "with_postgres.sh"), *own]][: DATABASES[scale]]:
        ran = subprocess.run(command, env=plain, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 -- this script
        lines = ran.stdout.strip().splitlines()
        if ran.returncode == 75:  # noqa: PLR2004 -- what tools/with_postgres.sh says where there is no PostgreSQL
            print("PostgreSQL is not installed: measured on SQLite alone")
            continue
        print("\n".join(lines[:-1]))
        found += json.loads(lines[-1])["promises"]
    return found


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(SECONDS), default="small")
    parser.add_argument("--certificates", type=Path, default=HERE.parent / "out" / "certificates")
    parser.add_argument(ONE, action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.certificates.mkdir(parents=True, exist_ok=True)
    run = one_database if given.one_database else both_databases
    found = run(given.scale, given.certificates)
    print(json.dumps({"benchmark": "web", "cores": os.cpu_count(), "promises": found}, ensure_ascii=False))
    return 0 if all(row["holds"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
