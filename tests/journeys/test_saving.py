"""A form that saves each answer when it is left, or when who types pauses: nothing goes before it is saved, and nobody leaves without being asked."""

import re

import pytest
from journeys.walking import begin, fill, told
from playwright.sync_api import expect

from keheng.matters.models import Case

_A_MOMENT = 400


@pytest.fixture
def page(open_window):
    """The first part of an application, just begun."""
    page = open_window("demo.unit.member")
    page.goto("/matters/of/yl.zhangjiang/")
    begin(page)
    page.wait_for_url(re.compile("/form/1/"))
    return page


def case_of(page):
    return int(re.search(r"/cases/(\d+)/", page.url)[1])


def held(page):
    """Requests that save an answer are kept back until the test lets them go."""
    routes = []

    def hold(route):
        routes.append(route)

    page.route("**/save/", hold)
    return routes


def typed(page, text):
    """An answer that is being saved."""
    fill(page, contact=text)
    with page.expect_request("**/save/"):
        page.locator("#id_contact").blur()
    told(page, "正在保存…")


def let_go(routes):
    for one in routes:
        one.continue_()


def contact(site, number):
    return site.ask(lambda: Case.objects.get(pk=number).answers.get("contact"))


def test_the_form_goes_after_what_is_being_saved(page, site):
    routes, sent, number = held(page), [], case_of(page)
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" and "/form/" in one.url else None)
    typed(page, "文举人")
    onward = page.locator("main").get_by_role("button", name="保存，下一步")
    onward.click()
    onward.click()
    page.wait_for_timeout(_A_MOMENT)
    assert sent == []
    let_go(routes)
    page.wait_for_url(re.compile("/form/2/"))
    assert len(sent) == 1
    assert contact(site, number) == "文举人"


def test_a_link_waits_for_what_is_being_saved(page, site):
    routes, asked, number = held(page), [], case_of(page)
    page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    typed(page, "文举人")
    page.get_by_role("link", name="我的办件").first.click()
    page.wait_for_timeout(_A_MOMENT)
    assert page.url.endswith("/form/1/")
    let_go(routes)
    page.wait_for_url(re.compile("/matters/my/"))
    assert asked == []
    assert contact(site, number) == "文举人"


@pytest.mark.parametrize("fault", ["pending", "failed"])
def test_who_leaves_with_an_answer_that_is_not_saved_is_asked(page, fault):
    asked = []
    page.on("dialog", lambda one: (asked.append(one.type), one.dismiss()))
    page.reload()
    assert asked == []
    page.route("**/save/", lambda route: None if fault == "pending" else route.fulfill(status=503))
    fill(page, contact="文举人")
    page.locator("#id_contact").blur()
    told(page, "正在保存…" if fault == "pending" else "没有保存成功，内容还在页面上")
    with page.expect_event("dialog"):
        page.evaluate("location.reload()")
    assert asked == ["beforeunload"]
    expect(page.locator("main #id_contact")).to_have_value("文举人")


def test_who_leaves_once_it_is_saved_is_not_asked(page):
    asked = []
    page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    page.route("**/save/", lambda route: route.fulfill(status=503))
    fill(page, contact="文举人")
    page.locator("#id_contact").blur()
    told(page, "没有保存成功，内容还在页面上")
    page.unroute("**/save/")
    fill(page, contact="文举才")
    page.locator("#id_contact").blur()
    told(page, "已自动保存")
    page.reload()
    expect(page.locator("main #id_contact")).to_have_value("文举才")
    assert asked == []


def test_what_is_typed_is_saved_without_leaving_the_field(page, site):
    asked, number = [], case_of(page)
    page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    field = page.locator("#id_contact")
    field.select_text()
    with page.expect_response("**/save/"):
        page.keyboard.type("文举人")
    told(page, "已自动保存")
    expect(field).to_be_focused()
    assert contact(site, number) == "文举人"
    page.reload()
    expect(field).to_have_value("文举人")
    assert asked == []


def test_what_is_half_typed_is_not_called_wrong(page):
    box = page.locator("[data-question]").filter(has=page.locator("#id_phone"))
    page.locator("#id_phone").select_text()
    with page.expect_response("**/save/"):
        page.keyboard.type("139")
    expect(box.locator("[data-wrong]")).to_be_hidden()
    page.locator("#id_phone").blur()
    expect(box.locator("[data-wrong]")).to_be_visible()


def test_who_leaves_while_typing_is_asked_and_a_link_takes_what_is_typed(page, site):
    asked, number = [], case_of(page)
    page.once("dialog", lambda one: (asked.append(one.type), one.dismiss()))
    page.locator("#id_contact").select_text()
    page.keyboard.type("文举人")
    with page.expect_event("dialog"):
        page.evaluate("location.reload()")
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="我的办件").first.click()
    page.wait_for_url(re.compile("/matters/my/"))
    assert contact(site, number) == "文举人"
