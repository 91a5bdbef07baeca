"""How fast the ground is: rules, audit entries, jobs, import of spreadsheets, search, a rush of sign-ins, lists.

``python benchmarks/ground.py [--scale small|full]``; PostgreSQL where ``DATABASE_URL`` leads (``tools/with_postgres.sh`` starts
one), else SQLite in a temporary folder. The last line is one JSON object, the exit code 1 when a promise does not hold.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
import timeit
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]
_FOLDER = tempfile.TemporaryDirectory()
os.environ["KEHENG_DATA"] = _FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "keheng.site.settings"

import django

django.setup()

import ground_search
import ground_sign_in
import ground_tables
from django.core.management import call_command
from django.db import connection, transaction

from keheng.kernel import credit_code
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.jobs.registry import job
from keheng.kernel.jobs.worker import work_off
from keheng.kernel.logic import compile_rule
from keheng.kernel.models import AuditEntry
from keheng.kernel.spreadsheets import Column, Sheet, read_rows, write_sheet
from keheng.kernel.trail.heads import problems
from keheng.kernel.trail.record import SYSTEM, now, record
from keheng.kernel.trail.seal import seal_pending

SCALES = {"small": 2_000, "full": 20_000}
ROWS = {"small": 5_000, "full": 50_000}
IMPORT_SECONDS = 30.0
WRITERS = 8
CLAUSE_MICROSECONDS, ENTRIES_A_SECOND, JOBS_A_SECOND = 2.0, {"sqlite": 200, "postgresql": 300}, 100
RULE = compile_rule('staff < 300 and revenue <= 20_000_000 and (kind in ["企业", "高校"] or listed) and age >= 1.5')
FACTS = {"staff": 120, "revenue": Decimal(5), "kind": "医院", "listed": True, "age": Decimal(2)}
CLAUSES, TIMES = 5, 100_000


def clause() -> float:
    """Microseconds for one clause of a rule, the best of five rounds."""
    return min(timeit.repeat(lambda: RULE(FACTS), number=TIMES, repeat=5)) / TIMES / CLAUSES * 1e6


def entries(count: int) -> float:
    """Entries a second of several writers at once, each entry a transaction of its own, all sealed at the end."""

    def write(share: int) -> None:
        for number in range(share):
            with transaction.atomic():
                record("benchmark.write", actor=SYSTEM, target=f"row:{number}")
        connection.close()

    begin = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, [count // WRITERS] * WRITERS))
    while seal_pending(now()):
        pass
    rate = count / (time.perf_counter() - begin)
    wrong = list(problems(Path(_FOLDER.name) / "heads"))
    if wrong or AuditEntry.objects.count() != count:
        raise RuntimeError(f"{AuditEntry.objects.count()} of {count} entries; {wrong}")
    return rate


@job("benchmark.nothing")
def nothing(_payload: object) -> None:
    """A job without work of its own."""


def jobs(count: int) -> float:
    """Jobs a second of one worker, queued beforehand."""
    with transaction.atomic():
        for number in range(count):
            enqueue("benchmark.nothing", {"n": number})
    return timed(lambda: work_off("benchmark", threading.Event()), count)


SHEET = Sheet(
    "仪器",
    (
        Column("code", "仪器编号", "text", required=True, longest=20),
        Column("name", "仪器名称", "text", required=True, longest=60),
        Column("unit", "所属单位代码", "credit_code", required=True),
        Column("kind", "类别", "choice", choices=("分析仪器", "工艺设备")),
        Column("open", "是否开放", "boolean"),
        Column("price", "原值", "money", required=True),
        Column("bought", "购置日期", "date", required=True),
        Column("hours", "年机时", "integer"),
        Column("rate", "共享率", "decimal"),
        Column("place", "存放地点", "text"),
        Column("contact", "联系人", "text"),
        Column("note", "备注", "text"),
    ),
    unique=("code",),
)


def spreadsheet(count: int) -> float:
    """Seconds to read a spreadsheet of 12 columns with every cell checked; none of its rows is faulty."""
    unit = credit_code.make("9", "1", "530100", 7)
    rows = (
        {
            "code": f"YQ{number:06}", "name": "高分辨质谱仪", "unit": unit, "kind": "分析仪器", "open": True, "price": 123_456_00 + number,
            "bought": date(2020, 1, 1), "hours": number % 2000, "rate": Decimal("0.5"), "place": "三号楼", "contact": "张工", "note": "",
        }
        for number in range(count)
    )  # fmt: skip
    data = write_sheet(SHEET, rows)
    begin = time.perf_counter()
    outcome = read_rows(data, SHEET)
    seconds = time.perf_counter() - begin
    if len(outcome.accepted()) != count:
        raise RuntimeError(f"{len(outcome.accepted())} of {count} rows: {outcome.problems[:1]}")
    return seconds


def timed(work: Callable[[], object], count: int) -> float:
    """How many a second."""
    begin = time.perf_counter()
    work()
    return count / (time.perf_counter() - begin)


def promise(name: str, limit: float, value: float, *, holds: bool) -> dict[str, object]:
    """One row of the result."""
    return {"name": name, "limit": limit, "measured": round(value, 2), "holds": holds}


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(SCALES), default="small")
    scale = parser.parse_args().scale
    count = SCALES[scale]
    call_command("migrate", verbosity=0)
    if AuditEntry.objects.exists():
        parser.error("DATABASE_URL leads to a database in use: measure on an empty one")
    vendor = connection.vendor
    micro, rate, done = clause(), entries(count), jobs(count // 4)
    seconds = spreadsheet(ROWS[scale])
    found = [
        promise(f"seconds for {ROWS[scale]} rows × 12 columns", IMPORT_SECONDS, seconds, holds=seconds < IMPORT_SECONDS),
        promise("microseconds for a clause", CLAUSE_MICROSECONDS, micro, holds=micro < CLAUSE_MICROSECONDS),
        promise(
            f"audit entries a second, {WRITERS} writers, {vendor}", ENTRIES_A_SECOND[vendor], rate, holds=rate >= ENTRIES_A_SECOND[vendor]
        ),
        promise(f"jobs a second, one worker, {vendor}", JOBS_A_SECOND, done, holds=done >= JOBS_A_SECOND),
        *ground_search.promises(scale),
        *ground_sign_in.promises(scale),
        *ground_tables.promises(scale),
    ]
    print(json.dumps({"benchmark": "ground", "database": vendor, "cores": os.cpu_count(), "promises": found}, ensure_ascii=False))
    return 0 if all(row["holds"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
