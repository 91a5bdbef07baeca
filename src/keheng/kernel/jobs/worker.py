"""Doing the jobs: one after the other, with a heartbeat, faults put back with their reason."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection, transaction

from keheng.kernel.jobs.queue import beat, claim, finish, put_back
from keheng.kernel.jobs.registry import Kind, kind_of
from keheng.kernel.models import Job

BEAT_EVERY = 10.0
logger = logging.getLogger("keheng.jobs")


class TakenAwayError(Exception):
    """The job was given to another worker, since this one was silent too long: what it did is undone."""


def name_of_this_worker() -> str:
    """Host and process, as operators see it."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def work_off(worker: str, stop: threading.Event) -> int:
    """Do what is due until nothing is or until told to stop; how many jobs were taken."""
    count = 0
    while not stop.is_set():
        taken = claim(worker)
        if taken is None:
            break
        run(taken)
        count += 1
    return count


def run(taken: Job) -> None:
    """Do one claimed job. Any fault of a handler is kept on the job, shown to operators and tried again."""
    try:
        kind = kind_of(taken.kind)
    except KeyError:
        put_back(taken, f"no handler is registered for {taken.kind}", most=1)
        return
    try:
        with _heart(taken):
            _do(kind, taken)
    except TakenAwayError:
        logger.warning("%s was given to another worker", taken)
    except Exception as error:
        logger.exception("%s failed", taken)
        put_back(taken, f"{type(error).__name__}: {error}", kind.attempts)


def _do(kind: Kind, taken: Job) -> None:
    payload = json.loads(taken.payload)
    if not kind.atomic:
        kind.handler(payload)
        finish(taken)
        return
    with transaction.atomic():
        kind.handler(payload)
        if not finish(taken):
            raise TakenAwayError


@contextmanager
def _heart(taken: Job) -> Iterator[None]:
    """Beats from a thread of its own while the job runs."""
    stop = threading.Event()

    def pump() -> None:
        while not stop.wait(BEAT_EVERY):
            # On SQLite a handler's own transaction may keep the beat waiting; then the reaper has to wait as well.
            with suppress(DatabaseError):
                beat(taken)
        connection.close()

    thread = threading.Thread(target=pump, name="heart", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
