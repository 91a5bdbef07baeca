"""Letters as documents: what the PDF of a grant, a refusal, a correction notice says, to whom, and what its QR code holds."""

import time

import pypdfium2
import pytest
from django.test import Client
from matters.test_cases import do
from matters.test_checklists import submitted
from matters.test_pages import client_of

from keheng.kernel.desk.models import Message
from keheng.matters.models import Case, Output
from keheng.matters.queries import letters
from keheng.matters.queries.letters import check_address, letter_pdf
from keheng.matters.service import lapse_due, note_correction

pytestmark = pytest.mark.django_db
MATTER = "yl.recommendation-letter"
REASON = "申请人不符合高层次人才的认定条件。"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_FOLDER = tmp_path


def said(made):
    """The text of a PDF without its blanks and line ends."""
    pages = pypdfium2.PdfDocument(made)
    return "".join("".join(page.get_textpage().get_text_range() for page in pages).split())


def accepted(people, on):
    on("2026-09-28")
    case = submitted(people["firm"], MATTER)
    return do(people["clerk"], case, "accept")


def refused(people, on):
    case = do(people["officer"], accepted(people, on), "fail", opinion="内部意见，不对外")
    return do(people["leader"], case, "refuse", opinion=REASON, signed=True)


def test_a_certificate_says_what_it_is_and_its_public_copy_no_opinion(people, on):
    case = do(people["officer"], accepted(people, on), "pass", opinion="内部意见")
    case = do(people["leader"], case, "grant", opinion="同意推荐。", signed=True)
    output = Output.objects.get(case=case)
    client, answer = client_of("firm"), Client().get(f"/verify/{output.token}/document.pdf")
    assert answer["Content-Type"] == "application/pdf"
    public, whole = said(answer.content), said(client.get(f"/matters/cases/{case.pk}/outputs/{output.pk}.pdf").content)
    wanted = [
        output.title, output.number, case.unit.name, case.number, "有效期至2027年3月28日", "外籍高层次人才认定", "（待核）", "云岭市科学技术委员会",
        "2026年9月28日",
    ]  # fmt: skip
    assert [one for one in wanted if "".join(one.split()) not in public] == []
    assert ("同意推荐" in public, "同意推荐" in whole, "内部意见" in whole) == (False, True, False)
    office = client_of("leader").get(f"/manage/cases/{case.pk}/outputs/{output.pk}.pdf")
    assert said(office.content) == whole
    assert f"/matters/cases/{case.pk}/outputs/{output.pk}.pdf" in client.get(f"/matters/cases/{case.pk}/").content.decode()
    assert f"/manage/cases/{case.pk}/outputs/{output.pk}.pdf" in client_of("leader").get(f"/manage/cases/{case.pk}/").content.decode()
    assert f"/verify/{output.token}/document.pdf" in Client().get(f"/verify/{output.token}/").content.decode()


def test_a_refusal_says_why_and_how_to_object(people, on):
    case = refused(people, on)
    output = Output.objects.get(case=case, code="refusal")
    text = said(Client().get(f"/verify/{output.token}/document.pdf").content)
    wanted = ["不予决定书", "理由", REASON, "决定不予许可", "60日内申请行政复议", "6个月内向人民法院提起行政诉讼", "云岭市科学技术委员会"]
    assert [one for one in wanted if one not in text] == []
    assert "内部意见" not in text
    assert "文书《不予决定书》已发出" in Message.objects.filter(account=people["firm"].account).latest("pk").body


def test_a_correction_notice_lists_everything_and_the_last_day(people, on):
    on("2026-09-28")
    case = submitted(people["firm"], MATTER)
    for target, words in (("proof", "证明缺少盖章页"), ("reasons", "推荐理由请写明业绩")):
        note_correction(actor=people["clerk"], case=case.pk, target=target, text=words)
    case = do(people["clerk"], case, "ask_more")
    assert case.lapse_on.isoformat() == "2026-10-23"
    text = said(letter_pdf(Output.objects.get(case=case, code="more"), whole=True))
    wanted = ["补正通知", "专业成就的证明：证明缺少盖章页", "推荐理由：推荐理由请写明业绩", "最后一天是2026年10月23日", "逾期未补正"]
    assert [one for one in wanted if one not in text] == []


