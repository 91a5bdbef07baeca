"""A school brings its entries in by a sheet, gets it back with its faults, brings it in mended; the district recommends, the city accepts."""

import re
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from journeys.judging import publicity_goes_by
from journeys.walking import fill, follow, make, press, told
from matters.contest_made_up import MATTER, contest, csv_of, entry
from people import make_account
from playwright.sync_api import expect
from python_calamine import load_workbook

from keheng.access.models import Account
from keheng.directory.models import Organisation
from keheng.kernel.trail.record import Actor
from keheng.matters.models import Case, CaseImport, Output
from keheng.matters.queries.letters import check_address
from keheng.matters.service import run_import
from keheng.review.enums import SeatState, rubric_from
from keheng.review.models import Objection, Seat
from keheng.review.service import submit_scores, withdraw_subject
from keheng.site.demo_rounds import demo_office, draw_judges, round_of


def teacher(site, login):
    """An account of a school in the district of the demo's district officer."""

    def make_it():
        district = Account.objects.get(login="demo.district.officer").grants.get().district
        school = Organisation.objects.filter(name__contains="演示第", kind="institution", district=district).first()
        make_account(login, "unit_member", unit=school)

    site.ask(make_it)


def bring(site, page, rows):
    """Hand a sheet in, wait as its page does, and see what became of it."""
    page.locator("main input[type=file]").set_input_files({"name": "作品.csv", "mimeType": "text/csv", "buffer": csv_of(rows)})
    press(page, "检查并导入")
    told(page, "排队中")
    number = int(re.search(r"/sheets/(\d+)/", page.url)[1])
    site.ask(lambda: run_import(number))
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("没有导入|已完成"), timeout=10_000)
    return site.ask(lambda: CaseImport.objects.get(pk=number))


def marked(page):
    """What the sheet that came back says in its last page."""
    with page.expect_download() as taken:
        page.locator("main").get_by_role("link", name="取回标出问题的表格").click()
    book = load_workbook(taken.value.path())
    return "\n".join(str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row)


