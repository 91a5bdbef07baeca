"""What people do on a page, said shortly."""

from datetime import timedelta

from django.utils.timezone import localtime, now
from playwright.sync_api import expect


def fill(page, **typed):
    """Fields by their names in the form."""
    for name, value in typed.items():
        page.locator(f"main #id_{name}").fill(value)


def choose(page, **chosen):
    for name, value in chosen.items():
        page.locator(f"main #id_{name}").select_option(value)


def press(page, name):
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.locator("main").get_by_role("link", name=name, exact=True).click()


def told(page, text):
    """The page says so above its contents."""
    expect(page.locator("main").get_by_text(text).first).to_be_visible()


def make(page, title, **typed):
    """A move of the office, signed where it asks for that."""
    form = page.locator("main form").filter(has=page.get_by_role("button", name=title, exact=True))
    for name, value in typed.items():
        form.locator(f"#id_{name}").fill(value)
    if form.locator("input[name=signed]").count():
        form.locator("input[name=signed]").check()
    form.get_by_role("button", name=title, exact=True).click()
    told(page, "已办理")


def clock(**ahead):
    """A moment as the field for times takes it."""
    return f"{localtime(now() + timedelta(**ahead)):%Y-%m-%dT%H:%M}"
