"""What people do on a page, said shortly."""

import re
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


def lead(one):
    """Click what leads on, and wait for the page that comes: a page that is still read has not all its fields."""
    with one.page.expect_navigation():
        one.click()


def press(page, name):
    """Press a button that leads on."""
    lead(page.locator("main").get_by_role("button", name=name, exact=True))


def follow(page, name):
    """Follow a link."""
    lead(page.locator("main").get_by_role("link", name=name, exact=True))


def begin(page):
    """Apply, for another one beside what was begun already."""
    press(page, "在线申请")
    if "/begun/" in page.url:
        press(page, "另开一份")


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


def cells(page, **typed):
    """Cells of tables by their names: ``budget__0__item`` is the item in the first row of the budget."""
    for name, value in typed.items():
        cell = page.locator(f"main #id_{name.replace('__', '-')}")
        if cell.evaluate("one => one.tagName") == "SELECT":
            cell.select_option(value)
        else:
            cell.fill(value)


def onward(page, number):
    """Save a part of the form, and see the next one."""
    press(page, "保存，下一步")
    page.wait_for_url(re.compile(rf"/form/{number}/"))


def kept(page):
    """Save the last part of the form, and come back to the case: its number in the address."""
    press(page, "保存，返回办件")
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    return int(re.search(r"/cases/(\d+)/", page.url)[1])


def attach(page, title, content=b"%PDF-1.4\n%%EOF\n"):
    """A file for a material of the case."""
    card = page.locator("#materials .k-card").filter(has_text=title)
    card.locator("summary").click()
    card.locator("input[type=file]").set_input_files({"name": f"{title}.pdf", "mimeType": "application/pdf", "buffer": content})
    expect(card.locator("input[type=hidden][name^=upload-]")).not_to_have_value("")
    card.get_by_role("button", name="提交材料").click()
    told(page, "材料已上传")


def narrow_enough(page, width):
    """Nothing of the page stands beside the window."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def clock(**ahead):
    """A moment as the field for times takes it."""
    return f"{localtime(now() + timedelta(**ahead)):%Y-%m-%dT%H:%M}"
