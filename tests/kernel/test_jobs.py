"""Jobs: written with their cause, done once, tried again, taken back from lost workers."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection, transaction
from processes import started

from keheng.kernel.jobs import queue, registry, worker
from keheng.kernel.jobs.outbox import emit, wire
from keheng.kernel.jobs.queue import NotFailedError, UnsafeEnqueueError, claim, enqueue, queue_timed, reap, retry_job, troubled
from keheng.kernel.jobs.registry import every, job
from keheng.kernel.jobs.worker import run, work_off
from keheng.kernel.models import AuditEntry, Job, Schedule, Series
from keheng.kernel.numbers import draw
from keheng.kernel.trail.record import Actor

OPERATOR = Actor("account:1", role="operator")
NEVER = threading.Event()
seen: list[object] = []


@job("test.note")
def note(payload):
    draw("note", 2026)
    seen.append(payload["n"])
    if payload.get("fails"):
        raise ValueError("投递失败")


@job("test.twice", attempts=2, atomic=False)
def twice(payload):
    draw_alone()
    raise OSError("对方无应答")


def draw_alone():
    with transaction.atomic():
        draw("twice", 2026)


@pytest.fixture(autouse=True)
def _clean():
    seen.clear()


def put(kind: str, **payload: object) -> None:
    with transaction.atomic():
        enqueue(kind, payload)


def due_now() -> None:
    Job.objects.filter(state=Job.WAITING).update(due_at=queue.moment())


def drawn(series: str) -> int:
    return Series.objects.filter(code=series).values_list("last", flat=True).first() or 0


def test_a_job_stands_and_falls_with_its_cause(fresh):
    with pytest.raises(UnsafeEnqueueError):
        enqueue("test.note", {"n": 1})
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("test.note", {"n": 1})
        raise ZeroDivisionError
    assert work_off("w", NEVER) == 0
    put("test.note", n=2)
    assert work_off("w", NEVER) == 1
    done = Job.objects.get()
    assert (seen, done.state, done.attempts, done.worker, str(done)) == ([2], Job.DONE, 1, "w", f"test.note {done.pk}: done")


def test_jobs_come_in_order_of_their_time(fresh):
    with transaction.atomic():
        enqueue("test.note", {"n": "later"}, due=queue.moment() + timedelta(hours=1))
        enqueue("test.note", {"n": "first"}, due=queue.moment() - timedelta(hours=1))
        enqueue("test.note", {"n": "second"})
    assert work_off("w", NEVER) == 2
    assert seen == ["first", "second"]


def test_one_job_for_a_key(fresh):
    with transaction.atomic():
        assert enqueue("test.note", {"n": 1}, key="case:1") is True
        assert enqueue("test.note", {"n": 2}, key="case:1") is False
        assert enqueue("test.note", {"n": 3}, key="case:2") is True
    work_off("w", NEVER)
    with transaction.atomic():
        assert enqueue("test.note", {"n": 4}, key="case:1") is False
    assert seen == [1, 3]


def test_what_a_failed_handler_did_is_undone_and_it_waits_longer_each_time(fresh):
    put("test.note", n=1, fails=True)
    pauses = []
    for _ in range(4):
        assert work_off("w", NEVER) == 1
        failed = Job.objects.get()
        pauses.append(round((failed.due_at - failed.beat_at).total_seconds()))
        assert (failed.state, failed.error) == (Job.WAITING, "ValueError: 投递失败")
        assert work_off("w", NEVER) == 0
        due_now()
    assert pauses == [30, 60, 120, 240]
    assert drawn("note") == 0


def test_after_the_last_attempt_operators_see_why_and_try_again(fresh):
    put("test.twice", n=1)
    for _ in range(3):
        work_off("w", NEVER)
        due_now()
    failed = Job.objects.get()
    assert (failed.state, failed.attempts, failed.error) == (Job.FAILED, 2, "OSError: 对方无应答")
    assert drawn("twice") == 2
    assert [job.pk for job in troubled()] == [failed.pk]
    retry_job(actor=OPERATOR, job_id=failed.pk)
    with pytest.raises(NotFailedError, match="waiting"):
        retry_job(actor=OPERATOR, job_id=failed.pk)
    with pytest.raises(NotFailedError, match="absent"):
        retry_job(actor=OPERATOR, job_id=999)
    acts = [json.loads(body) for body in AuditEntry.objects.order_by("id").values_list("body", flat=True)]
    assert [(entry["act"], entry["succeeded"]) for entry in acts] == [("job.retry", True), ("job.retry", False), ("job.retry", False)]
    assert work_off("w", NEVER) == 1


def test_a_job_nobody_knows_fails_at_once(fresh):
    put("test.unknown", n=1)
    work_off("w", NEVER)
    assert Job.objects.get().error == "no handler is registered for test.unknown"
    assert Job.objects.get().state == Job.FAILED


def test_a_lost_workers_job_is_taken_back(fresh):
    put("test.note", n=1)
    lost = claim("lost")
    assert reap() == 0
    Job.objects.update(beat_at=queue.moment() - queue.SILENCE * 2)
    assert reap() == 1
    assert Job.objects.get().error == "worker lost was lost"
    due_now()
    assert work_off("other", NEVER) == 1
    run(lost)
    assert (drawn("note"), Job.objects.get().worker) == (1, "other")


def test_a_process_that_does_not_know_a_job_gives_it_back_without_judging(fresh):
    put("test.unknown", n=1)
    claim("lost")
    Job.objects.update(beat_at=queue.moment() - queue.SILENCE * 2, attempts=20)
    assert reap() == 1
    assert Job.objects.get().state == Job.WAITING


def test_long_work_beats(fresh, monkeypatch):
    monkeypatch.setattr(worker, "BEAT_EVERY", 0.01)

    @job("test.long", atomic=False)
    def long(_payload):
        before = Job.objects.get().beat_at
        end = time.monotonic() + 10
        while Job.objects.get().beat_at == before:
            assert time.monotonic() < end

    put("test.long")
    work_off("w", NEVER)
    assert Job.objects.get().state == Job.DONE


def test_schedules_are_queued_once(fresh, monkeypatch):
    monkeypatch.setattr(registry, "_timed", {})
    every(timedelta(hours=1), "test.note")
    assert [queue_timed(), queue_timed()] == [1, 0]
    Schedule.objects.update(next_at=queue.moment() - timedelta(days=3))
    assert [queue_timed(), queue_timed()] == [1, 0]
    assert Schedule.objects.get().next_at > queue.moment()
    with pytest.raises(KeyError):
        every(timedelta(hours=1), "test.unknown")


def test_a_name_has_one_handler():
    job("test.note")(note)
    with pytest.raises(ValueError, match=r"test\.note"):
        job("test.note")(twice)


@dataclass(frozen=True)
class CaseClosed:
    n: int


def other(payload):
    seen.append(f"other {payload['n']}")


def failing(payload):
    raise ValueError("渠道不可用")


def test_one_failing_reaction_stops_no_other(fresh):
    wire({CaseClosed: [failing, note, other]})
    wire({CaseClosed: [other]})
    with transaction.atomic():
        emit(CaseClosed(7))
    assert work_off("w", NEVER) == 3
    assert seen == [7, "other 7"]
    assert [job.error for job in troubled()] == ["ValueError: 渠道不可用"]
    with pytest.raises(TypeError), transaction.atomic():
        emit({"n": 1})


SCRIPT = """
import django, sys, threading
django.setup()
sys.path.insert(0, sys.argv[1])
from keheng.kernel.jobs.registry import job
from keheng.kernel.jobs.worker import work_off, name_of_this_worker
from keheng.kernel.numbers import draw
@job("test.count")
def count(payload):
    draw("count", 2026)