def narrow_enough(page, width):
    """And no student is told."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    assert "演示学生" not in page.locator("main").inner_text()


def test_entries_go_from_a_sheet_to_the_judges_of_the_city(window, width, site):
    login = f"teacher{width}"
    teacher(site, login)
    school = window(login)
    school.goto("/manage/cases/import/")
    narrow_enough(school, width)
    follow(school, "导入")
    narrow_enough(school, width)
    rows = [entry(width * 10 + number, work=f"会记录雨量的花盆 {width}-{number}") for number in range(3)]
    faulty = [rows[0], {**rows[1], "done_on": "2020-01-01"}, {**rows[2], "a_number": rows[0]["a_number"]}]
    row = bring(site, school, faulty)
    assert (row.state, row.made, row.faulty) == ("refused", 0, 2)
    told(school, "一行也没有导入")
    narrow_enough(school, width)
    said = marked(school)
    assert [text in said for text in ("应在申报当年 7 月 1 日以前两年内完成", "第一作者身份证号")] == [True, True]

    follow(school, "再传一个")
    row = bring(site, school, rows)
    assert (row.state, row.made, row.faulty) == ("done", 3, 0)
    narrow_enough(school, width)
    follow(school, "我的办件")
    told(school, "青少年科技创新大赛")
    case = site.ask(lambda: Case.objects.filter(matter=MATTER).latest("pk").pk)

    district, clerk = window("demo.district.officer"), window("demo.window.clerk")
    district.goto(f"/manage/cases/{case}/")
    narrow_enough(district, width)
    make(district, "推荐到市级")
    clerk.goto(f"/manage/cases/{case}/")
    narrow_enough(clerk, width)
    make(clerk, "审查合格，转专家评审")
    school.goto(f"/matters/cases/{case}/")
    told(school, "正在专家评审")
    assert school.evaluate("document.documentElement.scrollWidth") <= width


def recommended(window, case, width):
    """The district recommends an entry, the city accepts it."""
    district, clerk = window("demo.district.officer"), window("demo.window.clerk")
    district.goto(f"/manage/cases/{case}/")
    narrow_enough(district, width)
    make(district, "推荐到市级")
    clerk.goto(f"/manage/cases/{case}/")
    narrow_enough(clerk, width)
    make(clerk, "审查合格，转专家评审")


def read_by_judges(site, cases):
    """Judges are drawn and read the entries, the first best: 95, 85 and 75 points; the number of the round."""

    def read_them():
        officer, row = demo_office().officer, round_of(Case.objects.get(pk=cases[0]))
        own, places = {f"case:{case}" for case in cases}, {row.kind: contest().review["experts"].places}
        # What other journeys sent to the same round goes back.
        for reference in set(row.entries.values_list("reference", flat=True)) - own:
            withdraw_subject(actor=officer, reference=reference, places=places)
        draw_judges(officer, row, offset=30)
        criteria = rubric_from(row.rubric).criteria
        points = {f"case:{case}": Decimal(f"{9.5 - place}") for place, case in enumerate(cases)}
        for seat in Seat.objects.filter(entry__round=row, state=SeatState.OPEN).select_related("panelist", "entry"):
            given = {one.code: points[seat.entry.reference] for one in criteria}
            submit_scores(actor=Actor(seat.panelist.account), seat=seat.pk, points=given, comment="依据充分，数据可以核对。")
        return row.pk

    return site.ask(read_them)


def objected_and_answered(window, site, number, width):
    """A citizen objects to the first of the public list, and the leader answers that it does not hold."""
    citizen, leader = window(), window("demo.leader")
    citizen.goto(f"/reviews/{number}/")
    narrow_enough(citizen, width)
    expect(citizen.locator("main tbody tr")).to_have_count(2)
    citizen.get_by_role("link", name="提出异议", exact=True).first.click()
    fill(citizen, name="孙来信", phone="19900005678", body=f"与往年作品相似（{width}）")
    press(citizen, "提交异议")
    told(citizen, "异议已提交")
    one = site.ask(lambda: Objection.objects.order_by("-pk").first())
    leader.goto(f"/review/{number}/")
    narrow_enough(leader, width)
    follow(leader, one.number)
    leader.get_by_label("不成立").check()
    fill(leader, answer="经核对，两件作品的方法和数据不同")
    press(leader, "提交处理结论")
    told(leader, "异议已处理")


def awarded(window, site, cases, number, width):
    """Once the days of objections are over the leader awards, and the round is closed."""
    leader = window("demo.leader")
    leader.goto(f"/manage/cases/{cases[0]}/")
    told(leader, "公示无异议，评奖：")
    expect(leader.locator("main").get_by_role("button", name="公示无异议，评奖")).to_have_count(0)
    publicity_goes_by(site, number)
    for case in cases[:2]:
        leader.goto(f"/manage/cases/{case}/")
        make(leader, "公示无异议，评奖")
        narrow_enough(leader, width)
    leader.goto(f"/review/{number}/")
    follow(leader, "结束评审")
    press(leader, "结束评审")
    told(leader, "结束评审：已完成")


def checked_by_anybody(window, site, case, width):
    """Anybody finds the award in the public list and checks the certificate; its QR code leads to the very same page."""
    anybody = window()
    anybody.goto("/matters/of/yl.youth-contest/")
    follow(anybody, "公布的名单")
    narrow_enough(anybody, width)
    output = site.ask(lambda: Output.objects.get(case=case))
    follow(anybody, output.number)
    told(anybody, "这份文书由本机关发出，现在有效。")
    told(anybody, "一等奖证书")
    narrow_enough(anybody, width)
    expect(anybody.locator("main svg").last).to_be_visible()
    assert urlsplit(anybody.url).path == urlsplit(check_address(output, site.address)).path
    with anybody.expect_download() as taken:
        anybody.evaluate(f"""() => {{ const link = document.createElement("a"); link.href = "{anybody.url}document.pdf"; link.download = "";
            document.body.append(link); link.click(); }}""")
    assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")


def test_entries_are_ranked_published_awarded_and_their_certificates_checked(window, width, site):
    login = f"prize{width}"
    teacher(site, login)
    school = window(login)
    school.goto("/manage/cases/import/")
    follow(school, "导入")
    works = [f"会记录风向的花盆 {width}-{number}" for number in range(3)]
    bring(site, school, [entry(width * 10 + 500 + number, work=work) for number, work in enumerate(works)])
    cases = site.ask(lambda: [Case.objects.get(matter=MATTER, subject=work).pk for work in works])
    for case in cases:
        recommended(window, case, width)
    number = read_by_judges(site, cases)

    officer, leader = window("demo.case.officer"), window("demo.leader")
    officer.goto(f"/review/{number}/")
    follow(officer, "合成结果")
    press(officer, "合成结果")
    told(officer, "合成结果：已完成")
    narrow_enough(officer, width)
    # Three entries, places for 60 % of them: two.
    expect(officer.locator("main").get_by_text("拟获奖", exact=True)).to_have_count(2)
    for case in cases:
        officer.goto(f"/manage/cases/{case}/")
        make(officer, "结束评审")
    told(officer, "评审未获奖")
    for case in cases[:2]:
        leader.goto(f"/manage/cases/{case}/")
        make(leader, "同意公示")

    objected_and_answered(window, site, number, width)
    awarded(window, site, cases, number, width)
    ends = site.ask(lambda: list(Case.objects.filter(pk__in=cases).order_by("pk").values_list("state", flat=True)))
    assert ends == ["first", "second", "unlisted"]
    school.goto(f"/matters/cases/{cases[0]}/")
    told(school, "一等奖证书")
    checked_by_anybody(window, site, cases[0], width)
