"""How fast figures are: every measure over a year of the demo city, all figures of all forms, the cockpit warm and cold, a form as PDF.

``python benchmarks/measures.py [--scale small|full]``: the demo city in a temporary folder (SQLite, or the empty database that
``DATABASE_URL`` names: ``tools/with_postgres.sh python benchmarks/measures.py``), or the one that ``--data`` names, which is read and left
as it is. The last line is one JSON object, the exit code 1 when a promise does not hold.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]
_PARSER = argparse.ArgumentParser(description=__doc__)
_PARSER.add_argument("--scale", choices=["small", "full"], default="small")
_PARSER.add_argument("--data", type=Path, help="the data folder of a demo city that is loaded")
_FOLDER = tempfile.TemporaryDirectory()
if __name__ == "__main__":
    OPTIONS = _PARSER.parse_args()
    os.environ["KEHENG_DATA"] = str(OPTIONS.data or _FOLDER.name)
    os.environ["DJANGO_SETTINGS_MODULE"] = "keheng.site.settings"

    import django

    django.setup()

from django.db import connection
from django.test import Client
from django.utils.timezone import localdate

from keheng.access.models import Account
from keheng.appraisal.writing.write import write_form
from keheng.kernel.measures import Measure, Scope, all_measures
from keheng.kernel.periods import Period
from keheng.performance.models import EvaluationRow, FrozenReading, SelfEvaluation
from keheng.performance.queries.evaluations import form_of
from keheng.performance.queries.projects import years
from keheng.performance.queries.proof import prove
from keheng.performance.queries.readings import measure_of, period_of
from keheng.site.demo_city import load

TIMES, P95 = 5, 0.95
# First pages of new processes for each year: each takes some seconds.
COLD = {"small": 1, "full": 3}
LIMITS = {"measure": 200.0, "all": 20_000.0, "cockpit": 300.0, "cold": 300.0, "pdf": 500.0}


def took(act: Callable[[], object]) -> float:
    """Milliseconds for one go."""
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1e3


def p95(times: list[float]) -> float:
    """What 95 of 100 do not exceed."""
    return sorted(times)[int(len(times) * P95)]


def asked() -> Iterator[tuple[Measure, Period, Scope]]:
    """Each measure behind a signed form within its limits, and besides every registered one over the whole of last year and of this."""
    taken = EvaluationRow.objects.exclude(reading=None).filter(evaluation__state="frozen").values("reading")
    for reading in FrozenReading.objects.filter(pk__in=taken):
        measure = measure_of(reading.code)
        if measure is None:
            raise LookupError(f"{reading.code} is registered no more")
        yield measure, period_of(reading), dict(reading.scope)
    for year in (localdate().year - 1, localdate().year):
        for measure in all_measures():
            yield measure, Period.year(year), {}


def figures() -> tuple[list[float], list[str]]:
    """How long each measure that has rows takes, several times; the codes of those that have none anywhere."""
    times, met = [], set()
    for measure, period, scope in asked():
        rows = sum(1 for _ in measure.evidence(period, scope))
        if not rows:
            continue
        met.add(measure.code)
        each = [took(partial(measure.compute, period, scope)) for _ in range(TIMES)]
        print(f"{measure.code:28} {rows:7} rows  median {median(each):7.1f} ms  {'' if scope else 'without limits'}")
        times += each
    return times, sorted({one.code for one in all_measures()} - met)


def cold(client: Client, times: int) -> float:
    """The page of the director as the first of a new process, its cache emptied: the slowest of some."""
    command = [sys.executable, str(Path(__file__).with_name("measures_cold.py")), client.cookies["keheng"].value]
    return max(
        float(subprocess.run([*command, f"/performance/cockpit/?year={year}"], stdout=subprocess.PIPE, text=True, check=True).stdout)  # noqa: S603 -- a script of ours
        for year in years() for _ in range(times)
    )  # fmt: skip


def cockpit(client: Client) -> float:
    """The page of the director with nothing kept: a new connection each time."""
    times = []
    for year in years():
        for _ in range(TIMES):
            connection.close()
            times.append(took(partial(client.get, f"/performance/cockpit/?year={year}")))
    return p95(times)


def promises(scale: str) -> list[dict[str, object]]:
    """Measure and judge."""
    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get(login="demo.leader"))
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session.save()
    answer = client.get("/performance/cockpit/")
    if answer.status_code != 200:  # noqa: PLR2004 -- what a page that is there answers
        raise SystemExit(f"the cockpit answers {answer.status_code}")
    form = SelfEvaluation.objects.filter(state="frozen").select_related("project")[0]
    write_form([form_of(form)], form.layout, "pdf")
    # As the server does (site/wsgi.py): what loading left is not looked through again while pages are made.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    times, without = figures()
    known = len(all_measures())
    print(f"{known - len(without)} of {known} measures have rows; none: {', '.join(without)}")
    measured = {
        "measure": p95(times),
        "all": took(lambda: list(prove())),
        "cockpit": cockpit(client),
        "cold": cold(client, COLD[scale]),
        "pdf": p95([took(lambda: write_form([form_of(form)], form.layout, "pdf")) for _ in range(TIMES * 4)]),
    }
    names = {
        "measure": f"p95 of {known - len(without)} measures over a year, {scale} demo city, {connection.vendor}, ms",
        "all": f"all figures of all signed forms proved with their evidence, {scale} demo city, {connection.vendor}, ms",
        "cockpit": f"p95 of the cockpit on a new connection, {scale} demo city, ms",
        "cold": f"the cockpit as the first page of a new process, slowest, {scale} demo city, {connection.vendor}, ms",
        "pdf": "p95 of a form as PDF, ms",
    }
    return [
        {"name": names[key], "limit": LIMITS[key], "measured": round(value, 1), "holds": value < LIMITS[key]}
        for key, value in measured.items()
    ]


def main() -> int:
    """Measure, print, judge."""
    if OPTIONS.data is None:
        load(OPTIONS.scale)
    print(f"load of the machine {os.getloadavg()[0]:.1f}")
    found = promises(OPTIONS.scale)
    said = {"benchmark": "measures", "database": connection.vendor, "cores": os.cpu_count(), "promises": found}
    print(json.dumps(said, ensure_ascii=False))
    return 0 if all(row["holds"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
