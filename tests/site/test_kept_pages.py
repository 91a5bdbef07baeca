"""Kept pages: for whom, how long, and never another's; the log of visits behind them."""

import gzip
import json
import threading
from datetime import UTC, datetime, timedelta
from itertools import count
from wsgiref.util import setup_testing_defaults

import pytest
from django.db import transaction

from keheng.kernel.trail.changed import last_change, touch
from keheng.kernel.trail.record import SYSTEM, record
from keheng.site import kept_pages
from keheng.site.installation import internal_networks
from keheng.site.kept_pages import KeptPages
from keheng.site.visits_log import VisitsLog, salt_of


class Site:
    """An application that counts how often it is asked, and tells it."""

    def __init__(self, headers=(("Keheng-Shared", "2"),), status="200 OK"):
        self.headers, self.status, self.asked = list(headers), status, []

    def __call__(self, environ, start):
        self.asked.append((environ["PATH_INFO"], environ["QUERY_STRING"]))
        start(self.status, [("Content-Type", "text/html"), *self.headers])
        return [f"page {len(self.asked)} of {environ['PATH_INFO']} ".encode("utf-8", "replace") * 80]


def call(application, path="/", query="", method="GET", **given):
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method, "REMOTE_ADDR": "203.0.113.9"} | given
    setup_testing_defaults(environ)
    told = {}
    body = b"".join(application(environ, lambda status, headers, *_: told.update(status=status, headers=dict(headers))))
    return told["status"][:3], told["headers"], body


@pytest.fixture
def clock():
    return [100.0]


def kept(site, clock, changes=None):
    """Pages kept where something is always being done, unless told otherwise."""
    changes = changes or count()
    return KeptPages(site, "keheng", lambda: next(changes), lambda: clock[0])


def test_while_nothing_is_done_a_page_stays_for_two_minutes(clock):
    done, site = [7], Site()
    pages = kept(site, clock, iter(lambda: done[0], None))
    first = call(pages)[2]
    for _ in range(10):
        clock[0] += 2.5
        assert call(pages)[2] == first
    done[0] = 8
    clock[0] += 2.1
    second = call(pages)[2]
    assert second != first
    clock[0] += 121
    assert call(pages)[2] != second
    assert len(site.asked) == 3


def test_an_act_marks_the_moment_when_it_is_committed(fresh, settings):
    settings.FILES_FOLDER = fresh / "files"
    before = last_change()
    with transaction.atomic():
        record("test.act", actor=SYSTEM)
        assert last_change() == before
    marks = [last_change()]
    for _ in range(50):
        touch()
        marks.append(last_change())
    assert len({before, *marks}) == 52


def test_reading_signing_in_and_refusals_leave_pages_as_they_are(fresh, settings):
    settings.FILES_FOLDER = fresh / "files"
    touch()
    before = last_change()
    with transaction.atomic():
        for act in ("sign-in.done", "personal.own.read", "table.export", "file.download"):
            record(act, actor=SYSTEM)
        record("article.publish", actor=SYSTEM, succeeded=False)
    assert last_change() == before
    with transaction.atomic():
        record("article.publish", actor=SYSTEM)
    assert last_change() > before


def test_a_page_is_kept_its_seconds_and_no_longer(clock):
    site = Site()
    pages = kept(site, clock)
    first = call(pages)
    assert "Keheng-Shared" not in first[1]
    clock[0] += 1.9
    assert call(pages)[2] == first[2]
    clock[0] += 0.2
    assert call(pages)[2] != first[2]
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    "given",
    [
        {"method": "POST"},
        {"HTTP_COOKIE": "keheng=a-session"},
        {"HTTP_COOKIE": "a=b; keheng=a-session"},
        {"HTTP_COOKIE": "messages=something"},
        {"HTTP_COOKIE": "keheng=a; \x00[]"},
    ],
)
def test_what_is_somebodys_own_is_asked_each_time(given, clock):
    site = Site()
    pages = kept(site, clock)
    call(pages)
    for _ in range(2):
        call(pages, **given)
    assert len(site.asked) == 3


@pytest.mark.parametrize(
    ("headers", "status"),
    [((), "200 OK"), ((("Keheng-Shared", "2"), ("Set-Cookie", "csrftoken=x")), "200 OK"), ((("Keheng-Shared", "2"),), "404 Not Found")],
)
def test_only_what_a_view_shares_is_kept(headers, status, clock):
    site = Site(headers, status)
    pages = kept(site, clock)
    assert [call(pages)[0] for _ in range(3)] == [status[:3]] * 3
    assert len(site.asked) == 3


