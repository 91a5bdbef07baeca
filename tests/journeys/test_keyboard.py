"""By keyboard alone: whatever is reached can be seen to be reached."""

import re

from playwright.sync_api import expect

FOCUS = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const ringed = (one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {
    name: (here.textContent.trim() || here.getAttribute("aria-label") || here.id).trim().split("\\n")[0],
    seen: inside && (ringed(here) || ringed(here.parentElement)), above: !here.closest("main"),
  };
}"""


def tab(page, key="Tab"):
    """The name of what is reached next, which can be seen."""
    page.keyboard.press(key)
    told = page.evaluate(FOCUS)
    assert told["seen"], f"“{told['name']}” has the focus and does not show it"
    return told


def tab_to(page, name):
    """On to what has that name, past what shows that it is passed."""
    passed = []
    for _ in range(60):
        passed.append(tab(page)["name"])
        if passed[-1].startswith(name):
            return passed
    raise AssertionError(f"{name} is not reached, only {passed}")


def test_a_visitor_needs_no_mouse(window, width):
    page = window()
    page.goto("/")
    assert tab(page)["name"] == "跳到正文"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.reload()
    tab_to(page, "中文")
    page.keyboard.press("Enter")
    assert tab(page)["name"] == "中文"
    assert [tab(page)["name"] for _ in range(3)] == ["English", "日本語", "한국어"]
    tab(page, "Shift+Tab")
    tab(page, "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r":\d+/en/$"))
    page.goto("/")
    passed = tab_to(page, "帮助")
    assert passed[-11:] == ["首页", "办事大厅", "办理事项", "政策", "资源", "信息公开", "活动", "展厅", "调查", "留言", "帮助"]
    assert tab_to(page, "q")[-1] == "q"
    page.keyboard.type("创新券")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator("main ol li").first).to_be_visible()


def test_the_workbench_needs_no_mouse(window, width):
    page = window("demo.case.officer")
    page.goto("/organisations/")
    page.wait_for_load_state("networkidle")
    assert tab(page)["name"] == "跳到正文"
    while tab(page)["above"]:
        pass
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="前往页面、操作或记录")
    expect(box).to_be_focused()
    assert page.evaluate(FOCUS)["seen"]
    page.keyboard.type("消息")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_contain_text("消息")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("body").press("j")
    first = page.locator("main tbody tr").first
    expect(first).to_be_focused()
    assert page.evaluate(FOCUS)["seen"]
    name = first.locator("a").first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/organisations/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
