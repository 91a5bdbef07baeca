"""Processes that outlive no test: one that is waited for without an end would keep the whole run waiting."""

import subprocess
from contextlib import contextmanager


@contextmanager
def started(command, **options):
    """A process; whatever happens in the block, it is stopped at its end, first politely."""
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