def test_a_letter_is_had_by_its_token_and_by_the_two_sides_alone(people, on):
    case = refused(people, on)
    output = Output.objects.get(case=case)
    own, office = f"/matters/cases/{case.pk}/outputs/{output.pk}.pdf", f"/manage/cases/{case.pk}/outputs/{output.pk}.pdf"
    assert Client().get("/verify/nothing/document.pdf").status_code == 404
    assert [client_of("person").get(address).status_code for address in (own, office)] == [404, 404]
    assert client_of("firm").get(f"/matters/cases/{case.pk}/outputs/{output.pk + 1}.pdf").status_code == 404


def test_a_revoked_one_says_so(people, on):
    output = Output.objects.get(case=refused(people, on))
    output.revoked_at, output.reason = output.issued_at, "决定有误"
    text = said(letter_pdf(output, whole=False))
    assert "不再有效。理由：决定有误" in text


def test_the_qr_code_leads_to_the_check(people, on, settings, monkeypatch):
    output = Output.objects.get(case=refused(people, on))
    assert check_address(output, "https://asked.example") == f"https://asked.example/verify/{output.token}/"
    settings.SITE_ADDRESS = "https://keheng.example"
    drawn = []
    real = letters._qr
    monkeypatch.setattr(letters, "_qr", lambda text: (drawn.append(text), real(text))[1])
    letter_pdf(output, whole=False, site="https://asked.example")
    assert drawn == [f"https://keheng.example/verify/{output.token}/"]


def test_a_letter_is_set_quickly_and_always_alike(people, on):
    output = Output.objects.get(case=refused(people, on))
    first = letter_pdf(output, whole=True)
    began = time.perf_counter()
    assert letter_pdf(output, whole=True) == first
    assert time.perf_counter() - began < 0.5


def test_a_hearing_before_a_refusal_stops_the_clock_and_writes_its_letters(people, on):
    case = do(people["officer"], accepted(people, on), "fail", opinion="不符合条件")
    case = do(people["leader"], case, "offer_hearing", opinion="拟不予推荐。")
    assert (case.state, case.due_on) == ("hearing_right", None)
    assert "要求听证" in said(letter_pdf(Output.objects.get(case=case, code="hearing_right"), whole=False))
    case = do(people["firm"], case, "ask_hearing")
    asked = {"hearing_on": "2026-10-12", "hearing_place": "二楼会议室", "hearing_host": "演示主持人"}
    case = do(people["officer"], case, "call_hearing", typed=asked)
    notice = said(letter_pdf(Output.objects.get(case=case, code="hearing_notice"), whole=True))
    assert [one for one in ("听证通知书", "2026-10-12", "二楼会议室", "演示主持人") if one not in notice] == []
    on("2026-10-12")
    case = do(people["officer"], case, "held", typed={"hearing_record": "双方陈述和质证完毕，参加人确认。"}, signed=True)
    assert (case.state, case.due_on.isoformat()) == ("decision", "2026-10-26")
    case = do(people["leader"], case, "refuse", opinion="听证后维持。", signed=True)
    assert (case.end, Case.objects.get(pk=case.pk).answers["hearing_place"]) == ("refused", "二楼会议室")


def test_who_does_not_ask_in_time_has_no_hearing(people, on):
    case = do(people["officer"], accepted(people, on), "fail", opinion="不符合条件")
    case = do(people["leader"], case, "offer_hearing", opinion="拟不予推荐。")
    on(case.lapse_on.isoformat())
    assert lapse_due() == 0
    on("2026-10-12")
    assert (lapse_due(), Case.objects.get(pk=case.pk).state) == (1, "decision")
