"""The server is killed with SIGKILL again and again while people write: what was acknowledged stands, nothing stands by half.

``KEHENG_WRITES=10000`` makes it as long as the promise; the short run shows the same.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import requests
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from people import make_account, make_unit
from ports import free_port

from keheng.access.models import Invitation
from keheng.kernel.models import AuditEntry
from keheng.kernel.trail.heads import problems
from keheng.kernel.trail.record import now
from keheng.kernel.trail.seal import seal_pending

WRITES = int(os.environ.get("KEHENG_WRITES", "300"))
KILLS, WRITERS = (5 if WRITES > 1000 else 2), 4


def family(pid):
    """A process and everything below it."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += family(int(child))
    return found


class Server:
    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        # The key that signed the sessions of the test signs the server's.
        environment = os.environ | {
            "PYTHONPATH": "src",
            "KEHENG_SECRET_KEY": settings.SECRET_KEY,
            "KEHENG_MAIL": "django.core.mail.backends.dummy.EmailBackend",
        }
        command = [sys.executable, "-m", "keheng.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if requests.get(f"{self.url}/healthz", timeout=1).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        raise TimeoutError("the server did not start")

    def kill(self):
        for pid in family(self.process.pid):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(30) == 0


def browser(account):
    """A session as sign-in leaves it."""
    session = SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = account.get_session_auth_hash()
    session.create()
    found = requests.Session()
    found.cookies.set("keheng", session.session_key)
    found.cookies.set("csrftoken", "c" * 32)
    found.headers["X-CSRFToken"] = "c" * 32
    return found


def write_until(total, server, account, acknowledged, lock, stop):
    """Invite someone again and again; a request that fails is tried with another address, since nobody knows whether it was done."""
    own = browser(account)
    number = 0
    while not stop.is_set():
        email = f"{threading.get_ident()}-{number}@yunling.example"
        number += 1
        try:
            answer = own.post(f"{server.url}/account/members/", {"email": email, "role": "unit_member"}, timeout=20, allow_redirects=False)
        except requests.RequestException:
            time.sleep(0.05)
            continue
        if answer.headers.get("Location") == "/account/members/":
            with lock:
                acknowledged.append(email)
                if len(acknowledged) >= total:
                    stop.set()
        elif answer.status_code < 500:
            raise AssertionError(f"{answer.status_code} {answer.headers.get('Location')}: {answer.text[:500]}")


def test_a_killed_server_loses_nothing_it_acknowledged(fresh):
    account = make_account("manager", "unit_manager", unit=make_unit())
    server = Server()
    acknowledged, lock, stop = [], threading.Lock(), threading.Event()
    given = (WRITES, server, account, acknowledged, lock, stop)
    writers = [threading.Thread(target=write_until, args=given, daemon=True) for _ in range(WRITERS)]
    [writer.start() for writer in writers]
    try:
        for kill in range(1, KILLS + 1):
            while len(acknowledged) < WRITES * kill // (KILLS + 1) and not stop.is_set():
                assert any(writer.is_alive() for writer in writers)
                time.sleep(0.02)
            server.kill()
            server.start()
        [writer.join(timeout=WRITES) for writer in writers]
    finally:
        stop.set()
        server.stop()
    while seal_pending(now()):
        pass
    stored = set(Invitation.objects.values_list("email", flat=True))
    assert len(acknowledged) >= WRITES
    assert set(acknowledged) - stored == set()
    assert AuditEntry.objects.filter(body__contains='"act":"member.invite"').count() == len(stored)
    assert list(problems(fresh / "heads")) == []
