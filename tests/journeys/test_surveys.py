"""A survey is opened, answered once by each browser, and closed with its results."""

import re

from journeys.walking import choose, clock, fill, follow, lead, press, told
from playwright.sync_api import expect


def answer(page, grade):
    for question in page.locator("main fieldset").all():
        question.get_by_role("radio", name=re.compile(grade)).first.check()
    press(page, "提交")


def test_a_survey_is_answered_once_by_each_browser_and_closed(window, width):
    title, staff = f"展厅讲解调查（{width}）", window("demo.organiser")
    staff.goto("/manage/surveys/new/")
    fill(staff, title=title, closes_at=clock(days=3))
    choose(staff, code="hall")
    press(staff, "保存")
    follow(staff, "开始调查")
    press(staff, "开始调查")
    told(staff, "调查已开始")

    def opened(page):
        page.goto("/surveys/")
        lead(page.locator("main").get_by_role("link", name=re.compile(re.escape(title))))

    visitors = [window() for _ in range(5)]
    for turn, visitor in enumerate(visitors):
        opened(visitor)
        answer(visitor, "满意" if turn else "很满意")
        told(visitor, "谢谢，您的回答已收到")
    opened(visitors[0])
    told(visitors[0], "这个浏览器已经答过，保留第一次的回答")

    follow(staff, "结束调查")
    press(staff, "结束调查")
    told(staff, "调查已结束")
    opened(visitor)
    expect(visitor.locator("main dl").first).to_contain_text("5 份")
