"""An accountant from nothing to the signed PDF; a reviewer draws, re-scores and sends one back; a director from the cockpit to a row."""

import re

from django.utils.timezone import localdate
from journeys.walking import choose, fill, follow, press, told
from playwright.sync_api import expect

from keheng.performance.models import EvaluationRow, Recheck

YEAR = localdate().year - 1


def row(page, title, target, weight, **more):
    follow(page, "添加指标")
    evidence, level1, level2 = (
        more.get(name, usual) for name, usual in (("evidence", "measure"), ("level1", "output"), ("level2", "quantity"))
    )
    fill(page, title=title, target=target, weight=weight)
    choose(page, level1=level1, level2=level2, evidence=evidence, measure=more.get("measure", ""))
    press(page, "添加")
    told(page, title)


def answered(page, title, actual, score, /, **proof):
    page.locator("main tr").filter(has_text=title).get_by_role("link", name="填写").click()
    fill(page, actual=actual, score=score)
    press(page, "保存")
    page.locator("main tr").filter(has_text=title).get_by_role("link", name="填写").click()
    follow(page, "附依据")
    choose(page, kind=proof.pop("kind"))
    fill(page, dated_on=f"{YEAR}-12-01", **proof)
    text = {"name": f"{title}.txt", "mimeType": "text/plain", "buffer": f"{title}：{actual}".encode()}
    page.locator("main input[type=file]").set_input_files(text)
    press(page, "保存依据")
    page.locator("main .k-crumbs a").nth(1).click()
    page.locator("main .k-tabs").get_by_role("link", name="绩效自评").click()


def test_from_nothing_to_the_signed_pdf(window, width):
    maker, officer, leader = window("demo.finance"), window("demo.case.officer"), window("demo.leader")
    maker.goto("/performance/")
    follow(maker, "登记项目")
    fill(maker, year=str(YEAR), code=f"YL-J-{width}", title=f"展厅讲解服务 {width}", appropriation="1000000")
    maker.locator("main #id_unit").select_option(index=0)
    maker.locator("main #id_department").select_option(index=0)
    choose(maker, layout="sh-2023")
    press(maker, "登记")
    follow(maker, f"展厅讲解服务 {width}")
    home = maker.url
    follow(maker, "登记支付")
    fill(maker, voucher="V-1", paid_on=f"{YEAR}-06-01", amount="963000")
    press(maker, "登记")
    maker.locator("main .k-tabs").get_by_role("link", name="绩效目标").click()
    follow(maker, "申报目标")
    press(maker, "开始申报")
    row(maker, "讲解接待场次", "≥20场", "50", measure="portal.receptions")
    row(maker, "讲解制度", "完善", "30", evidence="minutes", level1="outcome", level2="lasting")
    row(maker, "讲解服务满意度", "≥90%", "10", evidence="survey", level1="satisfaction", level2="served")
    follow(maker, "填写")
    fill(maker, goal="全年讲解接待不少于20场，讲解制度完善，参观者满意。")
    press(maker, "保存")
    press(maker, "提交批复")
    leader.goto(f"{home}targets/")
    follow(leader, "批复")
    press(leader, "确定")

    maker.goto(f"{home}evaluation/")
    press(maker, "读取指标并开始")
    told(maker, "提交前还有")
    answered(maker, "讲解制度", "修订两项制度，完善", "30", kind="minutes", title="办公会纪要 8 号")
    answered(maker, "讲解服务满意度", "95.2%", "10", kind="survey", title="参观者调查", sample="330", method="系统抽样")
    explain(maker)
    press(maker, "签名并提交审核")
    officer.goto(f"{home}evaluation/")
    press(officer, "审核通过")
    leader.goto(f"{home}evaluation/")
    follow(leader, "签发")
    press(leader, "签发")
    told(leader, "已签发")
    with leader.expect_download() as download:
        leader.locator("main").get_by_role("link", name="PDF", exact=True).click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    follow(leader, "逐格核验")
    told(leader, "与签发的表完全一致")


def explain(page):
    """What the page still asks for, answered one by one as it says."""
    for _ in range(8):
        if not page.locator("main .k-problems").count():
            return
        lacks = page.locator("main .k-problems").inner_text()
        if "偏差原因" in lacks or "三成" in lacks:
            page.locator("main tr").filter(has_text="讲解接待场次").get_by_role("link", name="填写").click()
            fill(page, reason="参观需求增长，明年提高目标")
            press(page, "保存")
        else:
            page.locator("main .k-list--plain li").filter(has=page.locator(".k-tag--bad")).filter(has_not_text="答复：").first.get_by_role(
                "link"
            ).click()
            fill(page, text="制度文本见附件，逐条对照")
            press(page, "保存答复")


def test_a_reviewer_draws_rescores_and_sends_one_back(window, width, site):
    checker = window("demo.reviewer")
    checker.goto("/performance/rechecks/")
    follow(checker, "抽取样本")
    fill(checker, year=str(YEAR), seed=f"会议纪要 {width} 号")
    press(checker, "抽取")
    one = site.ask(lambda: Recheck.objects.filter(state="open").order_by("pk").first())
    checker.goto(f"/performance/rechecks/{one.pk}/")
    first = checker.locator("main input[name^=score-]").first
    first.fill("1")
    press(checker, "保存复核分")
    told(checker, "改了分")
    checker.locator("main select[name^=verdict-]").first.select_option(index=1)
    checker.locator("main input[name^=note-]").first.fill("依据不足")
    expect(checker.locator("main input[name^=score-]").first).to_have_value("1")
    press(checker, "保存复核分")
    follow(checker, "退回重评")
    fill(checker, reason="依据不足，请补充")
    press(checker, "退回")
    told(checker, "已退回")


def test_a_director_goes_from_the_cockpit_to_a_single_case_in_three_steps(window, site):
    # Whichever form is still signed: another journey sends one back.
    row = site.ask(
        lambda: (
            EvaluationRow.objects.filter(evaluation__state="frozen", evaluation__project__year=YEAR, reading__code="matters.ended")
            .select_related("indicator", "evaluation__project")
            .order_by("-pk")
            .first()
        )
    )
    leader = window("demo.leader")
    leader.goto(f"/performance/cockpit/?year={YEAR}")
    leader.locator("main table tr").filter(has_text=row.evaluation.project.title).get_by_role("link", name=re.compile("分")).click()
    leader.locator("main tr").filter(has_text=row.indicator.title).locator("td[data-label='实际完成值'] a").click()
    told(leader, "都与冻结时一致")
    case = leader.locator("main table tbody tr").first.get_by_role("link")
    number = case.inner_text()
    case.click()
    expect(leader).to_have_url(re.compile(r"/manage/cases/\d+/$"))
    told(leader, number)
