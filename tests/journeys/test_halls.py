"""A group asks for a visit to a hall; it is agreed to, gets a guide, is received and counted."""

import re

from django.utils.timezone import localtime
from journeys.walking import fill, follow, press, told
from playwright.sync_api import expect

from keheng.portal.models import Visit


def book(page, width):
    page.goto("/halls/kechuang/")
    follow(page, "下个月")
    page.locator("main td a").first.click()
    page.get_by_role("radio").first.check()
    fill(page, unit_title=f"云岭第二中学（{width}）", people="20", contact="丙老师", phone=f"1990066{width:04}")
    page.locator("main #id_agreed").check()
    press(page, "提交预约")
    told(page, "申请已收到")


def test_a_group_books_a_visit_and_is_received(window, width, site):
    visitor, organiser, guide = window(), window("demo.organiser"), window("demo.guide")
    book(visitor, width)
    number = visitor.locator("main .k-code").inner_text()

    organiser.goto("/manage/receptions/?state=requested")
    follow(organiser, f"云岭第二中学（{width}）")
    follow(organiser, "通过")
    press(organiser, "通过")
    visitor.reload()
    told(visitor, "申请已通过")
    follow(organiser, "安排讲解员")
    organiser.get_by_role("radio", name=re.compile("江导览")).check()
    press(organiser, "安排讲解员")
    visitor.reload()
    told(visitor, "已排期")
    expect(visitor.locator("main dl")).to_contain_text("江导览")

    day = site.ask(lambda: localtime(Visit.objects.get(number=number).begins_at).date().isoformat())
    guide.goto(f"/manage/receptions/day/?day={day}")
    card = guide.locator("main .k-card").filter(has_text=f"云岭第二中学（{width}）")
    card.get_by_role("link", name="开始接待").click()
    press(guide, "开始接待")
    guide.goto(f"/manage/receptions/day/?day={day}")
    card.get_by_role("link", name="完成，登记人数").click()
    fill(guide, counted="18")
    press(guide, "完成接待")
    guide.goto(f"/manage/receptions/day/?day={day}")
    expect(card).to_contain_text("实到 18 人")
