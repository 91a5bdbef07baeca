"""Texts of all cases are compared once with those of all years and matters; who may not read a case is told a number and a share."""

import re
from datetime import UTC, datetime
from io import BytesIO

import docx
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from people import actor_for, give_role, make_account, make_unit, signed_in
from review.test_passages import text

from keheng.kernel.models import AuditEntry
from keheng.kernel.uploads.receiving import store
from keheng.matters.models import Case, Edition, Material
from keheng.matters.queries.cases import loaded
from keheng.matters.queries.files import MATERIAL
from keheng.matters.queries.printing import application_pdf
from keheng.matters.rules.files.shelf import shelf
from keheng.review.actions import texts as keeping
from keheng.review.actions.texts import case_prints, forget_texts, keep_texts, sweep_texts
from keheng.review.models import CopyHit, KeptCase, KeptText
from keheng.review.queries.hits import hits_for, open_hit, standing_of_texts, words_now

pytestmark = pytest.mark.django_db
FUND, IT, LEAVE = "yl.zhangjiang", "yl.it-project", "yl.leave"


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    settings.PRINTS_FOLDER = tmp_path / "prints"
    settings.FILES_FOLDER = tmp_path / "files"


def handed_in(matter=FUND, year=2026, *, district="", parent=None, unit=None, **answers):
    """A case as it stands after it was handed in."""
    read = shelf()[matter][-1]
    facts = {"matter": matter, "version": read.matter.version, "text": read.text}
    edition, _ = Edition.objects.get_or_create(digest=read.digest, defaults=facts)
    moment = datetime(year, 5, 1, 4, tzinfo=UTC)
    number = f"BJ-{year}-{Case.objects.count() + 1:05}"
    return Case.objects.create(
        number=number, edition=edition, matter=matter, title=read.matter.title, subject=f"项目 {number}", applicant="9", state="formal",
        std="受理", version=1, entered_on=moment.date(), opened_at=moment, submitted_at=moment, answers=answers, district=district,
        parent=parent, unit=unit,
    )  # fmt: skip


def paper(case, words, code="proposal"):
    """A document with a text."""
    file, made = BytesIO(), docx.Document()
    made.add_paragraph(words)
    made.save(file)
    file.seek(0)
    return Material.objects.create(
        case=case, code=code, name="报告.docx", file=store().keep(file, MATERIAL.limits), by="9", at=case.opened_at
    )


