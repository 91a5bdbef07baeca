"""Journeys through the demo city: a server and a browser for each module, windows of two widths that tell of every fault."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from types import SimpleNamespace

import pytest
from browser import CHROMIUM, launched
from conftest import copied_city
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core import mail
from django.db import connections
from django.test.testcases import LiveServerThread
from people import signed_in
from playwright.sync_api import sync_playwright

from keheng.access.models import Account

WIDTHS = {"desktop": 1280, "phone": 390}


class Site:
    """A running site. The browser's driver keeps an event loop in the thread of the tests, so rows are asked for in another one."""

    def __init__(self, address):
        self.address = address
        self.rows = ThreadPoolExecutor(1)

    def ask(self, question):
        return self.rows.submit(question).result()

    def close(self):
        self.ask(connections.close_all)
        self.rows.shutdown()

    def session(self, login):
        """A session of an account that has just proven who it is."""
        return self.ask(lambda: signed_in(Account.objects.get(login=login)).cookies["keheng"].value)


@pytest.fixture(scope="module")
def site(city, tmp_path_factory, django_db_blocker):
    """The city on a server of its own."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    with copied_city(city, tmp_path_factory.mktemp("site"), django_db_blocker):
        thread = LiveServerThread("localhost", StaticFilesHandler)
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        assert thread.error is None
        with closing(Site(f"http://localhost:{thread.port}")) as running:
            yield running
        thread.terminate()


@pytest.fixture(scope="module")
def browser(site):
    with sync_playwright() as playwright:
        started = launched(playwright)
        yield started
        started.close()


@pytest.fixture(params=WIDTHS.values(), ids=WIDTHS)
def width(request):
    return request.param


def heard(broken, said):
    """Errors of the console but the browser's own note on an answer that a page gives on purpose."""
    if said.type == "error" and "responded with a status of" not in said.text:
        broken.append(f"{said.location.get('url')}: {said.text}")


@pytest.fixture
def open_window(site, browser):
    """A function that opens a window, signed in or not; at the end no script or style was refused, and none failed."""
    opened, broken = [], []

    def open_one(login="", width=1280, height=900, **options):
        made = browser.new_context(
            base_url=site.address, locale="zh-CN", viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        opened.append(made)
        made.set_default_timeout(20_000)
        made.on("console", partial(heard, broken))
        made.on("weberror", lambda fault: broken.append(str(fault.error)))
        if login:
            made.add_cookies([{"name": "keheng", "value": site.session(login), "url": site.address}])
        return made.new_page()

    yield open_one
    for one in opened:
        one.close()
    assert broken == [], "no script or style was refused, none failed"


@pytest.fixture
def window(open_window, width):
    """A function that opens a window of the width under test."""
    return partial(open_window, width=width)


@pytest.fixture
def mails():
    """What was sent by e-mail, the latest last."""
    return SimpleNamespace(latest=lambda: mail.outbox[-1])
