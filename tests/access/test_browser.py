"""In a browser: signing in through the queue, and with a passkey that the browser's own authenticator keeps."""

import re

import pytest
from browser import IN_BROWSER, launched
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from people import PASSWORD, make_account
from playwright.sync_api import expect, sync_playwright

from keheng.access.actions.door import take_place
from keheng.access.views import signing_in

pytestmark = IN_BROWSER
HOME, DESK = re.compile(r":\d+/$"), re.compile(r":\d+/desk/$")


@pytest.fixture
def page(fresh, settings):
    # All rows are written before the browser starts: its driver keeps an event loop in this thread, where Django would open
    # another connection.
    make_account("clerk")
    for _ in range(3):
        take_place("")
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.GATE_FOLDER = fresh / "gate"
    settings.EMAIL_FILE_PATH = str(fresh / "mail")
    thread = LiveServerThread("localhost", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    with sync_playwright() as playwright:
        browser = launched(playwright)
        shown = browser.new_page(base_url=f"http://localhost:{thread.port}", locale="zh-CN")
        broken = []
        shown.on(
            "console",
            lambda said: broken.append(said.text) if said.type == "error" and "responded with a status of" not in said.text else None,
        )
        yield shown
        browser.close()
    thread.terminate()
    assert broken == [], "no script or style was refused, none failed"


def fill_in(page):
    page.goto("/account/login/")
    page.get_by_label("登录名或电子邮箱").fill("clerk")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def test_whoever_waits_sees_the_place_and_gets_in_by_waiting(page, monkeypatch):
    monkeypatch.setattr(signing_in, "_FRONT", 0)
    fill_in(page)
    expect(page.locator("#queue")).to_be_visible()
    expect(page.locator("[data-before]")).to_have_text("3")
    monkeypatch.setattr(signing_in, "_FRONT", 8)
    page.wait_for_url(DESK, timeout=15_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("工作台")


def test_a_wrong_password_is_told_on_the_page_and_the_name_stays(page):
    page.goto("/account/login/")
    page.get_by_label("登录名或电子邮箱").fill("clerk")
    page.get_by_label("密码", exact=True).fill("wrong")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator(".k-problems")).to_be_visible()
    expect(page.get_by_label("登录名或电子邮箱")).to_have_value("clerk")
    expect(page.get_by_label("密码", exact=True)).to_have_value("")


def test_a_passkey_is_made_and_signs_in_without_a_password(page):
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    fill_in(page)
    page.wait_for_url(DESK)
    page.goto("/account/2fa/webauthn/add/")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.locator("#id_name").fill("工作电脑")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    page.locator("header details summary").click()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(HOME)
    page.goto("/account/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(DESK)
    expect(page.get_by_role("heading", level=1)).to_have_text("工作台")
