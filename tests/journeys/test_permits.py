"""A work permit from the guide to the certificate: in English by the employer, by video at the window, with an appointment on the way."""

import re

from django.utils.timezone import now
from journeys.walking import choose, fill, follow, press, told
from playwright.sync_api import expect

from keheng.matters.models import Case, Material
from keheng.matters.service import matter_of

FIRM, CLERK, OFFICER, LEADER = "demo.unit.manager", "demo.window.clerk", "demo.case.officer", "demo.leader"
STEPS = 5


def apply_in_english(page):
    """The guide, the form in its four parts, the class as the answers make it, and what lacks."""
    page.goto("/en/matters/of/yl.work-permit-new-inside/")
    expect(page.get_by_role("heading", level=1)).to_have_text("New work permit (applicant in China)")
    press(page, "Apply online")
    fill(page, phone="19900001234")
    choose(page, channel="视频连线")
    page.locator("main button[name=next]").click()
    fill(page, person="SAMPLE PERSON", passport="X7654321", nationality="Nowhere", born="1990-05-06")
    page.locator("main button[name=next]").click()
    choose(page, inside="人才签证入境")
    fill(page, stay_until="2099-01-01", post="Engineer", pay="360000", begins="2098-01-01", until="2098-12-31")
    page.locator("main button[name=next]").click()
    choose(page, grade="A类", degree="硕士或相当", programme="no", recognised="no", encouraged="no", founder="no", postdoc="no")
    answers_on_routes(page)
    fill(page, years="6", months="10")
    # The form goes once what was being saved is saved.
    with page.expect_navigation():
        page.locator("main form[data-autosave] button:not([name])").click()
    expect(page.locator("#claim")).to_contain_text("B")
    return re.search(r"/cases/(\d+)/", page.url)[1]


def answers_on_routes(page):
    """Only what may matter is asked: a degree from abroad once it is none from China, a teacher's papers of teachers alone."""
    expect(page.locator("main #id_master_top")).to_be_hidden()
    choose(page, master_china="no", teacher="yes")
    choose(page, master_top="no", mother_tongue="no")
    expect(page.locator("main #id_teaching_paper")).to_be_hidden()
    choose(page, teacher="no")
    expect(page.locator("main #id_mother_tongue")).to_be_hidden()


def hand_in(site, page, number):
    """Files are put beside the case; the upload itself has a journey of its own."""
    site.ask(lambda: add_files(number))
    page.goto(f"/en/matters/cases/{number}/")
    follow(page, "Submit")
    press(page, "Confirm")
    expect(page.locator("main .k-code").first).to_contain_text("BJ-")


def add_files(number):
    case, file = Case.objects.get(pk=number), Material.objects.values_list("file_id", flat=True)[0]
    for one in matter_of(case).materials:
        Material.objects.create(case=case, code=one.id, name="sample.pdf", file_id=file, by=case.applicant, at=now())


def book(page, number):
    """A time at the window for this case, moved once, and given back in the end."""
    page.goto(f"/en/matters/windows/yl.foreigners-window/?case={number}")
    page.locator("main form[action$='/book/'] button").last.click()
    expect(page.locator("main .k-code").first).to_contain_text("YY-")
    page.goto(f"{page.url}?move=1")
    page.locator("main form[action$='/move/'] button").first.click()
    expect(page.locator("main .k-code").first).to_contain_text("YY-")
    page.locator("main a[href$='/cancel/']").click()
    page.locator("main form button").click()
    page.wait_for_url("**/matters/turns/")


def accept_by_video(page, number):
    page.goto(f"/manage/cases/{number}/")
    expect(page.locator("#claim")).to_contain_text("与自报不一致")
    for done in range(STEPS):
        expect(page.locator("#checklist-video")).to_contain_text(f"{done} / {STEPS}")
        page.locator("#checklist-video form button").first.click()
    press(page, "受理（绿色通道）")
    told(page, "已办理")


def examine(page, number):
    page.goto(f"/manage/cases/{number}/")
    form = page.locator("main form[action$='/do/pass_as/']")
    form.locator("select").select_option("B类")
    form.locator("[name=opinion]").fill("学历和年限按B类")
    form.get_by_role("button").click()
    told(page, "已办理")


def grant(page, number):
    page.goto(f"/manage/cases/{number}/")
    form = page.locator("main form[action$='/do/grant/']")
    form.locator("[name=signed]").check()
    form.get_by_role("button").click()
    told(page, "已办理")


def test_a_permit_from_the_guide_to_the_certificate(site, window):
    firm = window(FIRM)
    number = apply_in_english(firm)
    hand_in(site, firm, number)
    book(firm, number)
    accept_by_video(window(CLERK), number)
    examine(window(OFFICER), number)
    grant(window(LEADER), number)
    firm.goto(f"/matters/cases/{number}/")
    expect(firm.locator("main")).to_contain_text("外国人工作许可")
    firm.locator("main a[href*='/verify/']").click()
    told(firm, "这份文书由本机关发出，现在有效。")
