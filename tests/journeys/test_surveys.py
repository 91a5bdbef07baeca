"""A survey is opened, answered once by each token, and closed with its results."""

import re

from journeys.walking import choose, clock, fill, follow, press, told
from playwright.sync_api import expect


def answer(page, grade):
    for question in page.locator("main fieldset").all():
        question.get_by_role("radio", name=re.compile(grade)).first.check()
    press(page, "提交")


def test_a_survey_is_answered_once_by_each_token_and_closed(window, width):
    title, staff, visitor = f"展厅讲解调查（{width}）", window("demo.organiser"), window()
    staff.goto("/manage/surveys/new/")
    fill(staff, title=title, closes_at=clock(days=3))
    choose(staff, code="hall")
    press(staff, "保存")
    follow(staff, "开始调查")
    press(staff, "开始调查")
    told(staff, "调查已开始")

    for turn in range(5):
        visitor.goto("/surveys/")
        visitor.locator("main").get_by_role("link", name=re.compile(re.escape(title))).click()
        link = f"{visitor.url}?t={visitor.locator('main input[name=t]').input_value()}"
        answer(visitor, "满意" if turn else "很满意")
        told(visitor, "谢谢，您的回答已收到")
    visitor.goto(link)
    answer(visitor, "满意")
    told(visitor, "这个链接已经答过，保留第一次的回答")

    follow(staff, "结束调查")
    press(staff, "结束调查")
    told(staff, "调查已结束")
    visitor.goto("/surveys/")
    visitor.locator("main").get_by_role("link", name=re.compile(re.escape(title))).click()
    expect(visitor.locator("main dl").first).to_contain_text("5 份")
