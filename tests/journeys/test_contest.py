"""A school brings its entries in by a sheet, gets it back with its faults, brings it in mended; the district recommends, the city accepts."""

import re

from journeys.walking import follow, make, press, told
from matters.contest_made_up import MATTER, csv_of, entry
from people import make_account
from playwright.sync_api import expect
from python_calamine import load_workbook

from keheng.access.models import Account
from keheng.directory.models import Organisation
from keheng.matters.models import Case, CaseImport
from keheng.matters.service import run_import


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
