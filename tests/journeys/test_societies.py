"""A society rates itself against its evidence, experts score it, and the score makes its stars; the certificate says so to anybody."""

from journeys.judging import judged, publicity_goes_by
from journeys.walking import attach, begin, cells, choose, fill, follow, kept, make, narrow_enough, onward, press, told
from playwright.sync_api import expect

from keheng.review.models import Entry

RATED = (("内部治理", "30", "27"), ("学术活动", "30", "28"), ("科普和服务", "20", "18"), ("会员和党建", "20", "17"))


def rate_oneself(page, name):
    """The form, whose points add up by themselves; the maxima make 100 together, and each row has its evidence."""
    page.goto("/matters/of/yl.star-society/")
    begin(page)
    fill(page, society=name, founded="2012-05-01", members="640", phone="19900006666")
    choose(page, inspected="yes")
    onward(page, 2)
    fill(page, field="测绘", report="全年举办学术会议六次，科普活动十二场，会员数量稳定增长。")
    for number, (item, most, points) in enumerate(RATED):
        typed = {"item": item, "most": most, "points": points}
        cells(page, **{f"selfrating__{number}__{column}": text for column, text in typed.items()})
    cells(page, selfrating__3__most="19")
    page.locator("#id_report").focus()
    expect(page.locator("[data-computed=full]")).to_have_text("99")
    case = kept(page)
    told(page, "各项满分合计应为 100")
    told(page, "材料序号")
    follow(page, "填写")
    follow(page, "自评")
    cells(page, selfrating__3__most="20")
    for number in range(len(RATED)):
        cells(page, **{f"selfrating__{number}__file": "1", f"selfrating__{number}__proof": f"第 {number + 1} 部分"})
    page.locator("#id_report").focus()
    expect(page.locator("[data-computed=own_score]")).to_have_text("90")
    kept(page)
    told(page, "里没有第 1 份文件")
    attach(page, "评估材料")
    expect(page.locator("#materials")).to_contain_text("第 1 份")
    return case


def test_a_society_is_graded_by_its_experts_and_not_by_itself(window, width, site):
    society = window("demo.unit.manager")
    case = rate_oneself(society, f"云岭演示测绘学会（{width}）")
    narrow_enough(society, width)
    follow(society, "提交")
    press(society, "确认")

    clerk, officer, leader = window("demo.window.clerk"), window("demo.case.officer"), window("demo.leader")
    clerk.goto(f"/manage/cases/{case}/")
    make(clerk, "材料齐全，转专家评分")
    number = judged(site, case, points="8.5", offset=10)
    officer.goto(f"/manage/cases/{case}/")
    told(officer, "85.00")
    expect(officer.locator("#review")).to_contain_text("自评得分")
    expect(officer.locator("#review")).to_contain_text("90")
    entry = site.ask(lambda: Entry.objects.get(round=number, reference=f"case:{case}").pk)
    officer.goto(f"/review/entries/{entry}/")
    expect(officer.locator("main tr").filter(has_text="内部治理").get_by_role("link", name="评估材料.pdf")).to_be_visible()
    narrow_enough(officer, width)
    officer.goto(f"/manage/cases/{case}/")
    narrow_enough(officer, width)
    make(officer, "结束评分")
    leader.goto(f"/manage/cases/{case}/")
    make(leader, "同意公示")
    society.goto(f"/matters/cases/{case}/")
    told(society, "您的申报已列入公示名单")
    publicity_goes_by(site, number)
    leader.reload()
    make(leader, "公示无异议，评定星级")

    society.reload()
    expect(society.locator("main .k-tag--ok").first).to_have_text("四星级学会")
    narrow_enough(society, width)
    follow(society, "核验页")
    anyone = window()
    anyone.goto(society.url)
    told(anyone, "现在有效")
    told(anyone, "四星级学会证书")
    told(anyone, f"云岭演示测绘学会（{width}）")
    narrow_enough(anyone, width)
