"""In a browser: a value is revealed where it stands, hidden again after its time, and a page without the script does the same."""

from datetime import UTC, date, datetime

import pytest
from browser import IN_BROWSER, launched
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.test.testcases import LiveServerThread
from django.urls import path
from people import make_account, signed_in
from playwright.sync_api import expect, sync_playwright

from keheng.access.rules.roles import Role, roles
from keheng.kernel.personal import reveal, views
from keheng.kernel.personal.catalogue import catalogue, table_of
from keheng.kernel.personal.models import DataRequest
from keheng.kernel.powers import Reach
from keheng.site.urls import urlpatterns

LABEL, PHONE = "personal.DataRequest", "13812345678"
PAGE = """{% extends "page.html" %}{% load personal %}{% block scripts %}{% personal_script %}{% endblock %}
{% block main %}{% for row in rows %}<section>{% personal row "detail" %}</section>{% endfor %}{% endblock %}"""

pytestmark = IN_BROWSER


def listing(request):
    return HttpResponse(Template(PAGE).render(RequestContext(request, {"rows": DataRequest.objects.all()})))


@pytest.fixture
def site(fresh, monkeypatch, settings):
    settings.ROOT_URLCONF = (path("listing/", listing), *urlpatterns)
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    powers = {"personal.reveal": Reach.ALL}
    role = Role("keeper", "个人信息专员", "Keeper", "", staff=False, granting="two_persons", longest_days=0, powers=powers)
    monkeypatch.setitem(roles(), "keeper", role)
    monkeypatch.setitem(catalogue(), LABEL, table_of(LABEL, {"fields": {"detail": {"kind": "phone"}}}))
    monkeypatch.setattr(reveal, "_subjects", {LABEL: lambda _actor: DataRequest.objects.all()})
    monkeypatch.setattr(views, "policy", lambda: {**reveal.policy(), "hide_after_seconds": 2})
    moments = {"asked_at": datetime(2026, 3, 2, tzinfo=UTC), "due_on": date(2026, 3, 23)}
    for account in "89":
        DataRequest.objects.create(kind="erase", account=account, person_keys="account:9", detail=PHONE, **moments)
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://127.0.0.1:{thread.port}", signed_in(make_account("keeper", "keeper")).cookies["keheng"].value
    thread.terminate()


@pytest.fixture
def open_page(site):
    address, session = site
    with sync_playwright() as playwright:
        browser = launched(playwright)

        def opened(*, script):
            context = browser.new_context(java_script_enabled=script)
            context.add_cookies([{"name": "keheng", "value": session, "url": address}])
            page = context.new_page()
            page.goto(f"{address}/listing/")
            return page

        yield opened
        browser.close()


def test_in_place_and_hidden_again(open_page):
    page, faults = open_page(script=True), []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    first = page.locator("section").first
    expect(first).to_contain_text("138****5678")
    first.get_by_role("button").click()
    first.get_by_role("combobox").select_option("contact")
    first.locator("form[method=post] button").click()
    expect(first).to_contain_text(PHONE)
    assert page.url.endswith("/listing/")
    page.locator("section").last.get_by_role("button").click()
    expect(page.locator("section").last.get_by_role("combobox")).to_have_count(1)
    assert page.locator("main").inner_text().count(PHONE) == 1
    expect(first).to_contain_text("138****5678", timeout=4000)
    assert (page.content().count(PHONE), faults) == (0, [])
    first.get_by_role("button").click()
    first.locator("form[method=post] button").click()
    expect(first).to_contain_text("理由至少写 4 个字")


def test_without_a_script_a_page_shows_it_and_goes_back_to_the_question(open_page):
    page = open_page(script=False)
    page.locator("section").first.get_by_role("button").click()
    page.get_by_label("其他用途").fill("核对回拨号码")
    page.get_by_role("button", name="查看原文").click()
    expect(page.locator("main")).to_contain_text(PHONE)
    expect(page.locator("main")).to_contain_text("138****5678", timeout=6000)
    assert page.content().count(PHONE) == 0
