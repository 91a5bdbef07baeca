"""Three people bring an article to the public: it is written, returned, corrected, approved and issued."""

import re

from journeys.walking import choose, fill, follow, press, told
from playwright.sync_api import expect


def say(page, text):
    page.locator("main .ql-editor").fill(text)


def decide(page, decision, reason=""):
    page.get_by_role("radio", name=decision, exact=True).check()
    fill(page, reason=reason)
    press(page, "提交意见")
    told(page, "已办理")


def test_an_article_is_written_returned_corrected_and_issued(window, width):
    title = f"翠湖新城仪器开放周安排（{width}）"
    editor, reviewer, issuer = (window(f"demo.{role}") for role in ("editor", "reviewer", "issuer"))
    editor.goto("/manage/content/")
    follow(editor, "写一篇")
    fill(editor, title=title, summary="五天里可以免费试用共享仪器。")
    choose(editor, kind="notice")
    editor.locator("main #id_column").select_option(label="通知公告")
    say(editor, "开放周从星期一开始，请带身份证明。")
    press(editor, "保存草稿")
    told(editor, "草稿已保存")
    place = re.search(r"/manage/content/\d+/", editor.url)[0]
    press(editor, "送审")
    told(editor, "已送审")
    expect(editor.get_by_role("button", name="提交意见")).to_have_count(0)

    reviewer.goto("/desk/")
    reviewer.locator("main").get_by_role("link", name=re.compile(re.escape(title))).first.click()
    expect(reviewer).to_have_url(re.compile(place))
    decide(reviewer, "退回", "没有写明地点")

    editor.goto("/desk/messages/")
    editor.locator("main table a").first.click()
    told(editor, "没有写明地点")
    follow(editor, "去看看")
    follow(editor, "修改")
    say(editor, "开放周从星期一开始，地点在翠湖会展中心，请带身份证明。")
    press(editor, "保存草稿")
    press(editor, "送审")
    told(editor, "已送审")

    reviewer.goto(place)
    decide(reviewer, "通过")
    issuer.goto(place)
    decide(issuer, "通过")
    follow(issuer, "查看公开页")
    address = issuer.url

    visitor = window()
    visitor.goto("/columns/notices/")
    follow(visitor, title)
    expect(visitor).to_have_url(address)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(title)
    expect(visitor.locator("main article")).to_contain_text("地点在翠湖会展中心")
