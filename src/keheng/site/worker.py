"""The worker beside the web server: does the jobs, and seals the audit trail on PostgreSQL.

``python -m keheng.site.worker``, started and watched by ``keheng serve``; ends at SIGTERM after the job at hand.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable

import django
from django.db import DatabaseError, connection

SEAL_EVERY, LOOK_EVERY = 0.2, 0.5
_AFTER_FAULT = 5.0

logger = logging.getLogger("keheng.worker")


def repeat(step: Callable[[], object], stop: threading.Event, pause: float) -> None:
    """Do a step again and again; a database that fails is tried again, since neither sealing nor jobs may end with it."""
    while not stop.is_set():
        try:
            step()
        except DatabaseError:
            logger.exception("%s failed, next try in %s s", step, _AFTER_FAULT)
            connection.close()
            stop.wait(_AFTER_FAULT)
        stop.wait(pause)
    connection.close()


def run(stop: threading.Event) -> None:
    """Seal in a thread of its own, so that no long job keeps the trail waiting; do the jobs here."""
    from keheng.kernel.jobs.queue import queue_timed, reap  # noqa: PLC0415 -- Django must be set up before its models load
    from keheng.kernel.jobs.worker import name_of_this_worker, work_off  # noqa: PLC0415 -- Django must be set up before its models load
    from keheng.kernel.trail.record import now  # noqa: PLC0415 -- Django must be set up before its models load
    from keheng.kernel.trail.seal import seal_pending  # noqa: PLC0415 -- Django must be set up before its models load

    def jobs() -> None:
        reap()
        queue_timed()
        work_off(name_of_this_worker(), stop)

    sealer = threading.Thread(target=repeat, args=(lambda: seal_pending(now()), stop, SEAL_EVERY), name="sealer")
    sealer.start()
    repeat(jobs, stop, LOOK_EVERY)
    sealer.join()


def main() -> int:
    """Run until SIGTERM or SIGINT."""
    django.setup()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
