"""Whole forms by keyboard alone: every field is reached in its order and shows that it is, choices are made by keys, Enter sends."""

from datetime import timedelta

from django.utils.timezone import localdate
from journeys.test_granting import ROLES
from journeys.test_keyboard import tab, tab_to
from playwright.sync_api import expect

from keheng.portal.models import Article


def field(page, name):
    """On to the field of that name; whatever is passed shows that it is reached."""
    for _ in range(60):
        tab(page)
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"the field {name} is not reached")


def write(page, **typed):
    for name, value in typed.items():
        field(page, name)
        page.keyboard.type(value)


def pick(page, **chosen):
    """Choices by going down their list."""
    for name, words in chosen.items():
        field(page, name)
        for _ in range(page.locator(f"main [name={name}] option").count()):
            if page.locator(f"main [name={name}] option:checked").inner_text() == words:
                break
            page.keyboard.press("ArrowDown")
        expect(page.locator(f"main [name={name}] option:checked")).to_have_text(words)


def send(page, button):
    tab_to(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_visitor_writes_a_message(window, width):
    page = window()
    page.goto("/feedback/")
    # Whoever has typed all of it within three seconds is no person.
    page.wait_for_timeout(3000)
    field(page, "kind")
    page.keyboard.press("ArrowDown")
    expect(page.locator("main [name=kind]:checked")).to_have_count(1)
    write(page, title=f"键盘留言 {width}", body="请问周六可以参观展厅吗？", name="钱一人", contact="13800000000")
    send(page, "提交")
    expect(page.locator("main")).to_contain_text("编号")


def test_an_administrator_applies_for_a_grant(window, width):
    page = window("demo.system.admin")
    page.goto("/account/grants/apply/")
    write(page, account="demo.guide")
    pick(page, role=ROLES[width][1])
    ends = localdate() + timedelta(days=20)
    # Part by part, in the order of the browser's own language.
    write(page, ends=f"{ends:%m%d%Y}")
    expect(page.locator("main [name=ends]")).to_have_value(ends.isoformat())
    write(page, reason=f"键盘申请 {width}")
    send(page, "提交申请")
    expect(page.locator("main").get_by_text("已提交，等安全管理员审批").first).to_be_visible()


def test_an_editor_writes_an_article_and_a_reviewer_returns_it(open_window, site):
    page = open_window("demo.editor")
    page.goto("/manage/content/new/")
    write(page, title="键盘写的稿件", summary="不用鼠标")
    tab_to(page, "加粗")
    tab_to(page, "清除格式")
    tab(page)
    body = page.get_by_role("textbox", name="正文")
    expect(body).to_be_focused()
    page.keyboard.press("Control+b")
    page.keyboard.type("开头")
    page.keyboard.press("Control+b")
    page.keyboard.type("，其余。")
    # To a tool and back: what was chosen by keys is what the tool is used on.
    page.keyboard.press("Control+a")
    for _ in range(9):
        tab(page, "Shift+Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "标题级别"
    page.keyboard.press("Enter")
    tab(page)
    page.keyboard.press("Enter")
    expect(body.locator("h2")).to_have_count(1)
    pick(page, column="工作动态", kind="文章")
    send(page, "保存草稿")
    send(page, "送审")
    expect(page.locator("main")).to_contain_text("等待审核")

    number = site.ask(lambda: Article.objects.order_by("pk").last().pk)
    page = open_window("demo.reviewer")
    page.goto(f"/manage/content/{number}/")
    field(page, "decision")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("退回")).to_be_checked()
    write(page, reason="请写明时间和地点。")
    send(page, "提交意见")
    told = site.ask(lambda: (Article.objects.get(pk=number).stage, Article.objects.get(pk=number).newest.body))
    assert told == ("draft", "<h2><strong>开头</strong>，其余。</h2>")


def enter(page, name):
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tick(page, kind="checkbox"):
    """The next box, or the first of the next choices."""
    for _ in range(60):
        tab(page)
        if page.evaluate("document.activeElement.type") == kind:
            page.keyboard.press("Space")
            assert page.evaluate("document.activeElement.checked")
            return
    raise AssertionError(f"no {kind} is reached")


def test_a_visitor_registers_for_an_event(open_window):
    page = open_window()
    page.goto("/")
    page.goto(page.locator("#open ~ * a[href*='/events/'], section:has(#open) a[href*='/events/']").first.get_attribute("href"))
    enter(page, "报名")
    write(page, name="钱一人", phone="19900770001")
    tick(page)
    send(page, "提交报名")
    expect(page.locator("main").get_by_text("报名成功").or_(page.locator("main").get_by_text("候补")).first).to_be_visible()


def test_a_group_books_a_visit_to_a_hall(open_window):
    page = open_window()
    page.goto("/halls/kechuang/")
    enter(page, "下个月")
    day = page.locator("main td a").first.inner_text().strip().splitlines()[0]
    enter(page, day)
    tick(page, "radio")
    write(page, unit_title="云岭第三中学", people="20", contact="丁老师", phone="19900770002")
    tick(page)
    send(page, "提交预约")
    expect(page.locator("main")).to_contain_text("申请已收到")


def test_a_visitor_answers_a_survey(open_window):
    page = open_window()
    page.goto("/surveys/")
    enter(page, page.locator("main .k-tag--ok").first.inner_text())
    for _ in page.locator("main fieldset").all():
        tick(page, "radio")
    send(page, "提交")
    expect(page.locator("main")).to_contain_text("谢谢，您的回答已收到")
