"""In a browser: by keyboard alone from what is missing to its input, which is seen and has the focus, also where it was folded."""

import pytest
from browser import IN_BROWSER, launched
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from people import actor_for, make_account, make_unit, signed_in
from playwright.sync_api import expect, sync_playwright

from keheng.matters.service import open_case

pytestmark = IN_BROWSER


@pytest.fixture
def address(fresh, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    thread = LiveServerThread("localhost", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://localhost:{thread.port}"
    thread.terminate()


def uncovered(page, box):
    """Whether nothing lies over the middle of an input."""
    return box.evaluate(
        "one => { const at = one.getBoundingClientRect();"
        " const top = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2); return one === top || one.contains(top); }"
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_from_what_is_missing_to_its_input(address, width):
    unit = make_unit()
    account = make_account("firm", "unit_manager", unit=unit)
    case = open_case(actor=actor_for(account, unit.pk), matter="yl.it-project")
    home = f"/matters/cases/{case.pk}/"
    session = signed_in(account).cookies["keheng"].value
    with sync_playwright() as playwright:
        browser = launched(playwright)
        context = browser.new_context(base_url=address, locale="zh-CN", viewport={"width": width, "height": 700})
        context.add_cookies([{"name": "keheng", "value": session, "url": address}])
        broken = []
        context.on("weberror", lambda fault: broken.append(str(fault.error)))
        page = context.new_page()
        for said, name in (("建设内容", "#id_plan"), ("经费明细", "#id_budget-0-item")):
            page.goto(home)
            page.locator(".k-list a[href*='/form/']").filter(has_text=said).first.focus()
            page.keyboard.press("Enter")
            expect(page.locator(name)).to_be_focused()
            assert uncovered(page, page.locator(name))
        page.goto(home)
        link = page.locator(".k-list a[href*='#id_upload-']").first
        file = page.locator(f"#{link.get_attribute('href').partition('#')[2]}")
        expect(file).to_be_hidden()
        link.focus()
        page.keyboard.press("Enter")
        expect(file).to_be_focused()
        assert uncovered(page, file)
        # The same link once more, after it was folded again.
        file.evaluate("one => { one.closest('details').open = false; }")
        link.focus()
        page.keyboard.press("Enter")
        expect(file).to_be_focused()
        browser.close()
    assert broken == []
