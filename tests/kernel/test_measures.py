"""Figures lead back to rows: the platform's own measures, and what a measure may not do."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from keheng.kernel import measures
from keheng.kernel.jobs.queue import moment
from keheng.kernel.measures import Measure, UnprovenError, Value, all_measures, ratio, read, register, still_holds
from keheng.kernel.models import Job
from keheng.kernel.periods import Period

YEAR = Period.year(2026)


def job(state: str, finished: datetime) -> None:
    with transaction.atomic():
        Job.objects.create(kind="a", payload="{}", state=state, due_at=moment(), finished_at=finished)


def test_a_reading_comes_from_rows_and_is_reproducible(fresh):
    inside, outside = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    for state, finished in [(Job.DONE, inside), (Job.DONE, inside), (Job.FAILED, inside), (Job.DONE, outside)]:
        job(state, finished)
    done, success = read("operations.jobs_done", YEAR), read("operations.jobs_success", YEAR)
    assert (done.value.value, done.rows) == (2, 3)
    assert (success.value.numerator, success.value.denominator, round(success.value.value, 2)) == (2, 3, Decimal("66.67"))
    assert still_holds(success)
    job(Job.DONE, inside)
    assert not still_holds(success)
    assert not still_holds(replace(read("operations.jobs_done", YEAR), version=0))


def test_nothing_to_measure_is_not_zero(fresh):
    assert read("operations.jobs_success", YEAR).value == Value(None, Decimal(0), Decimal(0))
    assert read("operations.jobs_done", YEAR).value.value == 0


def test_no_value_without_evidence_and_no_code_twice(monkeypatch):
    monkeypatch.setattr(measures, "_measures", {})
    bare = register(Measure("test.bare", "个", "", 1, lambda *_: Value(Decimal(3)), lambda *_: []))
    with pytest.raises(UnprovenError, match=r"test\.bare"):
        read("test.bare", YEAR)
    assert register(bare) is bare
    with pytest.raises(ValueError, match="twice"):
        register(replace(bare, unit="次"))
    assert all_measures() == [bare]
    with pytest.raises(KeyError):
        read("test.absent", YEAR)


def test_more_than_all_is_shown_as_it_is():
    assert ratio(3, 2).value == 150


@pytest.mark.one_database
def test_the_command_shows_figures_and_rows(fresh):
    job(Job.DONE, datetime(2026, 5, 1, tzinfo=UTC))

    def keheng(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "keheng.cli", "measures", *arguments, "--year", "2026"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    code, said = keheng()
    assert (code, "operations.jobs_done  2026年  1 个" in said, "operations.jobs_success  2026年  100 %" in said) == (0, True, True)
    code, said = keheng("operations.jobs_done")
    assert (code, said.count('"state": "done"')) == (0, 1)
    assert keheng("no.such")[0] == 2
