"""Few requests are worked on at once in a process, in the order in which they came.

Python runs one thread at a time: sixteen pages made at once are each sixteen times as slow, and they cost more, since threads take
turns every few milliseconds. Threads are many for the sake of bodies that arrive slowly: what has a body waits in no lane.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

LANES = 2
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Lanes:
    """A WSGI application around another one."""

    def __init__(self, application: Application, lanes: int = LANES) -> None:
        self.application, self.free = application, lanes
        self.waiting: deque[threading.Lock] = deque()
        self.lock = threading.Lock()

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer in one's turn; what streams afterwards, as files do, holds no lane."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self.application(environ, start)
        self._wait()
        try:
            return self.application(environ, start)
        finally:
            self._hand_on()

    def _wait(self) -> None:
        with self.lock:
            if self.free:
                self.free -= 1
                return
            turn = threading.Lock()
            turn.acquire()
            self.waiting.append(turn)
        turn.acquire()

    def _hand_on(self) -> None:
        """The lane goes to whoever waits longest; were it only set free, whoever comes now would be before them."""
        with self.lock:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self.free += 1
