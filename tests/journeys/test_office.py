"""An IT project from application to opinion; a seal with its countersign; an archive that is read for a reason."""

import re

from journeys.walking import begin, cells, choose, fill, follow, kept, make, narrow_enough, onward, press, told
from playwright.sync_api import expect

from keheng.matters.models import Case, Package

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"


def hand_in(page, width):
    """The first material, as a file that differs from all others."""
    page.locator("#materials details summary").first.click()
    name = {"name": "方案.pdf", "mimeType": "application/pdf", "buffer": PDF + f"%{width} {page.url}".encode()}
    page.locator("#materials input[type=file]").first.set_input_files(name)
    expect(page.locator("#materials input[name^=upload-]").first).to_have_value(re.compile(".{30}"))
    press(page, "提交材料")


def test_a_project_gets_its_opinion_line_by_line(window, width, site):
    firm = window("demo.unit.manager")
    firm.goto("/matters/of/yl.it-project/")
    begin(firm)
    fill(firm, name=f"档案检索系统（{width}）", phone="19900001234")
    choose(firm, kind="升级")
    onward(firm, 2)
    firm.locator("#id_budget-0-item").fill("应用软件开发")
    firm.locator("#id_budget-0-code").select_option("开发人月")
    firm.locator("#id_budget-0-qty").fill("6")
    firm.locator("#id_budget-0-price").fill("30000")
    onward(firm, 3)
    onward(firm, 4)
    fill(firm, plan="更新检索引擎。")
    firm.locator("#id_plan").blur()
    told(firm, "已自动保存")
    case = kept(firm)
    hand_in(firm, width)
    follow(firm, "提交")
    press(firm, "确认")
    told(firm, "已提交")

    clerk, officer, leader = window("demo.window.clerk"), window("demo.case.officer"), window("demo.leader")
    clerk.goto(f"/manage/cases/{case}/")
    press(clerk, "受理")
    told(clerk, "已办理")
    officer.goto(f"/manage/cases/{case}/")
    expect(officer.locator("#market")).to_contain_text("1 行单价偏高")
    officer.locator("#id_lines-0-approved").fill("126000")
    press(officer, "提出审定金额")
    told(officer, "“核减原因”没有填写")
    officer.locator("#id_lines-0-reason").select_option("C1 单价偏高")
    press(officer, "提出审定金额")
    told(officer, "54,000.00 元")
    leader.goto(f"/manage/cases/{case}/")
    leader.get_by_label("我已审阅，签名确认").first.check()
    press(leader, "同意")
    told(leader, "评审意见")
    leader.goto("/manage/cases/ledgers/yl.it-project/")
    leader.locator("main").get_by_role("link", name="C1 单价偏高").click()
    told(leader, f"档案检索系统（{width}）")


def test_a_project_is_looked_at_on_the_spot_and_cut_line_by_line(window, width, site):
    waiting = site.ask(lambda: Case.objects.filter(matter="yl.it-project", state="consult", children=None).order_by("pk").first().pk)
    adviser, leader = window("demo.case.officer"), window("demo.leader")
    adviser.goto(f"/manage/cases/{waiting}/")
    press(adviser, "开始信息化项目咨询评估")
    onward(adviser, 2)
    cells(adviser, visits__0__day="2026-09-21", visits__0__place="机房", visits__0__people="孙顾问", visits__0__found="服务器 2016 年购置")
    onward(adviser, 3)
    cells(adviser, experts__0__expert="李评估", experts__0__subject="软件造价", experts__0__view="人月单价高于同类项目")
    fill(adviser, market="向三家单位询价，报价离散正常。")
    onward(adviser, 4)
    for asked in adviser.locator("main [id^=id_advice-][id$=-amount]").all():
        adviser.locator(f"#{asked.get_attribute('id').replace('amount', 'advised')}").fill(asked.input_value())
    cells(adviser, advice__0__advised="1")
    choose(adviser, is_true="真实", is_fair="基本合理", is_regular="规范")
    fill(adviser, summary=f"第一行单价偏高，建议核减（{width}）。")
    case = kept(adviser)
    told(adviser, "核减原因")
    adviser.goto(f"/matters/cases/{case}/form/4/")
    cells(adviser, advice__0__reason="C1 单价偏高")
    kept(adviser)
    follow(adviser, "提交意见")
    press(adviser, "确认")
    leader.goto(f"/manage/cases/{case}/")
    make(leader, "采纳")
    adviser.goto(f"/manage/cases/{waiting}/")
    make(adviser, "结束咨询评估")
    leader.goto("/manage/cases/ledgers/yl.it-consult/")
    told(leader, "C1 单价偏高")
    narrow_enough(leader, width)


def test_a_contract_is_sealed_after_two_agreed(window, width, site):
    clerk = window("demo.window.clerk")
    clerk.goto("/manage/cases/begin/")
    press(clerk, "申请用印")
    fill(clerk, paper=f"合作合同（{width}）", copies="2", receiver="云岭演示单位", supervisor="demo.finance")
    choose(clerk, seal="合同专用章", outside="no")
    clerk.locator("#id_price").fill("86000")
    case = kept(clerk)
    hand_in(clerk, width)
    follow(clerk, "提交")
    press(clerk, "确认")
    for login, opinion in (("demo.finance", "同意用印。"), ("demo.case.officer", "合同文本已审。"), ("demo.leader", "同意用印。")):
        page = window(login)
        page.goto(f"/manage/cases/{case}/")
        page.locator("#id_opinion_agree").fill(opinion)
        press(page, "同意")
        told(page, "已办理")
    keeper = window("demo.case.officer")
    keeper.goto(f"/manage/cases/{case}/")
    fill(keeper, stamped="2")
    press(keeper, "已用印")
    told(keeper, "用印登记单")
    assert site.ask(lambda: Case.objects.get(pk=case).end) == "granted"


def test_an_archive_is_read_for_a_reason(window, width, site):
    number = site.ask(lambda: Package.objects.filter(case__matter="yl.it-project", retrievals=None).order_by("pk").first().pk)
    officer = window("demo.case.officer")
    officer.goto("/manage/cases/archive/")
    officer.goto(f"/manage/cases/archive/{number}/")
    told(officer, "四性检测通过")
    fill(officer, reason="看")
    press(officer, "申请调阅")
    told(officer, "没有写明调阅的理由")
    fill(officer, reason=f"年度审计抽查（{width}）")
    press(officer, "申请调阅")
    told(officer, "可以调阅了")
    with officer.expect_download() as download:
        officer.locator("main").get_by_role("button", name="打开归档包").click()
    assert download.value.suggested_filename.endswith(".zip")
    officer.reload()
    told(officer, f"年度审计抽查（{width}）")
