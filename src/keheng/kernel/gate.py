"""A gate that lets so many through at a time, over all processes of a machine.

Each slot is a lock on a file; the system takes it back when a process dies, so that no slot is ever lost.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

_LOOK_EVERY = 0.01


class Gate:
    """``slots`` files in a folder that every process of the installation shares."""

    def __init__(self, folder: Path, slots: int) -> None:
        self.folder, self.slots = folder, slots
        # Of this process's threads so many may be inside or wait, and the others stay free for other pages;
        # they wait for each other asleep, and only as many as could enter look at the files.
        self._room, self._own = BoundedSemaphore(2 * slots), BoundedSemaphore(slots)

    @contextmanager
    def entered(self, patience: float = 0.0) -> Iterator[bool]:
        """Hold a slot for the block; False when none was free within so many seconds."""
        if not self._room.acquire(blocking=False):
            yield False
            return
        try:
            with self._slot(time.monotonic() + patience) as slot:
                yield slot is not None
        finally:
            self._room.release()

    @contextmanager
    def _slot(self, until: float) -> Iterator[int | None]:
        if not self._own.acquire(timeout=max(until - time.monotonic(), 0)):
            yield None
            return
        slot = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            slot = self._free()
            while slot is None and time.monotonic() < until:
                time.sleep(_LOOK_EVERY)
                slot = self._free()
            yield slot
        finally:
            if slot is not None:
                os.close(slot)
            self._own.release()

    def _free(self) -> int | None:
        for number in range(self.slots):
            descriptor = os.open(self.folder / f"slot-{number}", os.O_RDWR | os.O_CREAT, 0o640)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
            else:
                return descriptor
        return None
