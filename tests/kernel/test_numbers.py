"""Numbers under concurrency and sudden death: no gap, no double, none lost once acknowledged."""

import json
import os
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.db import transaction
from processes import started

from keheng.kernel.models import AuditEntry, Series
from keheng.kernel.numbers import NumberOutsideTransactionError, draw, written
from keheng.kernel.trail.heads import problems
from keheng.kernel.trail.record import now
from keheng.kernel.trail.seal import seal_pending

WRITER = Path(__file__).with_name("writer.py")
# KEHENG_WRITES=10000 is the promise; the check draws fewer.
PROCESSES, NUMBERS, KILLS = 16, int(os.environ.get("KEHENG_WRITES", "4000")), 4


def writer(count: int, processes: int = 1) -> AbstractContextManager[subprocess.Popen]:
    return started([sys.executable, str(WRITER), str(count), str(processes)], stdout=subprocess.PIPE, text=True)


def whole(data: Path) -> bool:
    """Everything is sealed and holds."""
    while seal_pending(now()):
        pass
    return list(problems(data / "heads")) == []


def test_series_and_years_count_apart(fresh):
    with transaction.atomic():
        assert [draw("A", 2026), draw("A", 2026), draw("B", 2026), draw("A", 2027)] == [1, 2, 1, 1]
    assert written("KH", 2026, 12) == "KH-2026-00012"
    assert str(Series.objects.get(code="A", year=2026)) == "A-2026: 2"


def test_a_number_goes_back_with_its_transaction(fresh):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        draw("A", 2026)
        raise ZeroDivisionError
    with transaction.atomic():
        assert draw("A", 2026) == 1
    with pytest.raises(NumberOutsideTransactionError):
        draw("A", 2026)


def test_sixteen_processes_draw_numbers_without_a_gap(fresh):
    with writer(NUMBERS // PROCESSES, PROCESSES) as process:
        drawn = [int(number) for number in process.communicate()[0].split()]
    assert sorted(drawn) == list(range(1, NUMBERS + 1))
    assert whole(fresh)


def test_killed_writers_lose_nothing_that_was_acknowledged(fresh):
    acknowledged: list[str] = []
    for _ in range(KILLS):
        with writer(NUMBERS) as process:
            acknowledged += [process.stdout.readline() for _ in range(NUMBERS // KILLS)]
            process.kill()
            acknowledged += [line for line in process.stdout if line.endswith("\n")]
    targets = [int(json.loads(body)["target"].split(":")[1]) for body in AuditEntry.objects.values_list("body", flat=True)]
    assert len(acknowledged) >= NUMBERS
    assert {int(line) for line in acknowledged} <= set(targets)
    assert sorted(targets) == list(range(1, len(targets) + 1))
    assert whole(fresh)
