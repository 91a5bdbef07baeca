"""What a file says of its review reaches the judges: evidence beside each line, what the list is called, the fee, pictures laid bare."""

import re
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.timezone import now
from matters.contest_made_up import entry as work
from people import make_account, signed_in
from PIL import Image
from review import rounds_made_up as made
from review.office import cast_of

from keheng.kernel.errors import attempt
from keheng.kernel.trail.record import Actor
from keheng.kernel.uploads.receiving import store
from keheng.matters.models import Case, Material
from keheng.matters.queries.files import MATERIAL
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.service import look_at, remove_material
from keheng.review.models import Evidence, Fee, Panelist, Round, Seat
from keheng.review.service import close_round, combine_round
from keheng.site.demo_funds import _society
from keheng.site.demo_rounds import begin, do, draw_judges, round_of
from keheng.site.reviewing import _subject, begin_review

GPS = 0x8825
LINES = (("内部治理", 30, 26, 2), ("学术活动", 30, 25, 3), ("科普和服务", 20, 17, 3), ("会员和党建", 20, 18, 2))


@pytest.fixture
def office(db, tmp_path, settings):
    return cast_of(tmp_path, settings)


def given(case, code, name, content):
    file = store().keep(BytesIO(content), MATERIAL.limits)
    return Material.objects.create(case=case, code=code, name=name, file_id=file.digest, by=case.applicant, at=now())


def society(office, lines):
    """A draft of a society that rates itself; the files of its evidence are 1 and 2."""
    rows = [
        {"item": item, "most": str(most), "points": str(points), "file": str(file), "proof": f"第 {file} 份"}
        for item, most, points, file in lines
    ]
    case = begin(office["member"], "yl.star-society", _society(0, office["firm"]) | {"selfrating": rows})
    given(case, "proofs", "财务.pdf", b"%PDF-1.4\n2")
    return case


def judge_of(office, case):
    """A judge who was drawn for a case: their seat, and their browser."""
    made.experts(12)
    draw_judges(office["officer"], round_of(case))
    seat, judge = Seat.objects.select_related("panelist").first(), make_account("judge", "expert")
    Panelist.objects.filter(pk=seat.panelist_id).update(account=str(judge.pk))
    return seat, signed_in(judge)


