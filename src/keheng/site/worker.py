"""The worker beside the web server: seals the audit trail on PostgreSQL and publishes its heads.

``python -m keheng.site.worker``, started and watched by ``keheng serve``; ends at SIGTERM after the step at hand.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time

import django

from keheng.site.installation import heads_folder

SEAL_EVERY, HEAD_EVERY = 0.2, 3600.0
_AFTER_FAULT = 5.0

logger = logging.getLogger("keheng.worker")


def run(stop: threading.Event) -> None:
    """Seal and publish until told to stop; a fault is logged and tried again, since sealing must go on."""
    from django.db import DatabaseError, connection  # noqa: PLC0415 -- Django must be set up before its models load

    from keheng.kernel.trail.heads import publish_head  # noqa: PLC0415 -- Django must be set up before its models load
    from keheng.kernel.trail.record import now  # noqa: PLC0415 -- Django must be set up before its models load
    from keheng.kernel.trail.seal import seal_pending  # noqa: PLC0415 -- Django must be set up before its models load

    next_head = 0.0
    while not stop.is_set():
        try:
            seal_pending(now())
            if time.monotonic() >= next_head:
                publish_head(heads_folder(), now())
                next_head = time.monotonic() + HEAD_EVERY
        except (DatabaseError, OSError):
            logger.exception("sealing failed, next try in %s s", _AFTER_FAULT)
            connection.close()
            stop.wait(_AFTER_FAULT)
        stop.wait(SEAL_EVERY)


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
