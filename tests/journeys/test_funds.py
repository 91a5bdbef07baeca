"""A project applies to the fund: the unit checks it, experts judge it twice, it is published, granted, and gets its contract."""

from journeys.judging import judged, publicity_goes_by
from journeys.walking import attach, cells, choose, fill, follow, kept, make, narrow_enough, press, told


def apply(page, name):
    page.goto("/matters/of/yl.zhangjiang/")
    press(page, "在线申请")
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


def test_a_project_goes_from_its_application_to_its_contract(window, width, site):
    name = f"水下噪声测量方法研究（{width}）"
    member = window("demo.unit.member")
    case = apply(member, name)
    hand_in(member)
    told(member, "单位审核")

    manager = window("demo.unit.manager")
    manager.goto(f"/matters/cases/{case}/")
    follow(manager, "审核同意并上报")
    manager.locator("input[name=signed]").check()
    press(manager, "确认")
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
