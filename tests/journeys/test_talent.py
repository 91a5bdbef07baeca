"""Talents, professional titles and expert workstations: from the empty form through judges and publicity to a certificate anyone checks."""

from datetime import timedelta

from django.utils.timezone import localdate
from journeys.judging import judged, publicity_goes_by
from journeys.walking import attach, begin, cells, choose, fill, follow, kept, make, narrow_enough, onward, press, told
from playwright.sync_api import expect

CLERK, OFFICER, LEADER = "demo.window.clerk", "demo.case.officer", "demo.leader"
EVIDENCE = (("创新能力", "30", "26", "1", "论文三篇"), ("业绩贡献", "40", "33", "1", "获奖证书"), ("发展潜力", "30", "25", "1", "在研课题"))


def begin_with(page, matter):
    page.goto(f"/matters/of/{matter}/")
    begin(page)


def rows(page, table, places, evidence):
    """A table typed row by row; there is room for every row that is asked for."""
    for number, row in enumerate(evidence):
        cells(page, **{f"{table}__{number}__{place}": text for place, text in zip(places, row, strict=True)})


def hand_in(page, title="提交"):
    follow(page, title)
    press(page, "确认")
    told(page, "已提交")


def nominated(window, width, member, case, then):
    """The other person of the unit nominates; whoever applied sees where the case is now."""
    told(member, "单位推荐")
    manager = window("demo.unit.manager")
    manager.goto(f"/matters/cases/{case}/")
    narrow_enough(manager, width)
    follow(manager, "同意推荐")
    manager.locator("input[name=signed]").check()
    press(manager, "确认")
    member.reload()
    told(member, then)


def office(window, width, case, login):
    """Somebody of the office before the case."""
    page = window(login)
    page.goto(f"/manage/cases/{case}/")
    narrow_enough(page, width)
    return page


def published(window, width, site, case, officer, offset):
    """Judged, ended by the officer with the result that the system fills in, and published by somebody else; the round's number."""
    officer.reload()
    told(officer, "还没有抽取专家")
    number = judged(site, case, offset=offset)
    officer.reload()
    told(officer, "85.00")
    make(officer, "结束评审")
    leader = office(window, width, case, LEADER)
    make(leader, "同意公示")
    return number, leader


def listed(window, width, number, title):
    """Whoever looks for it finds the list from the service hall."""
    anyone = window()
    anyone.goto("/services/")
    anyone.locator("main a[href='/reviews/']").first.click()
    anyone.locator(f"main a[href='/reviews/{number}/']").click()
    expect(anyone.locator("main table")).to_contain_text(title)
    narrow_enough(anyone, width)


def checked(applicant, window, width, name, *said):
    """The applicant has the certificate; anybody who follows its code sees that it holds, and for whom."""
    applicant.reload()
    narrow_enough(applicant, width)
    told(applicant, name)
    follow(applicant, "核验页")
    anyone = window()
    anyone.goto(applicant.url)
    told(anyone, "这份文书由本机关发出，现在有效。")
    for text in (name, *said):
        told(anyone, text)
    narrow_enough(anyone, width)


def test_a_talent_is_nominated_ranked_published_and_selected(window, width, site):
    topic = f"种质资源低温保存 {width}"
    member = window("demo.unit.member")
    begin_with(member, "yl.talent")
    fill(member, person="文举才", age="41", years="6", phone="19900003333")
    onward(member, 2)
    fill(member, topic=topic, works="建立低温保存流程，保存材料复苏率提高，流程已在两个种质库使用。")
    choose(member, category="基础研究")
    rows(member, "indicators", ("item", "most", "points", "file", "proof"), EVIDENCE)
    cells(member, indicators__0__points="31")
    member.locator("#id_works").focus()
    told(member, "自评分不能高于满分")
    cells(member, indicators__0__points="26")
    member.locator("#id_works").focus()
    expect(member.locator("[data-computed=own_score]")).to_have_text("84")
    narrow_enough(member, width)
    case = kept(member)
    told(member, "申报当年不超过 40 周岁")
    attach(member, "佐证材料")
    attach(member, "所在单位意见")
    follow(member, "填写")
    fill(member, age="36")
    kept(member)
    narrow_enough(member, width)
    hand_in(member, "提交单位推荐")
    nominated(window, width, member, case, "资格审查")

    clerk = office(window, width, case, CLERK)
    told(clerk, "在研课题")
    make(clerk, "资格审查合格")
    member.reload()
    told(member, "正在专家评审")
    officer = office(window, width, case, OFFICER)
    number, leader = published(window, width, site, case, officer, 20)
    told(officer, "自评得分")
    officer.goto(f"/review/{number}/")
    told(officer, topic)
    narrow_enough(officer, width)
    listed(window, width, number, topic)
    member.reload()
    told(member, "您的申报已列入公示名单")
    publicity_goes_by(site, number)
    leader.reload()
    make(leader, "公示无异议，入选")
    checked(member, window, width, "科技英才入选证书", "文举才", "基础研究")