def rows_of(client, address):
    """The lines of the first table of a page: cells, and the address and name of the file at the end."""
    answer = client.get(address)
    assert answer.status_code == 200
    body = re.search(r"逐项自评</h3>.*?<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL)[1]
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
        cells = [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        found.append((*cells, *re.findall(r'href="([^"]+)"', row)))
    return found


def test_a_line_without_its_file_is_told_and_numbers_stay_when_files_are_taken_back(office):
    case = society(office, LINES)
    told = attempt(lambda: do(office["member"], case, "submit"))
    assert [(one.code, one.field) for one in told] == [
        ("MATTER_NO_EVIDENCE", "selfrating-1-file"),
        ("MATTER_NO_EVIDENCE", "selfrating-2-file"),
    ]
    assert told[0].zh == "第 2 行：“材料序号”：“评估材料”里没有第 3 份文件"
    first = Material.objects.filter(case=case).order_by("pk").first()
    remove_material(actor=office["member"], case=case.pk, material=first.pk)
    given(case, "proofs", "学术.pdf", b"%PDF-1.4\n3")
    assert {number: row.name for number, row in look_at(case.pk).numbered("proofs").items()} == {2: "财务.pdf", 3: "学术.pdf"}
    page = signed_in(office["accounts"]["member"]).get(f"/matters/cases/{case.pk}/").content.decode()
    assert re.findall(r'k-tag">(第 \d 份)<', page) == ["第 2 份", "第 3 份"]
    case.refresh_from_db()
    assert do(office["member"], case, "submit").state == "formal"
    page = signed_in(office["accounts"]["clerk"]).get(f"/manage/cases/{case.pk}/").content.decode()
    assert re.findall(r'k-tag">(第 \d 份)<', page) == ["第 2 份", "第 3 份"]


def test_an_expert_reads_every_self_score_beside_its_evidence(office):
    case = society(office, [(*line[:3], 4 - line[3]) for line in LINES])
    case = do(office["clerk"], do(office["member"], case, "submit"), "accept")
    seat, client = judge_of(office, case)
    files = look_at(case.pk).numbered("proofs")
    titles = {1: "评估材料.pdf", 2: "评估材料 2.pdf"}
    rows = rows_of(client, reverse("review:score", args=[seat.pk]))
    assert rows == [
        (
            item,
            str(most),
            str(points),
            f"第 {number} 份",
            titles[number],
            reverse("uploads:file", args=[files[number].file_id, titles[number]]),
        )
        for item, most, points, number in [(*line[:3], 4 - line[3]) for line in LINES]
    ]
    assert [client.get(row[-1]).status_code for row in rows] == [200] * 4
    assert rows_of(signed_in(office["accounts"]["officer"]), reverse("review:entry", args=[seat.entry_id])) == rows
    # Who has not stated their independence reads the line, and opens nothing.
    Panelist.objects.filter(pk=seat.panelist_id).update(state="called")
    assert next(row[3:] for row in rows_of(client, reverse("review:score", args=[seat.pk]))) == ("第 2 份", "没有可看的文件")


def blind(office, **files):
    """A contest entry in its round, with what judges get of its files by title."""
    case = begin(office["member"], "yl.youth-contest", work(0))
    for name, content in files.items():
        given(case, "proof", f"{name}.jpg", content)
    Case.objects.filter(pk=case.pk).update(state="experts", number=f"BJ-{case.pk}", submitted_at=now())
    begin_review(actor=Actor("1"), case=case.pk)
    return case


def photograph():
    """A photograph that tells where it was taken."""
    exif, out = Image.Exif(), BytesIO()
    exif[GPS] = {1: "N", 2: (25.0, 2.0, 51.37), 3: "E", 4: (102.0, 42.0, 33.91)}
    Image.new("RGB", (8, 8), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_blind_judges_never_learn_where_a_picture_was_taken(office):
    content = photograph()
    case = blind(office, one=content)
    assert dict(Image.open(BytesIO(content)).getexif().get_ifd(GPS))
    shown = Evidence.objects.get()
    assert shown.file_id != Material.objects.get(case=case, code="proof").file_id
    judge = make_account("watcher", "case_officer")
    Round.objects.update(organiser=str(judge.pk))
    answer = signed_in(judge).get(reverse("uploads:file", args=[shown.file_id, shown.title]))
    taken = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert dict(Image.open(BytesIO(taken)).getexif().get_ifd(GPS)) == {}
    assert b"Exif" not in taken
    # The file that was handed in stays as it is, and so does what judges get where nobody is hidden.
    assert store().path(Material.objects.get(case=case, code="proof").file_id).read_bytes() == content
    one = look_at(case.pk)
    terms = one.matter.review["experts"].model_copy(update={"hides": ()})
    open_entry = made.opened([_subject(one, terms)], []).entries.get()
    assert open_entry.evidence.get().file_id == Material.objects.get(case=case, code="proof").file_id


def test_the_list_and_the_fee_are_called_as_the_file_says(office):
    row = round_of(blind(office))
    assert (row.listed, row.fee_fen, row.fee) == ("拟获奖", 2000, 2000)
    page = signed_in(office["accounts"]["officer"]).get(reverse("review:round", args=[row.pk])).content.decode()
    assert ("拟获奖 1" in page, "拟立项" in page) == (True, False)
    words = {(name, code): terms.listed for name, versions in shelf().items() for code, terms in versions[-1].matter.review.items()}
    assert [place for place, word in words.items() if word == "列入名单"] == []


@pytest.mark.parametrize(("fee", "fen"), [(2050, 2050), (0, 0), (None, 10_000)])
def test_judges_are_due_the_fee_of_the_programme_for_each_reading(db, fee, fen):
    row = made.scored(made.drawn(made.subjects(2), made.experts(4), fee=fee, publicity=0))
    combine_round(actor=made.ORGANISER, pk=row.pk)
    close_round(actor=made.DECIDER, pk=row.pk)
    fees = list(Fee.objects.values_list("entries", "fen"))
    assert sum(entries for entries, _ in fees) == 6
    assert [due for _, due in fees] == [entries * fen for entries, _ in fees]
    reader = make_account("reader", "case_officer")
    page = signed_in(reader).get(reverse("review:judges", args=[row.pk])).content.decode()
    assert f"每份 {fen / 100:.2f} 元" in page
