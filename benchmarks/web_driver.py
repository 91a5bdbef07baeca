"""Many visitors at once on loopback, in one process: what each request waited, from the moment its visitor meant to click.

Three kinds of load, never mixed (a certificate names its kind): users who think between clicks, requests that are always in flight,
and as many requests as the server takes. Connections stay open, as browsers keep them.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

_END = b"\r\n\r\n"
THINK = (5.0, 15.0)


@dataclass(frozen=True, slots=True)
class Click:
    """A request: what kind of page it is, and the bytes that ask for it."""

    kind: str
    request: bytes


def click(kind: str, path: str, cookies: str = "", json_body: str = "", token: str = "") -> Click:
    """A request for a path; with a body it is posted."""
    body = json_body.encode()
    lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", "Host: localhost", "User-Agent: Mozilla/5.0 (Keheng benchmark)"]
    lines += [f"Cookie: {cookies}"] if cookies else []
    lines += [f"X-CSRFToken: {token}", "Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
    return Click(kind, ("\r\n".join(lines) + "\r\n\r\n").encode() + body)


@dataclass(slots=True)
class Told:
    """What was measured: milliseconds by kind of page, answers by status, faults in words."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def all_waits(self) -> list[float]:
        """Every wait, shortest first."""
        return sorted(wait for waits in self.waits.values() for wait in waits)

    def errors(self) -> int:
        """Answers of 400 and above, and requests without an answer."""
        return len(self.faults) + sum(count for status, count in self.statuses.items() if status >= 400)  # noqa: PLR2004 -- HTTP's own bound


class _Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.answer: asyncio.Future[int] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # a TCP connection's transport can write

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(_END)
        if head < 0 or self.answer is None:
            return
        headers = bytes(self.buffer[:head]).lower()
        at = headers.find(b"content-length:")
        if at >= 0:
            whole = len(self.buffer) >= head + 4 + int(headers[at + 15 :].split(b"\r\n", 1)[0])
        else:
            whole = headers[9:12] in {b"304", b"204"} or self.buffer.endswith(b"0\r\n\r\n")
        if whole:
            answer, self.answer = self.answer, None
            self.buffer.clear()
            answer.set_result(int(headers[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(exc or ConnectionResetError("closed before the answer"))

    async def ask(self, request: bytes) -> int:
        """Send a request; the status of its answer."""
        self.answer = asyncio.get_running_loop().create_future()
        assert self.transport is not None  # noqa: S101 -- the caller has connected
        self.transport.write(request)
        return await asyncio.wait_for(self.answer, 60)


Choose = Callable[[random.Random], Click]


async def _visitor(port: int, choose: Choose, chance: random.Random, told: Told, ends: float, pause: Callable[[], float]) -> None:
    line = _Line()
    meant = time.perf_counter() + pause() * chance.random()
    while meant < ends:
        await asyncio.sleep(max(0.0, meant - time.perf_counter()))
        wanted = choose(chance)
        try:
            if line.transport is None:
                line = (await asyncio.get_running_loop().create_connection(_Line, "127.0.0.1", port))[1]
            status = await line.ask(wanted.request)
        except (OSError, TimeoutError) as error:
            told.faults.append(f"{wanted.kind}: {type(error).__name__} {error}")
            line = _Line()
        else:
            told.statuses[status] += 1
            told.waits.setdefault(wanted.kind, []).append((time.perf_counter() - meant) * 1000)
        meant = time.perf_counter() + pause()


def drive(port: int, choose: Choose, *, visitors: int, seconds: float, think: bool) -> Told:
    """So many visitors for so long; with ``think`` they pause 5 to 15 s between clicks, else not at all."""
    told, root = Told(), random.Random(f"{visitors} {seconds} {think}")  # noqa: S311 -- a benchmark that can be repeated

    async def run() -> None:
        ends = time.perf_counter() + seconds
        pause = (lambda: root.uniform(*THINK)) if think else (lambda: 0.0)
        tasks = [_visitor(port, choose, random.Random(root.random()), told, ends, pause) for _ in range(visitors)]  # noqa: S311 -- as above, one for each
        await asyncio.gather(*tasks)

    began = time.perf_counter()
    asyncio.run(run())
    told.seconds = time.perf_counter() - began
    return told


def percentile(waits: list[float], share: float) -> float:
    """The wait that a share of all did not exceed; NaN of none."""
    return waits[min(len(waits) - 1, int(len(waits) * share))] if waits else float("nan")
