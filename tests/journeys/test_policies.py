"""Policies: a firm tells of itself and sees what it meets, what is open and what one step away; an officer sees which clause fails most."""

import re

from journeys.walking import choose, fill, follow, press, told
from playwright.sync_api import expect

from keheng.matters.service import match_everybody

LOAN, PATENTS, AWARD = "科技型中小企业贷款贴息", "高价值发明专利培育", "高新技术企业认定奖励"
CURE = "有效发明专利达到 5 件"


def card(page, title):
    return page.locator("article.k-card").filter(has=page.get_by_role("link", name=title, exact=True))


def under(page, heading, title):
    """The card of a policy under a heading of the page."""
    section = page.locator("section").filter(has=page.get_by_role("heading", name=heading, exact=True))
    return section.locator("article.k-card").filter(has=page.get_by_role("link", name=title, exact=True))


def tell(page, **facts):
    page.goto("/matters/policies/facts/")
    fill(page, **facts)
    choose(page, small_tech="yes", high_tech="", dishonest="no")
    press(page, "保存并匹配")


def test_a_firm_sees_where_it_stands_and_the_office_where_firms_fail(window, site):
    manager = window("demo.unit.manager")
    manager.goto("/matters/policies/")
    follow(manager, "填写企业情况")
    facts = {"staff": "100", "revenue": "3000", "rd_share": "很多", "rd_staff": "12", "patents": "4"}
    tell(manager, **facts)
    told(manager, "研发投入占营业收入")
    expect(manager.locator(".k-problems, .k-error").first).to_be_visible()
    expect(manager.locator("#id_patents")).to_have_value("4")
    tell(manager, **(facts | {"rd_share": "4"}))
    told(manager, "已保存")

    expect(under(manager, "现在就符合", LOAN)).to_be_visible()
    near = under(manager, "只差一条", PATENTS)
    expect(near).to_contain_text(f"怎样达到：{CURE}")
    expect(near).to_contain_text("现在 4")
    unsure = under(manager, "还不能判断", AWARD)
    expect(unsure).to_contain_text("还要知道：高新技术企业证书在有效期内")
    follow(manager, PATENTS)
    told(manager, "有效发明专利不少于 5 件")
    told(manager, CURE)
    manager.goto("/matters/policies/facts/")
    choose(manager, high_tech="yes")
    press(manager, "保存并匹配")
    expect(under(manager, "现在就符合", AWARD)).to_be_visible()
    expect(card(manager, AWARD)).to_have_count(1)

    site.ask(match_everybody)
    officer = window("demo.case.officer")
    officer.goto("/manage/cases/policies/")
    row = officer.locator("main tr").filter(has=officer.get_by_role("link", name=PATENTS, exact=True))
    worst = re.search(r"· (\d+) 家", row.inner_text())
    assert worst is not None
    follow(officer, PATENTS)
    clauses = officer.locator("main table").first.locator("tbody tr")
    failing = [int(one.locator("td").nth(2).inner_text()) for one in clauses.all()]
    assert len(failing) == 2
    assert max(failing) == int(worst[1])
    assert failing[0] > 0
    clauses.nth(0).get_by_role("link").click()
    officer.wait_for_url(re.compile(r"clause=1"))
    told(officer, "有效发明专利不少于 5 件")
    expect(officer.locator("main table").last.locator("tbody tr")).not_to_have_count(0)
