"""One supervisor over the web server and the worker: starts both, starts again what dies, ends both on a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence

BLOCKING_THREADS = 16
# A web process that hears a signal between loading and serving never ends by itself: the server insists before we do.
_WEB_PATIENCE, _PATIENCE = 8, 10.0
_LOOK_EVERY = 0.2
_LONGEST_PAUSE = 30.0
_STEADY = 60.0


class Child:
    """A process that is kept alive; the pause before the next start doubles while it dies young."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name, self.command, self.environment = name, command, environment
        self.pause, self.due = 0.5, 0.0
        self.start()

    def start(self) -> None:
        """Start the process, in a session of its own so that a Ctrl-C reaches only the supervisor."""
        self.process = subprocess.Popen(self.command, env=dict(self.environment), start_new_session=True)  # noqa: S603 -- our own commands
        self.began, self.due = time.monotonic(), 0.0

    def look(self) -> None:
        """Start the process again when it has died, after its pause."""
        if self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.due:
            self.pause = 0.5 if now - self.began > _STEADY else min(self.pause * 2, _LONGEST_PAUSE)
            self.due = now + self.pause
            sys.stderr.write(f"{self.name} 退出（{self.process.returncode}），{self.pause:.0f} 秒后重启 / ended, starting again\n")
        elif now >= self.due:
            self.start()

    def end(self, by: float) -> None:
        """Wait until it has ended as it was asked to; insist when the time is over (seconds of ``time.monotonic``)."""
        try:
            self.process.wait(max(by - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            sys.stderr.write(f"{self.name} 没有按时结束，强行停止 / did not end in time, killed\n")
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def serve(host: str, port: int, workers: int) -> int:
    """Serve until SIGTERM or SIGINT; 0 after a clean end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", str(BLOCKING_THREADS), "--respawn-failed-workers", "--workers-kill-timeout", str(_WEB_PATIENCE), "--no-ws",
        "--log-level", "error", "keheng.site.wsgi:application",
    ]  # fmt: skip
    children = [Child("web", web, os.environ), Child("worker", [sys.executable, "-m", "keheng.site.worker"], os.environ)]
    while not stop.wait(_LOOK_EVERY):
        for child in children:
            child.look()
    for child in children:
        child.process.terminate()
    by = time.monotonic() + _PATIENCE
    for child in children:
        child.end(by)
    return 0