def test_an_engineer_gets_the_title_applied_for(window, width, site):
    citizen = window("demo.citizen")
    begin_with(citizen, "yl.title")
    fill(citizen, person="文工程", employer="云岭演示研究所", phone="19900004444")
    onward(citizen, 2)
    fill(citizen, specialty=f"测控技术 {width}", years="6", hours="90", work="主持三项检测设备研制，形成企业标准两项，设备已在产线使用。")
    choose(citizen, level="副高级", degree="硕士")
    case = kept(citizen)
    told(citizen, "学历和从事专业工作年限符合申报级别")
    follow(citizen, "填写")
    follow(citizen, "申报")
    fill(citizen, years="7")
    kept(citizen)
    attach(citizen, "学历证书")
    attach(citizen, "代表性成果")
    narrow_enough(citizen, width)
    hand_in(citizen)

    make(office(window, width, case, CLERK), "受理")
    officer = office(window, width, case, OFFICER)
    # Who judged in the last two rounds rests: each width calls others.
    number, leader = published(window, width, site, case, officer, 30 if width > 1000 else 40)
    listed(window, width, number, f"测控技术 {width}")
    publicity_goes_by(site, number)
    leader.reload()
    make(leader, "公示无异议，发证")
    checked(citizen, window, width, "职称证书", "文工程", f"测控技术 {width}", "副高级")


def test_a_workstation_is_visited_judged_and_recognised(window, width, site):
    topic = f"海藻固碳 {width}"
    manager = window("demo.unit.manager")
    begin_with(manager, "yl.workstation")
    fill(manager, staff="12", phone="19900005555")
    onward(manager, 2)
    fill(manager, topic=topic, days_on_site="9", plan="合作开展海藻固碳监测方法研究，三年内形成方法标准一项。")
    soon, later = (f"{localdate() + timedelta(days=days)}" for days in (200, 1000))
    rows(manager, "experts_list", ("expert", "post", "until"), [("文院士", "院士", soon)])
    manager.locator("#id_plan").focus()
    told(manager, "协议应至少还有一年")
    cells(manager, experts_list__0__until=later)
    case = kept(manager)
    told(manager, "每年安排专家到站不少于 10 天")
    follow(manager, "填写")
    follow(manager, "建站方案")
    fill(manager, days_on_site="12")
    kept(manager)
    attach(manager, "建站协议")
    narrow_enough(manager, width)
    hand_in(manager)

    make(office(window, width, case, CLERK), "受理")
    officer = office(window, width, case, OFFICER)
    visit = officer.locator("main form").filter(has=officer.get_by_role("button", name="考察合格", exact=True))
    visit.locator("#id_visited_on").fill(f"{localdate() + timedelta(days=1)}")
    visit.locator("textarea[name=opinion], input[name=opinion]").fill("场地和人员属实，实验室已启用。")
    press(officer, "考察合格")
    told(officer, "不能晚于今天")
    expect(officer.locator("#id_opinion_visited")).to_have_value("场地和人员属实，实验室已启用。")
    make(officer, "考察合格", visited_on=f"{localdate()}")
    number, leader = published(window, width, site, case, officer, 50)
    told(leader, "场地和人员属实，实验室已启用。")
    listed(window, width, number, topic)
    publicity_goes_by(site, number)
    leader.reload()
    make(leader, "公示无异议，认定")
    checked(manager, window, width, "院士专家工作站认定书", topic, "有效期至")


def test_a_talent_for_a_plan_above_is_nominated_reported_and_selected(window, width):
    member = window("demo.unit.member")
    begin_with(member, "yl.talent-intake")
    fill(member, person="文领军", age="44", phone="19900005555")
    choose(member, plan="省级领军人才", other="no")
    onward(member, 2)
    rows(member, "works", ("what", "year", "role"), (("低温保存流程", "2025", "主持"),))
    fill(member, aim="支持期内建立两条保存流程并形成标准，培养三名青年骨干。")
    case = kept(member)
    attach(member, "成果证明")
    hand_in(member, "提交单位推荐")
    nominated(window, width, member, case, "受理审核")

    clerk = office(window, width, case, CLERK)
    make(clerk, "受理")
    leader = office(window, width, case, LEADER)
    make(leader, "同意上报")
    member.reload()
    told(member, "上级评审")
    officer = office(window, width, case, OFFICER)
    make(officer, "登记入选", document="演〔2026〕1 号")
    member.reload()
    told(member, "已入选")
    narrow_enough(member, width)
