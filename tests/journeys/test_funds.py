"""A project of the fund: the unit checks it, experts judge it twice, it is published, granted, contracted, paid and accepted."""

from journeys.judging import judged, publicity_goes_by
from journeys.walking import attach, begin, cells, choose, fill, follow, kept, make, narrow_enough, press, told


def apply(page, name):
    page.goto("/matters/of/yl.zhangjiang/")
    begin(page)
    fill(page, rd_share="2.5", contact="文举人", phone="19900007777")
    choose(page, unfinished="no")
    press(page, "保存，下一步")
    fill(
        page,
        name=name,
        begins="2030-01-01",
        ends="2031-12-31",
        summary="研究水下噪声的测量方法和校准装置，形成样机并现场比对。",
        goals="样机两台，误差不超过一分贝。",
    )
    choose(page, field="智能装备")
    cells(page, milestones__0__stage="样机", milestones__0__until="2031-06-30", milestones__0__product="样机两台")
    press(page, "保存，下一步")
    cells(page, budget__0__item="设备费", budget__0__total="800000", budget__0__asked="400000")
    return kept(page)


def hand_in(page):
    """The conditions are told with what is missing; then a file, the share as it is, and away."""
    told(page, "近一年研发投入占营业收入 3% 以上")
    attach(page, "项目可行性报告")
    follow(page, "填写")
    fill(page, rd_share="6.5")
    press(page, "保存，返回办件")
    follow(page, "提交单位审核")
    press(page, "确认")


def checked_by_the_unit(manager, case, title):
    manager.goto(f"/matters/cases/{case}/")
    follow(manager, title)
    manager.locator("input[name=signed]").check()
    press(manager, "确认")


def sign(member, manager, officer, leader):
    """The plan of payments is mended and the contract signed; its number."""
    follow(member, "填写")
    press(member, "保存，下一步")
    cells(member, schedule__0__amount="300000")
    contract = kept(member)
    attach(member, "盖章的任务书")
    follow(member, "提交单位审核")
    press(member, "确认")
    checked_by_the_unit(manager, contract, "审核同意")
    officer.goto(f"/manage/cases/{contract}/")
    make(officer, "审查通过")
    leader.goto(f"/manage/cases/{contract}/")
    make(leader, "签订")
    return contract


def be_paid(member, officer, leader, contract, name):
    """The first instalment is asked for, checked against the plan, and paid."""
    member.goto(f"/matters/cases/{contract}/")
    press(member, "张江专项拨款申请")
    fill(member, number="1", amount="300000", progress="设计报告已完成并通过内部评审。", phone="19900007777")
    payment = kept(member)
    attach(member, "阶段报告")
    follow(member, "提交")
    press(member, "确认")
    officer.goto(f"/manage/cases/{payment}/")
    make(officer, "核对相符")
    leader.goto(f"/manage/cases/{payment}/")
    make(leader, "同意拨款")
    officer.goto("/manage/cases/payments/")
    told(officer, name)


def be_accepted(site, member, manager, office, contract):
    """What was done is told, judged and accepted; ``office`` are the clerk, the officer and the leader."""
    clerk, officer, leader = office
    member.goto(f"/matters/cases/{contract}/")
    press(member, "张江专项项目验收")
    fill(member, results="完成样机两台，经第三方检测误差不超过一分贝，已在两处使用。", spent="298000.55", phone="19900007777")
    case = kept(member)
    attach(member, "验收报告")
    follow(member, "提交单位审核")
    press(member, "确认")
    checked_by_the_unit(manager, case, "审核同意")
    clerk.goto(f"/manage/cases/{case}/")
    make(clerk, "受理")
    judged(site, case)
    officer.goto(f"/manage/cases/{case}/")
    make(officer, "结束专家验收")
    leader.goto(f"/manage/cases/{case}/")
    make(leader, "同意通过验收")
    member.goto(f"/matters/cases/{case}/")
    told(member, "验收意见")
    told(member, "1,999.45")


def test_a_project_goes_from_its_application_to_its_acceptance(window, width, site):
    name = f"水下噪声测量方法研究（{width}）"
    member = window("demo.unit.member")
    case = apply(member, name)
    hand_in(member)
    told(member, "单位审核")

    manager = window("demo.unit.manager")
    checked_by_the_unit(manager, case, "审核同意并上报")
    told(manager, "形式审查")

    clerk, officer, leader = window("demo.window.clerk"), window("demo.case.officer"), window("demo.leader")
    clerk.goto(f"/manage/cases/{case}/")
    make(clerk, "形式审查合格")
    member.goto(f"/matters/cases/{case}/")
    told(member, "正在专家评审")
    officer.goto(f"/manage/cases/{case}/")
    told(officer, "还没有抽取专家")
    judged(site, case)
    officer.reload()
    make(officer, "结束网络评审")
    panel = judged(site, case)
    officer.reload()
    make(officer, "结束会议评审")
    make(officer, "提出资助金额", grant="300000")
    leader.goto(f"/manage/cases/{case}/")
    make(leader, "同意公示")

    anyone = window()
    anyone.goto(f"/reviews/{panel}/")
    told(anyone, name)
    member.reload()
    told(member, "您的申报已列入公示名单")
    publicity_goes_by(site, panel)
    leader.reload()
    make(leader, "公示无异议，立项")

    member.reload()
    press(member, "张江专项任务书签订")
    told(member, name)
    press(member, "保存，下一步")
    cells(member, schedule__0__stage="任务书签订", schedule__0__day="2030-02-01", schedule__0__amount="299999.99")
    fill(member, phone="19900007777")
    press(member, "保存，返回办件")
    told(member, "各期合计应等于立项金额")
    narrow_enough(member, width)
    contract = sign(member, manager, officer, leader)
    be_paid(member, officer, leader, contract, name)
    be_accepted(site, member, manager, (clerk, officer, leader), contract)
    narrow_enough(member, width)
