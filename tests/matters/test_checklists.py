"""A checklist by video: every step ticked before the case is accepted, on record, and printed."""

import io
from datetime import date

import pdfplumber
import pytest
from people import signed_in

from keheng.access.models import Account
from keheng.kernel.errors import Refused
from keheng.kernel.uploads.receiving import store
from keheng.matters.models import Case, Material
from keheng.matters.queries.cases import loaded, matter_of
from keheng.matters.queries.files import MATERIAL
from keheng.matters.queries.printing import application_pdf
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.service import MoveWish, move_case, note_correction, open_case, save_answers, tick_step

STEPS = ["identity", "passport", "unit", "originals", "consent"]


@pytest.fixture
def case(people, on, settings, tmp_path):
    on("2026-09-28")
    settings.FILES_FOLDER = tmp_path
    return submitted(people["firm"], "yl.work-permit-new-abroad", channel="视频连线", abroad="yes")


def submitted(firm, matter, **told):
    made = open_case(actor=firm, matter=matter)
    sample = in_force(matter, made.entered_on).matter.sample
    save_answers(actor=firm, case=made.pk, typed={**sample, **told}, seen={})
    for one in matter_of(made).materials:
        Material.objects.create(case=made, code=one.id, name="a.pdf", file_id=stored(one.id), by=firm.account, at=made.opened_at)
    return move_case(actor=firm, case=made.pk, wish=MoveWish("submit", 0))


def stored(name):
    return store().keep(io.BytesIO(f"%PDF-1.4 {name}\n%%EOF".encode()), MATERIAL.limits).digest


def refusal(act):
    with pytest.raises(Refused) as caught:
        act()
    return [one.code for one in caught.value.problems]


def accept(actor, case):
    return move_case(actor=actor, case=case.pk, wish=MoveWish("accept", case.version))


def tick(actor, case, step, **other):
    return tick_step(actor=actor, case=case.pk, checklist="video", step=step, **other)


def test_all_steps_are_ticked_before_the_case_is_accepted(people, case):
    clerk = people["clerk"]
    for step in STEPS[:-1]:
        tick(clerk, case, step)
    assert refusal(lambda: accept(clerk, case)) == ["MATTER_GUARD"]
    tick(clerk, case, "consent", remark="中文，清楚")
    assert accept(clerk, case).state == "accepted"
    assert [(row.step, row.remark, row.by) for row in case.ticks.order_by("pk")][-1] == ("consent", "中文，清楚", clerk.account)


def test_a_step_is_ticked_once_by_whoever_accepts(people, case):
    tick(people["clerk"], case, "identity")
    assert refusal(lambda: tick(people["clerk"], case, "identity")) == ["MATTER_TICKED"]
    assert refusal(lambda: tick(people["leader"], case, "unit", remark="长" * 301)) == ["MATTER_MOVE_WHO", "MATTER_TICK_LONG"]
    assert refusal(lambda: tick(people["person"], case, "unit")) == ["MATTER_CASE_GONE"]
    assert refusal(lambda: tick(people["clerk"], case, "other")) == ["MATTER_TICK_NONE"]


def test_online_there_is_nothing_to_tick(people, on, settings, tmp_path):
    on("2026-09-28")
    settings.FILES_FOLDER = tmp_path
    online = submitted(people["firm"], "yl.work-permit-new-abroad", abroad="yes")
    assert refusal(lambda: tick(people["clerk"], online, "identity")) == ["MATTER_TICK_NONE"]
    assert accept(people["clerk"], online).state == "accepted"


def test_the_office_sees_steps_and_the_claim_and_ticks_on_the_page(people, case):
    browser = signed_in(Account.objects.get(login="clerk"))
    answer = browser.post(f"/manage/cases/{case.pk}/checklists/video/identity/", {"remark": "本人"}, follow=True)
    page = answer.content.decode()
    assert ("1 / 5" in page, "本人" in page, "与自报一致" in page) == (True, True, True)


def test_ticks_are_printed_with_the_application(people, case):
    tick(people["clerk"], case, "identity", remark="面容一致")
    made = application_pdf(loaded(Case.objects.get(pk=case.pk)))
    with pdfplumber.open(io.BytesIO(made)) as pages:
        text = "".join(page.extract_text() for page in pages.pages)
    assert ("视频连线受理" in text, "面容一致" in text, "2026-09-28" in text) == (True, True, True)


def test_a_claim_that_differs_must_be_settled_by_the_examiner(people, on, settings, tmp_path):
    on("2026-09-28")
    settings.FILES_FOLDER = tmp_path
    case = submitted(people["firm"], "yl.work-permit-new-inside", grade="A类", inside="人才签证入境", stay_until="2026-12-01")
    case = move_case(actor=people["clerk"], case=case.pk, wish=MoveWish("accept_green", case.version))
    officer = people["officer"]
    assert refusal(lambda: move_case(actor=officer, case=case.pk, wish=MoveWish("pass", case.version))) == ["MATTER_GUARD"]
    wish = MoveWish("pass_as", case.version, {"grade_found": "B类"}, "学历和年限按B类")
    assert move_case(actor=officer, case=case.pk, wish=wish).state == "green_decision"


def test_who_applied_in_time_is_not_late_because_of_a_correction(people, on, settings, tmp_path):
    """The end of the permit was 30 days or more away on the day of the application, not on that of the correction."""
    on("2026-09-28")
    settings.FILES_FOLDER = tmp_path
    told = {**in_force("yl.work-permit-extension", date(2026, 9, 28)).matter.tests[0].give, "expires": "2026-10-28"}
    case = submitted(people["firm"], "yl.work-permit-extension", **told)
    note_correction(actor=people["clerk"], case=case.pk, target="contract", text="请补签章")
    case = move_case(actor=people["clerk"], case=case.pk, wish=MoveWish("ask_more", case.version))
    on("2026-10-12")
    assert move_case(actor=people["firm"], case=case.pk, wish=MoveWish("resend", case.version)).state == "precheck"