print("ready", flush=True)
while work_off(name_of_this_worker(), threading.Event()):
    pass
"""


def test_workers_that_die_and_race_do_every_job_once(fresh, tmp_path, monkeypatch):
    (tmp_path / "work.py").write_text(SCRIPT)
    with transaction.atomic():
        for number in range(600):
            enqueue("test.count", {"n": number})
    connection.close()

    def start() -> AbstractContextManager[subprocess.Popen]:
        return started([sys.executable, str(tmp_path / "work.py"), "."], stdout=subprocess.PIPE)

    with start() as one, start() as two:
        one.stdout.readline()
        while not Job.objects.filter(state=Job.DONE).count() > 50:
            time.sleep(0.01)
        os.kill(one.pid, signal.SIGKILL)
        two.communicate()
    monkeypatch.setattr(queue, "SILENCE", timedelta(0))
    reap()
    due_now()
    with start() as last:
        last.communicate()
    assert Job.objects.filter(state=Job.DONE).count() == 600
    assert drawn("count") == 600


def test_the_command_shows_and_retries(fresh):
    def keheng(*arguments: str) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-m", "keheng.cli", "jobs", *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    assert keheng() == (0, "没有失败的任务 / no job has failed\n")
    put("test.unknown", n=1)
    work_off("w", NEVER)
    put("test.note", n=1, fails=True)
    work_off("w", NEVER)
    code, said = keheng()
    assert (code, "test.unknown" in said, "test.note 第 1 次" in said, "投递失败" in said) == (1, True, True, True)
    failed = str(Job.objects.get(state=Job.FAILED).pk)
    assert keheng("--retry", failed)[0] == 0
    code, said = keheng("--retry", failed)
    assert (code, "不在失败状态" in said) == (2, True)
