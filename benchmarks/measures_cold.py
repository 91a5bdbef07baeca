"""How long the first page of a new process takes: ``python benchmarks/measures_cold.py SESSION PATH`` prints the milliseconds.

The application is the one that the server runs, told nothing before; the cache of the installation is emptied, and what the system keeps
of an SQLite file in memory is let go. The data are those that ``KEHENG_DATA`` or ``DATABASE_URL`` name.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from wsgiref.util import setup_testing_defaults

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]


def let_go(path: Path) -> None:
    """Ask the system to forget what it holds of a file."""
    if not path.is_file():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def first_page(session: str, path: str) -> float:
    """Milliseconds until the whole of the first page is there. Raises SystemExit for a page that is not."""
    from keheng.site.wsgi import django  # noqa: PLC0415, I001 -- it sets Django up
    from django.conf import settings  # noqa: PLC0415 -- goes with the line above
    from django.core.cache import cache  # noqa: PLC0415 -- goes with the line above
    from django.db import connection  # noqa: PLC0415 -- goes with the line above

    cache.clear()
    connection.close()
    if connection.vendor == "sqlite":
        let_go(Path(str(connection.settings_dict["NAME"])))
    asked, _, query = path.partition("?")
    environ = {
        "PATH_INFO": asked,
        "QUERY_STRING": query,
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session}",
    }
    setup_testing_defaults(environ)
    told: list[str] = []

    def start(status: str, _headers: object, _error: object = None) -> Callable[[bytes], object]:
        told.append(status)
        return bytes

    begin = time.perf_counter()
    body = b"".join(django(environ, start))
    spent = (time.perf_counter() - begin) * 1e3
    if told != ["200 OK"] or not body:
        raise SystemExit(f"{path} answers {told}")
    return spent


if __name__ == "__main__":
    print(first_page(*sys.argv[1:3]))
