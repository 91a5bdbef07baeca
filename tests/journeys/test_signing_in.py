"""The pages between two steps of signing in, each as somebody comes to it: usable by everybody, like all others."""

import re

from journeys.looking import faults_of
from journeys.walking import press
from people import PASSWORD

LINK = re.compile(r"http://localhost:\d+(/account/\S+)")


def sign_in(page, login):
    page.goto("/account/login/")
    page.get_by_label("登录名或电子邮箱").fill(login)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    press(page, "登录")


def test_the_second_factor(window):
    page = window()
    sign_in(page, "demo.case.officer")
    assert page.url.endswith("/account/2fa/authenticate/")
    assert faults_of(page) == []
    page.locator("main input[name=code]").fill("000000")
    press(page, "登录")
    assert faults_of(page) == []


def test_a_new_password_by_mail(window, mails):
    page = window()
    page.goto("/account/password/reset/")
    page.locator("main input[type=email]").fill("demo.citizen@yunling.example")
    page.locator("main form button").first.click()
    page.wait_for_url("**/password/reset/done/")
    page.goto(LINK.search(mails.latest().body)[1])
    assert page.locator("main input[type=password]").count() == 2
    assert faults_of(page) == []


def test_leaving(window):
    page = window("demo.citizen")
    page.goto("/account/logout/")
    assert page.get_by_role("heading", level=1).is_visible()
    assert faults_of(page) == []
