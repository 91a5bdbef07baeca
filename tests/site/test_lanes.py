"""Lanes: few at a time, each in its turn, nobody kept out for good."""

import threading

import pytest

from keheng.site.lanes import Lanes


class Held:
    """An application that answers when it is told to, and knows how many it was working on."""

    def __init__(self):
        self.go, self.lock, self.now, self.most, self.seen = threading.Event(), threading.Lock(), 0, 0, []

    def __call__(self, environ, _start):
        with self.lock:
            self.now, self.seen = self.now + 1, [*self.seen, environ["PATH_INFO"]]
            self.most = max(self.most, self.now)
        self.go.wait(10)
        with self.lock:
            self.now -= 1
        return [b"done"]


def asked(application, path, method="GET"):
    thread = threading.Thread(target=lambda: application({"REQUEST_METHOD": method, "PATH_INFO": path}, None))
    thread.start()
    return thread


def wait_until(true):
    for _ in range(1000):
        if true():
            return
        threading.Event().wait(0.005)
    pytest.fail("it never came true")


def test_two_are_worked_on_at_once_and_what_brings_a_body_passes_by():
    held = Held()
    lanes = Lanes(held)
    threads = [asked(lanes, f"/{number}") for number in range(6)]
    wait_until(lambda: held.now == 2)
    threads += [asked(lanes, "/upload", method) for method in ("POST", "PATCH")]
    wait_until(lambda: held.now == 4)
    assert held.seen.count("/upload") == 2
    held.go.set()
    for thread in threads:
        thread.join(10)
    assert (held.most, sorted(held.seen)) == (4, [*(f"/{number}" for number in range(6)), "/upload", "/upload"])


def test_whoever_waits_longest_is_next_though_others_come_meanwhile():
    held = Held()
    lanes = Lanes(held, lanes=1)
    threads = [asked(lanes, "/0")]
    wait_until(lambda: held.now == 1)
    for number in range(1, 5):
        threads.append(asked(lanes, f"/{number}"))
        wait_until(lambda number=number: len(lanes.waiting) == number)
    held.go.set()
    for thread in threads:
        thread.join(10)
    assert (held.seen, held.most, lanes.free) == ([f"/{number}" for number in range(5)], 1, 1)


def test_a_lane_is_free_again_after_a_fault():
    def broken(environ, start):
        raise RuntimeError("broken")

    lanes = Lanes(broken, lanes=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            lanes({"REQUEST_METHOD": "GET"}, None)
