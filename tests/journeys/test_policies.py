"""Policies: a firm tells of itself and sees what it meets, what is open and what one step away; an officer sees which clause fails most."""

import re

from journeys.walking import attach, choose, fill, follow, kept, make, narrow_enough, press, told
from matters.test_policy_cases import granted_project
from people import make_account, make_unit
from playwright.sync_api import expect

from keheng.kernel import credit_code
from keheng.matters.service import follow_offers, match_everybody, match_unit

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


def firm_of(site, width, name, *, project):
    """A firm of its own for a window's width, with its manager; with a project of the fund where it is told so."""

    def made():
        unit = make_unit(
            f"云岭{name}{width}有限公司", district="990107", credit_code=credit_code.make("9", "1", "990101", 77_000 + 2 * width + project)
        )
        make_account(f"{'granted' if project else 'asking'}.{width}", "unit_manager", unit=unit)
        if project:
            granted_project(unit.pk)
        match_unit(unit.pk)
        follow_offers()
        return unit.pk

    return site.ask(made)


def payee(page, name):
    fill(page, contact="文举人", phone="19900008888", payee=name, bank="云岭演示银行", account="6200000000008888")


def test_a_firm_applies_and_an_officer_grants(window, width, site):
    firm_of(site, width, "申请", project=False)
    manager = window(f"asking.{width}")
    manager.goto("/matters/policies/facts/")
    fill(manager, staff="60", revenue="3000")
    choose(manager, small_tech="yes")
    press(manager, "保存并匹配")
    card(manager, LOAN).get_by_role("button", name="立即申请").click()
    manager.wait_for_url(re.compile(r"/form/1/"))
    press(manager, "保存，下一步")
    told(manager, "企业填写于")
    expect(manager.locator("#id_staff")).to_have_value("60")
    told(manager, "来自平台共享数据")
    fill(manager, staff="501")
    press(manager, "保存，下一步")
    fill(manager, bank_name="云岭演示银行", loan="1000000", interest="42000", asked="42000")
    case = kept(manager)
    attach(manager, "借款合同")
    attach(manager, "付息凭证")
    told(manager, "从业人数不超过 500 人")
    follow(manager, "填写")
    press(manager, "保存，下一步")
    fill(manager, staff="60")
    kept(manager)
    follow(manager, "提交")
    payee(manager, "云岭申请有限公司")
    press(manager, "确认")
    told(manager, "核验")

    officer, leader = window("demo.case.officer"), window("demo.leader")
    officer.goto(f"/manage/cases/{case}/")
    told(officer, "政策条件")
    told(officer, "企业填写于")
    make(officer, "条件属实，报批")
    leader.goto(f"/manage/cases/{case}/")
    make(leader, "同意兑现")
    officer.goto(f"/manage/cases/{case}/")
    make(officer, "登记已拨付")
    manager.goto("/matters/policies/")
    expect(card(manager, LOAN).get_by_role("link", name="已享受，看办件")).to_be_visible()
    officer.goto("/manage/cases/policies/")
    come = officer.locator("main table").nth(1).locator("tr").filter(has_text=LOAN)
    come.locator("td").nth(5).get_by_role("link").click()
    officer.wait_for_url(re.compile(r"stage=paid"))
    told(officer, f"云岭申请{width}有限公司")
    narrow_enough(manager, width)


def test_another_firm_confirms_what_it_need_not_apply_for(window, width, site):
    firm_of(site, width, "立项", project=True)
    manager = window(f"granted.{width}")
    manager.goto("/matters/policies/")
    card(manager, "立项企业配套奖励").get_by_role("link", name="免申即享，待您确认").click()
    told(manager, "待单位确认")
    told(manager, "近三年有专项资金立项")
    narrow_enough(manager, width)
    follow(manager, "确认享受")
    payee(manager, "云岭立项有限公司")
    press(manager, "确认")
    told(manager, "拨付")
    manager.goto("/matters/policies/")
    expect(card(manager, "立项企业配套奖励").get_by_role("link", name="办理中，看进度")).to_be_visible()
