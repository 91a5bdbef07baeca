"""The pages between two steps of signing in, each as somebody comes to it: usable by everybody, like all others."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from journeys.looking import faults_of
from journeys.page_types import SIGNING_IN
from journeys.test_firm import AUTHENTICATOR
from journeys.walking import press
from people import PASSWORD, make_account
from playwright.sync_api import expect

LINK = re.compile(r"http://localhost:\d+(/account/\S+)")


def second_factor(page, site, mails):
    page.goto("/account/login/")
    page.get_by_label("登录名或电子邮箱").fill("demo.case.officer")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    press(page, "登录")
    yield
    page.locator("main input[name=code]").fill("000000")
    press(page, "登录")
    yield


def new_password(page, site, mails):
    page.goto("/account/password/reset/")
    page.locator("main input[type=email]").fill("demo.citizen@yunling.example")
    page.locator("main form button").first.click()
    page.wait_for_url("**/password/reset/done/")
    link = LINK.search(mails.latest().body)[1]
    page.goto(link)
    assert page.locator("main input[type=password]").count() == 2
    yield
    page.locator("main input[type=password]").first.fill("1234567890")
    page.locator("main input[type=password]").last.fill("0987654321")
    page.locator("main form button").first.click()
    page.locator("main .k-error").first.wait_for()
    yield
    page.goto(link.replace("key/", "key/0-"))
    assert page.locator("main input[type=password]").count() == 0
    yield


def own_password(page, site, mails):
    """Somebody who came from an outside identity has none yet."""
    site.ask(lambda: make_account("outsider", password=None))
    sign_in(page, site, "outsider")
    page.goto("/account/password/set/")
    yield


def address_by_mail(page, site, mails):
    sign_in(page, site, "demo.citizen")
    page.goto("/account/email/")
    expect(page.locator("main input[type=radio]:checked")).to_have_count(1)
    page.locator("main #id_email").fill("second@yunling.example")
    page.locator("main button[name=action_add]").click()
    page.get_by_text("second@yunling.example").first.wait_for()
    link = LINK.search(mails.latest().body)[1]
    page.context.clear_cookies()
    page.goto(link)
    yield
    page.goto("/account/confirm-email/once-upon-a-time/")
    yield


def passkeys(page, site, mails):
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in(page, site, "demo.unit.manager")
    page.goto("/account/2fa/webauthn/add/")
    page.locator("#id_name").fill("工作电脑")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    for act in ("edit", "remove"):
        page.goto("/account/2fa/webauthn/")
        page.locator(f"main a[href$='/{act}/']").first.click()
        yield
    page.goto("/account/2fa/webauthn/reauthenticate/")
    yield


def leaving(page, site, mails):
    sign_in(page, site, "demo.citizen")
    page.goto("/account/logout/")
    yield


WALKS = {walk.__name__: walk for walk in (second_factor, new_password, own_password, address_by_mail, passkeys, leaving)}


def sign_in(page, site, login):
    page.context.add_cookies([{"name": "keheng", "value": site.session(login), "url": site.address}])


@pytest.mark.parametrize("walk", SIGNING_IN)
def test_steps_of_signing_in_can_be_used_by_everybody(open_window, site, mails, walk):
    page, met, wrong = open_window(), [], []
    for _ in WALKS[walk](page, site, mails):
        assert page.get_by_role("heading", level=1).is_visible()
        met.append(resolve(urlsplit(page.url).path).view_name)
        wrong += [f"{page.url}: {one}" for one in faults_of(page)]
    assert (list(dict.fromkeys(met)), wrong) == (SIGNING_IN[walk].split(), [])
