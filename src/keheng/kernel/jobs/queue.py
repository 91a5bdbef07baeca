"""Putting jobs into the queue, taking them out, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from keheng.kernel.jobs.registry import all_timed, most_attempts
from keheng.kernel.models import Job, Schedule
from keheng.kernel.trail.record import Actor, act, record

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)
SILENCE = timedelta(seconds=60)
_LONGEST_ERROR = 4_000


class UnsafeEnqueueError(RuntimeError):
    """A job was put into the queue outside a transaction: it could exist without its cause."""


class NotFailedError(Exception):
    """Only a failed job can be tried again by hand; the message says what state it is in."""


def moment() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def enqueue(kind: str, payload: Mapping[str, Any], *, key: str | None = None, due: datetime | None = None) -> bool:
    """Queue a job in the caller's transaction; False when one of the same kind and ``key`` is known already."""
    if not connection.in_atomic_block:
        raise UnsafeEnqueueError(f"{kind}: queue a job in the transaction of its cause")
    if key is not None and Job.objects.filter(kind=kind, key=key).exists():
        return False
    row = Job(kind=kind, payload=json.dumps(payload, ensure_ascii=False), key=key, due_at=due or moment(), state=Job.WAITING)
    # Two transactions that pass the look above at once: the unique key lets one row in, without an error for the other.
    Job.objects.bulk_create([row], ignore_conflicts=key is not None)
    return True


def enqueue_unless_waiting(kind: str, payload: Mapping[str, Any]) -> bool:
    """Queue a job in the caller's transaction; False when one of this kind is due that no worker takes before the transaction ends."""
    # Held until then: a worker that looks meanwhile goes by it, so that it begins after what it is to see.
    due = Job.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    if due.filter(kind=kind, state=Job.WAITING, due_at__lte=moment()).order_by("id").first() is not None:
        return False
    return enqueue(kind, payload)


def claim(worker: str) -> Job | None:
    """The next due job, now running under this worker; None when nothing is due. No two workers get one job."""
    due = Job.objects.filter(state=Job.WAITING, due_at__lte=moment()).order_by("due_at", "id")
    # Looking first keeps an idle worker from taking SQLite's write lock five times a second.
    if not due.exists():
        return None
    with transaction.atomic():
        taken = due.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).first()
        if taken is None:
            return None
        taken.state, taken.worker, taken.beat_at, taken.attempts = Job.RUNNING, worker, moment(), taken.attempts + 1
        taken.save(update_fields=["state", "worker", "beat_at", "attempts"])
        return taken


def owned(taken: Job) -> Any:
    """The row while it is still this run's: a job that was given to another worker meanwhile is not."""
    return Job.objects.filter(id=taken.id, state=Job.RUNNING, worker=taken.worker, attempts=taken.attempts)


def finish(taken: Job) -> bool:
    """Mark done; False when the job was taken away meanwhile."""
    return bool(owned(taken).update(state=Job.DONE, finished_at=moment(), error=""))


def put_back(taken: Job, error: str, most: int) -> None:
    """After a fault: wait, each time twice as long, or fail for good after the last attempt."""
    if taken.attempts >= most:
        owned(taken).update(state=Job.FAILED, finished_at=moment(), error=error[:_LONGEST_ERROR])
        return
    pause = min(FIRST_PAUSE * 2 ** (taken.attempts - 1), LONGEST_PAUSE)
    owned(taken).update(state=Job.WAITING, due_at=moment() + pause, error=error[:_LONGEST_ERROR])


def beat(taken: Job) -> None:
    """Say that the job is still being worked on."""
    owned(taken).update(beat_at=moment())


def reap() -> int:
    """Put back jobs whose worker has been silent too long; how many."""
    lost = list(Job.objects.filter(state=Job.RUNNING, beat_at__lt=moment() - SILENCE))
    for taken in lost:
        put_back(taken, f"worker {taken.worker} was lost", most_attempts(taken.kind))
    return len(lost)


def queue_timed() -> int:
    """Queue what is due by schedule, once however many workers look; how many jobs."""
    queued = 0
    for timed in all_timed():
        now = moment()
        schedule, _ = Schedule.objects.get_or_create(kind=timed.kind, defaults={"next_at": now})
        if schedule.next_at > now:
            continue
        with transaction.atomic():
            # Only the worker that moves the date from where it was seen queues the job.
            if Schedule.objects.filter(kind=timed.kind, next_at=schedule.next_at).update(next_at=now + timed.every, last_at=now):
                enqueue(timed.kind, {})
                queued += 1
    return queued


def troubled() -> Iterator[Job]:
    """Failed jobs, then those that wait for another attempt; newest first."""
    yield from Job.objects.filter(state=Job.FAILED).order_by("-finished_at")
    yield from Job.objects.filter(state=Job.WAITING, attempts__gt=0).order_by("-due_at")


@act("job.retry", NotFailedError)
def retry_job(*, actor: Actor, job_id: int) -> None:
    """Try a failed job again from the beginning; raises NotFailedError."""
    if not Job.objects.filter(id=job_id, state=Job.FAILED).update(state=Job.WAITING, attempts=0, due_at=moment(), finished_at=None):
        state = Job.objects.filter(id=job_id).values_list("state", flat=True).first() or "absent"
        raise NotFailedError(f"任务 {job_id} 不在失败状态（{state}）/ job {job_id} has not failed ({state})")
    record("job.retry", actor=actor, target=f"job:{job_id}")
