"""Pages that are the same for everybody who has not signed in are kept for some seconds in each process, before Django is asked.

A view says so with ``keheng.kernel.doors.shared``, which marks its answer with ``Keheng-Shared: <seconds>``. A kept page is shown for
that long, and goes on being shown while nothing was done anywhere (``kernel.trail.changed``), for one to two minutes, since time itself
opens and closes things. Else one visitor's request makes it anew while others still see the old one, for as long again at most. So what
somebody did is seen within twice the seconds, and a rush on a page costs one rendering a moment.
"""

from __future__ import annotations

import gzip
import hashlib
import random
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from keheng.site.look import COOKIE, look_of

MARK = "Keheng-Shared"
MOST_BYTES = 64 * 2**20
LONGEST = 120.0
_SMALL = 600
Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
Key = tuple[str, str, str, str]


@dataclass(slots=True)
class Kept:
    """A page as it was answered, plain and packed. ``fresh``, ``usable`` and ``latest`` are moments of the monotonic clock.

    ``changed`` is the mark of the last act before it was made.
    """

    headers: Headers
    body: bytes
    packed: bytes
    tag: str
    seconds: float
    fresh: float
    usable: float
    latest: float
    changed: int
    renewing: bool = False

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return len(self.body) + len(self.packed) + 1000


class KeptPages:
    """A WSGI application around another one."""

    def __init__(
        self, application: Application, session_cookie: str, changed: Callable[[], int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.application, self.session_cookie, self.changed, self.clock = application, session_cookie, changed, clock
        self.pages: OrderedDict[Key, Kept] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer from what is kept, else ask, and keep the answer when its view allows it."""
        key = self._key(environ)
        if key is None:
            return self._asked(environ, start, None)
        moment = self.clock()
        with self.lock:
            kept = self.pages.get(key)
            if kept is not None and kept.fresh <= moment < kept.latest and self.changed() == kept.changed:
                kept.fresh, kept.usable = moment + kept.seconds, moment + 2 * kept.seconds
            if kept is not None and (moment < kept.fresh or (moment < kept.usable and kept.renewing)):
                self.pages.move_to_end(key)
            elif kept is not None and moment < kept.usable:
                kept.renewing, kept = True, None
            else:
                kept = None
        return _answer(kept, environ, start) if kept else self._asked(environ, start, key)

    def _key(self, environ: Environ) -> Key | None:
        """What an answer depends on; None for a request whose answer is nobody else's."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return None
        look = ""
        if told := environ.get("HTTP_COOKIE"):
            try:
                cookies = SimpleCookie(told)
            except CookieError:
                return None
            if self.session_cookie in cookies or "messages" in cookies:
                return None
            look = look_of(cookies[COOKIE].value).text() if COOKIE in cookies else ""
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", environ["wsgi.url_scheme"])
        host = f"{scheme}://{environ.get('HTTP_HOST', '')}"
        return host, str(environ.get("PATH_INFO", "")), str(environ.get("QUERY_STRING", "")), look

    def _asked(self, environ: Environ, start: Start, key: Key | None) -> Iterable[bytes]:
        told: list[tuple[str, Headers]] = []

        def note(status: str, headers: Headers, *given: Any) -> Callable[[bytes], object]:
            told.append((status, [one for one in headers if one[0] != MARK]))
            seconds = next((float(value) for name, value in headers if name == MARK), 0.0)
            keeping.append(seconds)
            return start(status, told[-1][1], *given)  # type: ignore[no-any-return]  # what the server gives

        keeping: list[float] = []
        changed = self.changed()
        # Of a HEAD the body is not known, so it is asked and not kept.
        answer = self.application(environ, note)
        if key is None or environ["REQUEST_METHOD"] == "HEAD" or not keeping or not keeping[-1]:
            return answer
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        status, headers = told[-1]
        if status.startswith("200") and not any(name.lower() == "set-cookie" for name, _ in headers):
            self._keep(key, headers, body, keeping[-1], changed)
        return [body]

    def _keep(self, key: Key, headers: Headers, body: bytes, seconds: float, changed: int) -> None:
        moment = self.clock()
        packed = gzip.compress(body, 6, mtime=0) if len(body) > _SMALL else b""
        tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        own = {"content-length", "content-encoding", "vary", "etag", "cache-control"}
        kept = [one for one in headers if one[0].lower() not in own]
        # Browsers ask each time, and are told that nothing changed.
        kept += [("Vary", "Accept-Encoding, Cookie"), ("Cache-Control", "no-cache")]
        # Not all for the same time: what one act threw away at one moment would be made anew at one moment ever after.
        latest = moment + LONGEST * random.uniform(0.5, 1.0)  # noqa: S311 -- spreads work, guards nothing
        new = Kept(kept, body, packed, tag, seconds, moment + seconds, moment + 2 * seconds, latest, changed)
        with self.lock:
            old = self.pages.pop(key, None)
            self.size += new.size - (old.size if old else 0)
            self.pages[key] = new
            while self.size > MOST_BYTES:
                self.size -= self.pages.popitem(last=False)[1].size


def _answer(kept: Kept, environ: Environ, start: Start) -> Iterable[bytes]:
    if kept.tag in str(environ.get("HTTP_IF_NONE_MATCH", "")):
        start("304 Not Modified", [*kept.headers, ("ETag", kept.tag)])
        return []
    body, coding = kept.body, []
    if kept.packed and "gzip" in str(environ.get("HTTP_ACCEPT_ENCODING", "")):
        body, coding = kept.packed, [("Content-Encoding", "gzip")]
    start("200 OK", [*kept.headers, *coding, ("ETag", kept.tag), ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