def test_address_question_host_and_look_tell_pages_apart(clock):
    site = Site()
    pages = kept(site, clock)
    asked = (
        {}, {"path": "/en/"}, {"query": "a=1"}, {"HTTP_HOST": "other.example"}, {"HTTP_COOKIE": "keheng-look=dark.compact.elder"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
    )  # fmt: skip
    assert len({call(pages, **given)[2] for given in asked}) == len(asked)
    assert len(site.asked) == len(asked)
    # A look that is none is the usual one, and other cookies do not matter.
    call(pages, HTTP_COOKIE="csrftoken=x; other=y")
    assert len(site.asked) == len(asked)


def test_one_makes_it_anew_while_others_see_the_old_one(clock):
    site, answers = Site(), []
    pages = kept(site, clock)
    old = call(pages)[2]
    clock[0] += 2.5
    asked, go_on = threading.Event(), threading.Event()
    plain = site.__call__

    def slow(environ, start):
        asked.set()
        go_on.wait(5)
        return plain(environ, start)

    pages.application = slow
    thread = threading.Thread(target=lambda: answers.append(call(pages)[2]))
    thread.start()
    asked.wait(5)
    assert call(pages)[2] == old
    go_on.set()
    thread.join()
    assert answers[0] != old
    assert call(pages)[2] == answers[0]


def test_whoever_has_it_is_told_that_nothing_changed_and_who_can_unpack_gets_it_packed(clock):
    pages = kept(Site(), clock)
    page = call(pages)[2]
    status, headers, body = call(pages, HTTP_ACCEPT_ENCODING="br, gzip")
    assert (status, headers["Content-Encoding"], gzip.decompress(body)) == ("200", "gzip", page)
    assert call(pages, HTTP_IF_NONE_MATCH=headers["ETag"])[::2] == ("304", b"")
    assert call(pages, method="HEAD")[1]["Content-Length"] == str(len(page))
    assert call(pages, method="HEAD")[2] == b""


def test_what_is_kept_is_bounded(clock, monkeypatch):
    site = Site()
    pages = kept(site, clock)
    call(pages, path="/0")
    monkeypatch.setattr(kept_pages, "MOST_BYTES", pages.size * 3 + 300)
    for number in range(1, 10):
        call(pages, path=f"/{number}")
    assert len(pages.pages) == 3
    assert pages.size == sum(one.size for one in pages.pages.values())
    call(pages, path="/9")
    assert len(site.asked) == 10


def lines(folder):
    return [json.loads(line) for path in sorted(folder.glob("*.log")) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_answered_request_leaves_a_line_without_its_address(tmp_path, clock, monkeypatch):
    monkeypatch.setenv("KEHENG_INTERNAL", "10.0.0.0/8")
    internal_networks.cache_clear()
    log = VisitsLog(kept(Site(), clock), tmp_path, "keheng", "probe-secret")
    call(log, path="/en/news/1", HTTP_USER_AGENT="Mozilla/5.0 云岭")
    call(log, path="/en/news/1", HTTP_USER_AGENT="Mozilla/5.0 云岭")
    call(log, path="/static/a.css")
    call(log, HTTP_KEHENG_PROBE="probe-secret", HTTP_SEC_PURPOSE="prefetch;prerender", HTTP_COOKIE="keheng=x", REMOTE_ADDR="10.1.2.3")
    call(log, path="/x\n/\xe4\xba\x91\xff", method="POST", REMOTE_ADDR="no address")
    internal_networks.cache_clear()
    found = lines(tmp_path)
    assert [(one["path"], one["method"], one["status"], one["lang"]) for one in found] == [
        ("/en/news/1", "GET", 200, "en"), ("/en/news/1", "GET", 200, "en"), ("/", "GET", 200, "zh-hans"), ("/x\n/云\ufffd", "POST", 200, "zh-hans"),
    ]  # fmt: skip
    assert [(one["internal"], one["probe"], one["prefetch"], one["signed_in"]) for one in found] == [
        (False, False, False, False), (False, False, False, False), (True, True, True, True), (False, False, False, False),
    ]  # fmt: skip
    assert found[0]["agent"] == "Mozilla/5.0 云岭"
    assert found[0]["type"] == "text/html"
    assert len({one["address_hash"] for one in found}) == 3
    assert not [path for path in tmp_path.iterdir() if b"203.0.113.9" in path.read_bytes()]


def test_a_days_salt_is_one_for_all_processes_and_does_not_last(tmp_path):
    today = datetime(2026, 5, 4, 10, tzinfo=UTC)
    first = salt_of(tmp_path, today)
    assert salt_of(tmp_path, today + timedelta(hours=3)) == first
    second = salt_of(tmp_path, today + timedelta(days=1))
    assert second != first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["salt-20260504", "salt-20260505"]
    salt_of(tmp_path, today + timedelta(days=2))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["salt-20260505", "salt-20260506"]
