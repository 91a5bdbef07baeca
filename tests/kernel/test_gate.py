"""A gate over processes: so many inside, a killed one gives its slot back."""

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from processes import started

from keheng.kernel.gate import Gate

HOLD = "import sys, time; from pathlib import Path; from keheng.kernel.gate import Gate\nwith Gate(Path(sys.argv[1]), 2).entered() as one: print(one, flush=True); time.sleep(60)"


def holder(folder):
    command, home = [sys.executable, "-c", HOLD, str(folder)], {"PYTHONPATH": str(Path("src").resolve())}
    return started(command, stdout=subprocess.PIPE, text=True, env=home)


def test_processes_share_the_slots_and_a_killed_one_gives_its_own_back(tmp_path):
    with ExitStack() as stack:
        holders = [stack.enter_context(holder(tmp_path)) for _ in range(2)]
        assert [one.stdout.readline() for one in holders] == ["True\n"] * 2
        with Gate(tmp_path, 2).entered() as entered:
            assert entered is False
        holders[0].kill()
        holders[0].wait()
        with Gate(tmp_path, 2).entered(1.0) as entered:
            assert entered is True


def test_threads_of_a_process_wait_no_longer_than_their_patience(tmp_path):
    gate = Gate(tmp_path, 1)
    with gate.entered() as first:
        began = time.monotonic()
        with gate.entered(0.2) as second:
            assert (first, second) == (True, False)
        assert 0.15 < time.monotonic() - began < 5
        with gate.entered() as third:
            assert third is False
    with gate.entered() as again:
        assert again is True
