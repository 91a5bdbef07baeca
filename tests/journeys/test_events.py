"""An activity with one place: planned, approved, filled; whoever waits gets the place that becomes free, and comes in with the ticket."""

import re

from journeys.walking import clock, fill, follow, press, told
from playwright.sync_api import expect

from keheng.portal.models import Registration
from keheng.portal.queries.tickets import ticket_of


def plan(organiser, title):
    organiser.goto("/manage/events/new/")
    fill(organiser, title=title, organiser="云岭市科学技术委员会", opens_at=clock(hours=-1), closes_at=clock(minutes=20))
    press(organiser, "保存")
    told(organiser, "已保存，请添加场次")
    fill(organiser, begins_at=clock(minutes=25), ends_at=clock(hours=2), place="云岭科技馆", capacity="1")
    press(organiser, "添加场次")
    follow(organiser, "提交审批")
    press(organiser, "提交审批")
    return re.search(r"/events/\d+/", organiser.url)[0]


def register(page, address, name, phone):
    page.goto(address)
    page.locator("main .k-card").get_by_role("link", name=re.compile("^报名")).first.click()
    fill(page, name=name, phone=phone)
    page.locator("main #id_agreed").check()
    press(page, "提交报名")


def test_the_place_that_becomes_free_goes_to_whoever_waited(window, width, site):
    title = f"一席谈：怎样读光谱（{width}）"
    organiser, leader, clerk = window("demo.organiser"), window("demo.leader"), window("demo.checkin.clerk")
    address = plan(organiser, title)
    leader.goto(f"/manage{address}")
    follow(leader, "同意发布")
    press(leader, "同意发布")
    told(leader, "已同意，活动已公布")

    first, second = window(), window()
    register(first, address, "甲来宾", f"1990088{width:04}")
    told(first, "报名成功")
    register(second, address, "乙来宾", f"1990099{width:04}")
    told(second, "您在候补第 1 位")
    expect(second.locator("main svg[role=img]")).to_have_count(0)
    follow(first, "取消报名")
    press(first, "确认取消")
    told(first, "报名已取消")
    second.reload()
    told(second, "报名成功")
    expect(second.get_by_role("img", name="签到二维码")).to_be_visible()

    number = second.locator("main .k-code").inner_text()
    ticket = site.ask(lambda: ticket_of(Registration.objects.get(number=number).pk))
    clerk.goto("/manage/checkin/")
    clerk.locator("main").get_by_role("link", name=re.compile(re.escape(title))).click()
    for answer in ("签到成功", "重复"):
        expect(clerk.locator("main #id_code")).to_be_focused()
        clerk.keyboard.type(ticket)
        clerk.keyboard.press("Enter")
        expect(clerk.get_by_role("status")).to_contain_text(answer)
        expect(clerk.get_by_role("status")).to_contain_text("乙来宾")