def pairs():
    """What was found: numbers of both cases with their places, and the share in fifths of a hundred."""
    return [
        (hit.one.kept.case_id, hit.one.place, hit.other.kept.case_id, hit.other.place, hit.percent // 20 * 20)
        for hit in CopyHit.objects.order_by("-percent", "pk")
    ]


def officer(login="officer", role="case_officer", **given):
    return make_account(login, role, **given)


def test_a_text_is_found_in_another_matter_of_years_before():
    old = handed_in(IT, 2023, plan=text(1))
    other = handed_in(IT, 2024, plan=text(2))
    assert (keep_texts(), pairs()) == (2, [])
    new = handed_in(FUND, summary=text(3, 300) + text(1)[100:400], goals=text(4))
    assert keep_texts() == 1
    assert pairs() == [(new.pk, "summary", old.pk, "plan", 40)]
    assert case_prints().years() == [2023, 2024, 2026]
    assert (keep_texts(), KeptText.objects.filter(kept__case=other).count()) == (0, 1)


def test_words_of_documents_are_compared_with_answers():
    old = handed_in(IT, 2024, plan=text(1))
    new = handed_in(FUND)
    paper(new, f"前言。{text(1)}")
    paper(new, text(5), code="licence")
    keep_texts()
    assert [(one, other) for one, _, other, _, _ in pairs()] in ([(new.pk, old.pk)], [(old.pk, new.pk)])
    found = KeptText.objects.get(kept__case=new)
    assert (found.place, found.label, text(1) in words_now(found)) == ("proposal.1", "项目可行性报告", True)


def test_words_are_read_in_a_pdf_and_a_scan_has_none():
    said = "项目拟建立覆盖原料、加工、装配三个环节的在线检测流程，用对照样品逐批校准，记录温度、湿度和振动的影响，形成可以由中小企业直接使用的操作规程。"
    old, new = handed_in(IT, 2024, plan=said), handed_in(FUND)
    for content in (application_pdf(loaded(old)), b"%PDF-1.4 broken"):
        kept = store().keep(BytesIO(content), MATERIAL.limits)
        Material.objects.create(case=new, code="proposal", name="报告.pdf", file=kept, by="9", at=new.opened_at)
    keep_texts()
    assert [(one, place, other) for one, _, other, place, _ in pairs()] == [(old.pk, "proposal.1", new.pk)]
    assert [words_now(one) for one in KeptText.objects.filter(kept__case=new, place="proposal.2")] == [""]


def test_what_was_handed_back_and_changed_is_compared_anew():
    old, new = handed_in(IT, 2024, plan=text(1)), handed_in(FUND, summary=text(1), goals=text(4))
    keep_texts()
    assert [one[:3] for one in pairs()] in ([(new.pk, "summary", old.pk)], [(old.pk, "plan", new.pk)])
    kept = KeptText.objects.get(kept__case=new, place="goals").pk
    Case.objects.filter(pk=new.pk).update(answers={"summary": text(7), "goals": text(4)}, version=3)
    assert (keep_texts(), pairs(), keep_texts()) == (1, [], 0)
    assert KeptText.objects.get(kept__case=new, place="goals").pk == kept
    known = set(KeptText.objects.values_list("pk", flat=True))
    assert {*case_prints().of_year(2026).texts.tolist()} <= known


def test_a_contract_may_repeat_its_application_and_drafts_are_not_read():
    first = handed_in(FUND, 2025, summary=text(1))
    second = handed_in(FUND, 2025, parent=first, summary=text(2))
    handed_in(FUND, 2026, parent=second, summary=text(1))
    handed_in(LEAVE, 2026, reason=text(1))
    Case.objects.filter(pk=handed_in(FUND, summary=text(1)).pk).update(submitted_at=None)
    assert (keep_texts(), pairs()) == (3, [])


def test_few_words_say_the_same_by_chance():
    for year in (2024, 2025):
        handed_in(FUND, year, summary=text(1, 59))
    assert (keep_texts(), pairs()) == (2, [])
    for year in (2024, 2025):
        handed_in(FUND, year, summary=text(2, 60))
    keep_texts()
    assert len(pairs()) == 1


def test_a_run_that_broke_off_goes_on(monkeypatch):
    old, new = handed_in(IT, 2024, plan=text(1)), handed_in(FUND, summary=text(1))
    with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr(keeping, "alike", broken)
        keep_texts()
    assert (KeptText.objects.filter(compared_at=None).count(), KeptCase.objects.exclude(version=None).count(), pairs()) == (2, 0, [])
    assert keep_texts() == 2
    assert len(pairs()) == 1
    assert KeptText.objects.filter(compared_at=None).count() == 0
    assert {old.pk, new.pk} == {pairs()[0][0], pairs()[0][2]}


def broken(*_args, **_given):
    raise OSError("full")


def test_a_lost_file_is_made_anew():
    handed_in(IT, 2024, plan=text(1))
    keep_texts()
    (settings.PRINTS_FOLDER / "cases" / "2024.npy").unlink()
    new = handed_in(FUND, summary=text(1))
    assert keep_texts() == 2
    assert len(pairs()) == 1
    assert KeptText.objects.filter(kept__case=new).count() == 1


def test_what_is_disposed_of_leaves_the_index():
    old, new = handed_in(IT, 2024, plan=text(1)), handed_in(FUND, summary=text(1))
    keep_texts()
    assert forget_texts(case=old.pk) == 1
    assert forget_texts(case=old.pk) == 0
    assert (pairs(), len(case_prints().of_year(2024)), sweep_texts()) == ([], 0, 0)
    KeptCase.objects.filter(case=new).delete()
    assert sweep_texts() > 0
    assert (len(case_prints().of_year(2026)), sweep_texts()) == (0, 0)


def test_who_may_not_read_a_case_is_told_a_number_and_a_share():
    handed_in(IT, 2024, plan=text(1), district="YL02")
    new = handed_in(FUND, summary=text(1), district="YL01")
    keep_texts()
    (hit,) = CopyHit.objects.all()
    near = actor_for(officer("near", "district_officer", district="YL01"))
    next_to = actor_for(officer("next", "district_officer", district="YL02"))
    far = actor_for(officer("far", "district_officer", district="YL03"))
    whole = actor_for(officer())
    assert [hits_for(one).count() for one in (near, next_to, far, whole)] == [1, 1, 0, 1]
    assert [open_hit(one, hit.pk) for one in (near, next_to, far, whole)] == [None, None, None, hit]
    standing = standing_of_texts(new)
    assert (standing.compared, standing.hits, standing.most) == (True, 1, hit.percent)


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_pages_tell_what_somebody_may_read_and_that_they_read_it():
    firm = make_unit()
    old = handed_in(IT, 2024, plan=text(1), district="YL02", unit=firm)
    new = handed_in(FUND, summary=f"前言甲乙丙丁。{text(1)}", district="YL01", unit=firm)
    page = reverse("casework:case", args=[new.pk])
    whole, near = signed_in(officer()), signed_in(officer("near", "district_officer", district="YL01"))
    assert "正在排队比对" in shown(whole, page)
    keep_texts()
    (hit,) = CopyHit.objects.all()
    pair = reverse("review:hit", args=[hit.pk])
    assert f"与 1 处文本重合，最高 {hit.percent}%" in shown(near, page)
    assert old.number not in shown(near, page)
    assert f"/review/texts/?number={new.number}" in whole.get(page).content.decode()
    assert [client.get(pair).status_code for client in (whole, near)] == [200, 404]
    assert Client().get(pair).status_code == 302
    assert text(1)[:40] in whole.get(pair).content.decode().split("<mark>")[1]
    assert AuditEntry.objects.filter(body__contains="review.look.texts").count() == 4
    listed, less = shown(whole, reverse("review:hits")), shown(near, reverse("review:hits"))
    assert [word in listed for word in (old.number, old.subject, new.subject)] == [True] * 3
    assert [word in less for word in (old.number, old.subject, new.subject, "无权查看")] == [True, False, True, True]
    assert [old.number in shown(whole, f"{reverse('review:hits')}?{query}") for query in (f"number={new.number}", f"matter={LEAVE}")] == [
        True,
        False,
    ]
    assert [word in listed for word in ("同一单位", "无权查看")] == [True, False]


def test_a_case_without_likeness_says_so_and_applicants_see_nothing():
    firm = make_unit()
    manager = make_account("firm")
    give_role(manager, "unit_manager", firm)
    case = handed_in(FUND, summary=text(1), unit=firm)
    keep_texts()
    assert "没有发现雷同" in shown(signed_in(officer()), reverse("casework:case", args=[case.pk]))
    assert "雷同" not in shown(signed_in(manager), reverse("matters:case", args=[case.pk]))
