"""A rush at the door: so many people sign in at the same instant, each waiting in the queue as the server tells.

``python benchmarks/ground_sign_in.py [--scale small|full]``. A server of its own on loopback with a database in a temporary folder
(or the empty one that ``DATABASE_URL`` leads to); the clients run on the same cores. Time counts from the instant everybody clicks
to the last one who is in.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]
if __name__ == "__main__":
    os.environ["KEHENG_DATA"] = tempfile.mkdtemp()
    os.environ["DJANGO_SETTINGS_MODULE"] = "keheng.site.settings"
    import django

    django.setup()

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.utils.timezone import now

from keheng.access.models import Account

PEOPLE = {"small": 50, "full": 200}
SECONDS = 15.0
PASSWORD = "Yunling#2026"  # noqa: S105 -- of people who do not exist
_TOKEN = "c" * 32
_OK, _BUSY = 200, 503


def open_accounts(count: int) -> list[str]:
    """People who can sign in; one hash for all, since its cost is paid at sign-in."""
    hashed = make_password(PASSWORD)
    names = [f"rush{number:04}" for number in range(count)]
    made = Account.objects.bulk_create(
        [Account(login=name, name=name, email=f"{name}@yunling.example", password=hashed, password_set_at=now()) for name in names]
    )
    EmailAddress.objects.bulk_create([EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in made])
    return names


def start_server() -> tuple[subprocess.Popen[bytes], int]:
    """The production server; returns once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[1] / "src")}
    server = subprocess.Popen(  # noqa: S603 -- our own server
        [sys.executable, "-m", "keheng.cli", "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    for _ in range(300):
        try:
            _ask(port, "GET", "/healthz", {})
        except OSError:
            time.sleep(0.1)
        else:
            return server, port
    raise TimeoutError("the server did not start")


def _ask(port: int, method: str, path: str, fields: dict[str, str]) -> tuple[HTTPResponse, bytes]:
    link = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
        "Cookie": f"csrftoken={_TOKEN}",
        "X-CSRFToken": _TOKEN,
    }
    link.request(method, path, urlencode(fields) if fields else None, headers)
    answer = link.getresponse()
    body = answer.read()
    link.close()
    return answer, body


def sign_in(port: int, login: str, waits: list[float], begin: threading.Event, ends: list[float]) -> None:
    """One person: click, wait when told to, be in."""
    begin.wait()
    fields = {"login": login, "password": PASSWORD}
    while True:
        answer, body = _ask(port, "POST", "/account/login/", fields)
        if answer.status == _BUSY:
            told = json.loads(body)
            fields["ticket"] = told["ticket"]
            waits.append(told["seconds"])
            time.sleep(told["seconds"])
            continue
        if answer.status != _OK or json.loads(body).get("location") != "/desk/":
            raise RuntimeError(f"{answer.status} {body[:300]!r}")
        ends.append(time.perf_counter())
        return


def rush(count: int) -> tuple[float, float, int]:
    """Seconds until all are in, until half are in, and how often someone was asked to wait."""
    names = open_accounts(count)
    connection.close()
    server, port = start_server()
    try:
        waits: list[float] = []
        ends: list[float] = []
        begin = threading.Event()
        people = [threading.Thread(target=sign_in, args=(port, name, waits, begin, ends)) for name in names]
        for one in people:
            one.start()
        instant = time.perf_counter()
        begin.set()
        for one in people:
            one.join()
    finally:
        server.terminate()
        server.wait(30)
    if len(ends) != count:
        raise RuntimeError(f"{len(ends)} of {count} are in")
    ends.sort()
    return ends[-1] - instant, ends[count // 2] - instant, len(waits)


def promises(scale: str) -> list[dict[str, object]]:
    """What was promised, and what was measured."""
    count = PEOPLE[scale]
    last, half, waits = rush(count)
    print(f"{count} sign in at once on {connection.vendor}: half within {half:.1f} s, all within {last:.1f} s, {waits} waits")
    name = f"seconds until {count} who sign in at once are in, {connection.vendor}"
    return [{"name": name, "limit": SECONDS, "measured": round(last, 2), "holds": last <= SECONDS}]


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(PEOPLE), default="small")
    scale = parser.parse_args().scale
    call_command("migrate", verbosity=0)
    found = promises(scale)
    print(json.dumps({"benchmark": "ground_sign_in", "cores": os.cpu_count(), "promises": found}, ensure_ascii=False))
    return 0 if all(row["holds"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
