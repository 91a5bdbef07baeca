"""One line for each answered request, from which visits are counted: no script of others, no address of anybody.

Lines go to ``visits/YYYYMMDD-HH-<process>.log`` in the data folder (UTC), one JSON object each. Of the address stands a digest whose
salt lives two days: visitors are told apart within a day, and nobody is known again later (个人信息保护法 art. 6, 19).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from keheng.site.installation import address_of, internal_networks

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
_SILENT = ("/static/", "/healthz")
_LANGUAGES = frozenset({"en", "ja", "ko"})


class VisitsLog:
    """A WSGI application around another one."""

    def __init__(self, application: Application, folder: Path, session_cookie: str, probe: str) -> None:
        self.application, self.folder, self.session_cookie, self.probe = application, folder, f"{session_cookie}=", probe
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        self.hour, self.file, self.salt = "", -1, b""
        self.lock = threading.Lock()

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, and write down what was answered."""
        if str(environ.get("PATH_INFO", "")).startswith(_SILENT):
            return self.application(environ, start)

        def note(status: str, headers: list[tuple[str, str]], *given: Any) -> Any:
            self._write(environ, int(status[:3]), {name.lower(): value for name, value in headers})
            return start(status, headers, *given)

        return self.application(environ, note)

    def _write(self, environ: Environ, status: int, headers: dict[str, str]) -> None:
        moment = datetime.now(UTC)
        file, salt = self._place(moment)
        address = address_of(environ)
        # A server hands over the bytes of a path as Latin-1 (PEP 3333).
        path = str(environ.get("PATH_INFO", "")).encode("latin-1", "replace").decode("utf-8", "replace")[:300]
        first = path.split("/", 2)[1] if path.startswith("/") else ""
        purpose = f"{environ.get('HTTP_SEC_PURPOSE', '')}{environ.get('HTTP_PURPOSE', '')}{environ.get('HTTP_X_MOZ', '')}"
        line = {
            "at": moment.isoformat(timespec="milliseconds"),
            "path": path,
            "method": environ.get("REQUEST_METHOD", ""),
            "status": status,
            "type": headers.get("content-type", ""),
            "agent": str(environ.get("HTTP_USER_AGENT", ""))[:300],
            "address_hash": hashlib.blake2b(address.encode(), digest_size=10, key=salt).hexdigest(),
            "internal": _is_internal(address),
            "probe": hmac.compare_digest(str(environ.get("HTTP_KEHENG_PROBE", "")).encode(), self.probe.encode()),
            "prefetch": "prefetch" in purpose.lower(),
            "lang": first if first in _LANGUAGES else "zh-hans",
            "signed_in": self.session_cookie in str(environ.get("HTTP_COOKIE", "")),
            "bytes": int(headers.get("content-length") or 0),
        }
        # One write a line, appended: lines of threads never mix.
        os.write(file, (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "replace"))

    def _place(self, moment: datetime) -> tuple[int, bytes]:
        """The open file of this hour, and the salt of this day."""
        hour = f"{moment:%Y%m%d-%H}"
        if hour != self.hour:
            with self.lock:
                if hour != self.hour:
                    if self.file >= 0:
                        os.close(self.file)
                    self.file = os.open(self.folder / f"{hour}-{os.getpid()}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
                    self.salt = salt_of(self.folder, moment)
                    self.hour = hour
        return self.file, self.salt


def salt_of(folder: Path, moment: datetime) -> bytes:
    """The salt of a day, made by the first process that needs it; salts older than a day are destroyed."""
    path = folder / f"salt-{moment:%Y%m%d}"
    made = folder / f"making-{os.getpid()}-{secrets.token_hex(4)}"
    if not path.exists():
        made.write_bytes(secrets.token_bytes(32))
        try:
            os.link(made, path)
        except FileExistsError:
            pass  # another process was first: its salt counts
        finally:
            made.unlink()
    yesterday = f"salt-{moment - timedelta(days=1):%Y%m%d}"
    for old in folder.glob("salt-*"):
        if old.name < yesterday:
            old.unlink(missing_ok=True)
    return path.read_bytes()


@lru_cache(maxsize=4096)
def _is_internal(address: str) -> bool:
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(one in network for network in internal_networks())
