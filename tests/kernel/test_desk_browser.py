"""In a browser: what is typed is there again, also after the session ended; two windows decide; the palette by keyboard alone."""

import re

import pytest
from browser import IN_BROWSER, launched
from directory.made_up import organisation
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from people import make_account, signed_in
from playwright.sync_api import expect, sync_playwright

pytestmark = IN_BROWSER
NEW = "/organisations/new/"
REGISTERED = re.compile(r"/organisations/\d+/$")


@pytest.fixture
def context(fresh, settings):
    account = make_account("officer", "case_officer", district="990102")
    for number in range(3):
        organisation(f"云岭第{number}仪器厂", number)
    settings.ALLOWED_HOSTS = ["localhost"]
    sessions = [signed_in(account).cookies["keheng"].value for _ in range(2)]
    thread = LiveServerThread("localhost", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    address = f"http://localhost:{thread.port}"
    with sync_playwright() as playwright:
        browser = launched(playwright)
        made = browser.new_context(base_url=address, locale="zh-CN")
        broken = []
        made.on(
            "console",
            lambda said: broken.append(said.text) if said.type == "error" and "responded with a status of" not in said.text else None,
        )
        made.on("weberror", lambda fault: broken.append(str(fault.error)))

        def enter(number):
            made.add_cookies([{"name": "keheng", "value": sessions[number], "url": address}])

        enter(0)
        yield made, enter
        browser.close()
    thread.terminate()
    assert broken == [], "no script or style was refused, none failed"


def saved(page, act):
    with page.expect_response(lambda answer: "/desk/drafts/" in answer.url and answer.request.method == "POST") as told:
        act()
    return told.value.status


def test_a_draft_outlives_the_window_and_the_session_and_ends_with_the_form(context):
    made, enter = context
    page = made.new_page()
    page.goto(NEW)
    page.wait_for_load_state("networkidle")
    name, note = page.get_by_label("单位名称"), page.locator("[data-draft-note]")
    assert saved(page, lambda: name.fill("云岭明光材料有限公司")) == 200
    page.goto(NEW)
    expect(name).to_have_value("云岭明光材料有限公司")
    expect(note).to_contain_text("已恢复")

    other = made.new_page()
    other.goto(NEW)
    other.wait_for_load_state("networkidle")
    assert saved(other, lambda: other.get_by_label("地址").fill("翠湖路 1 号")) == 200
    assert saved(page, lambda: name.fill("云岭明光新材料有限公司")) == 409
    expect(note).to_contain_text("另一个窗口")
    assert saved(page, lambda: page.get_by_role("button", name="保留这里的").click()) == 200
    other.close()

    made.clear_cookies(name="keheng")
    name.fill("云岭明光复合材料有限公司")
    expect(note).to_contain_text("登录已过期")
    enter(1)
    page.goto(NEW)
    expect(name).to_have_value("云岭明光复合材料有限公司")
    expect(note).to_contain_text("登录过期前")

    page.get_by_label("单位类型").select_option("enterprise")
    page.get_by_label("所在区县").select_option("990102")
    page.locator("main form").get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url(REGISTERED)
    page.goto(NEW)
    page.wait_for_load_state("networkidle")
    expect(name).to_have_value("")
    expect(note).to_be_hidden()


def test_what_the_palette_does_not_find_is_looked_for_in_the_whole_site(context):
    """Enter may come before the answer."""
    made, _ = context
    page = made.new_page()
    page.goto("/desk/calendar/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="前往页面、操作或记录")
    page.keyboard.type("没有这样的")
    expect(page.get_by_text("没有找到“没有这样的”。")).to_be_visible()
    expect(page.get_by_role("option")).to_have_text(["在全站搜索“没有这样的”"])
    expect(box).to_have_attribute("aria-activedescendant", "palette-0")
    page.keyboard.type("东西")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?q="))
    expect(page.locator("main input[name=q]")).to_have_value("没有这样的东西")


def test_the_palette_and_lists_by_keyboard_alone(context):
    made, _ = context
    page = made.new_page()
    page.goto("/desk/calendar/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="前往页面、操作或记录")
    expect(box).to_be_focused()
    page.keyboard.type("单位")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("单位")
    expect(box).to_have_attribute("aria-activedescendant", "palette-0")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "palette-1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("云岭第1")
    expect(first).to_contain_text("云岭第1仪器厂")
    page.keyboard.press("Enter")
    page.wait_for_url(REGISTERED)

    page.goto("/organisations/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    expect(page.locator("tbody tr").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("名称、曾用名、简称或信用代码")).to_be_focused()
    page.keyboard.type("第2")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"q="))
    page.wait_for_load_state("networkidle")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(REGISTERED)


def test_keys_work_in_the_moment_a_dialog_was_closed(context):
    """Its field has the focus until the page is drawn anew, which takes long on a busy machine."""
    made, _ = context
    page = made.new_page()
    page.goto("/organisations/")
    page.wait_for_load_state("networkidle")
    pressed = """key => {
        document.querySelector("dialog[open]").close();
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }"""
    page.keyboard.press("Control+k")
    page.evaluate(pressed, "j")
    expect(page.locator("tbody tr").first).to_be_focused()
    page.keyboard.press("Control+k")
    page.evaluate(pressed, "?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()


def test_single_keys_can_be_switched_off(context):
    made, _ = context
    page = made.new_page()
    page.goto("/look/?next=/organisations/")
    page.get_by_role("group", name="单键快捷键").get_by_label("不使用").check()
    page.locator("main").get_by_role("button", name="保存").click()
    page.wait_for_url("**/organisations/")
    page.wait_for_load_state("networkidle")
    row = page.locator("main tbody tr")
    for key in ("?", "/", "j", "k"):
        page.keyboard.press(key)
        assert page.evaluate("[document.activeElement.tagName, document.querySelectorAll('dialog[open]').length]") == ["BODY", 0], key
    # What works on a row that has the focus stays, and so does what needs two keys.
    row.first.focus()
    page.keyboard.press("ArrowDown")
    expect(row.nth(1)).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="前往页面、操作或记录")).to_be_focused()
