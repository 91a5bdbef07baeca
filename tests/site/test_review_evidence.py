"""Judges open what the file of the matter gives them, through their seat; nobody judges their own; applicants learn what they may."""

import re
from io import BytesIO
from random import Random

import pytest
from directory.made_up import CLERK, id_number, organisation, person
from django.urls import reverse
from django.utils.timezone import localdate, now
from matters.contest_made_up import entry as work
from people import actor_for, make_account, signed_in
from PIL import Image
from review import rounds_made_up as made
from review.office import cast_of

from keheng.directory.actions.experts import add_avoidance_fact
from keheng.directory.actions.people import add_affiliation
from keheng.directory.models import Person
from keheng.kernel.models import AuditEntry
from keheng.kernel.trail.record import Actor
from keheng.kernel.uploads.receiving import store
from keheng.matters.models import Material
from keheng.matters.queries.files import MATERIAL
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.service import look_at
from keheng.review.models import Bar, Entry, Evidence, Panelist, Round, Seat
from keheng.review.service import Call, call_judges, close_round, combine_round, commit_draw, name_observer, reveal_draw, state_independence
from keheng.site import demo_it
from keheng.site.demo_funds import _talent, _title
from keheng.site.demo_rounds import begin, do, draw_judges, read_entries, round_of
from keheng.site.reviewing import _hidden, _people, _subject


@pytest.fixture
def office(db, tmp_path, settings):
    return cast_of(tmp_path, settings)


def accepted(office, applicant, matter, typed):
    case = do(applicant, begin(applicant, matter, typed), "submit")
    if case.state == "nomination":
        case = do(office["manager"], case, "nominate")
    return do(office["clerk"], case, "accept")


def drawn_with(office, row, account, experts):
    """The round drawn with an account as its first judge, and the seat of that account."""
    calls = [Call(one.pk, str(account.pk) if not place else made.account_of(place), "专家") for place, one in enumerate(experts)]
    for one in call_judges(actor=office["officer"], pk=row.pk, calls=calls):
        state_independence(actor=Actor(one.account), panelist=one.pk, agreed=True)
    commit_draw(actor=office["officer"], pk=row.pk)
    reveal_draw(actor=office["officer"], pk=row.pk)
    return Seat.objects.filter(panelist__account=str(account.pk)).first()


def links(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return re.findall(r'<a href="(/files/[^"]+)">([^<]+)</a>', answer.content.decode())


def test_who_applies_without_a_unit_is_not_their_own_judge_nor_are_their_employer_and_kin(office):
    experts = made.experts(12)
    employer, school = organisation("云岭测控公司", 1), organisation("云岭学院", 2)
    own = make_account("own", "expert", person=Person.objects.get(pk=experts[0].person_id))
    for expert, unit in ((experts[0], employer), (experts[1], employer), (experts[3], school)):
        add_affiliation(actor=CLERK, person=expert.person_id, organisation=unit.pk, position="工程师", since=made.LONG_AGO)
    add_avoidance_fact(actor=CLERK, person=experts[2].person_id, kind="kin", source="申报", since=made.LONG_AGO, other=experts[0].person_id)
    typed = _title(0, office["firm"]) | {"person": "专家00", "employer": "云岭学院"}
    case = accepted(office, actor_for(own), "yl.title", typed)
    assert (case.unit_id, case.applicant) == (None, str(own.pk))
    seat = drawn_with(office, round_of(case), own, experts)
    reasons = {(bar.panelist.expert_id, bar.reason) for bar in Bar.objects.select_related("panelist")}
    assert reasons == {
        (experts[0].pk, "专家本人的申报"), (experts[0].pk, "专家本人是申报人员"), (experts[0].pk, "任职于云岭测控公司"),
        (experts[1].pk, "任职于云岭测控公司"), (experts[2].pk, "与申报人员：亲属（申报）"), (experts[3].pk, "任职于云岭学院"),
    }  # fmt: skip
    assert seat is None
    assert not set(Seat.objects.values_list("panelist__expert", flat=True)) & {one.pk for one in experts[:4]}
    # An employer that an answer names is not shown as who applies.
    assert Entry.objects.get().unit is None


def test_an_account_that_no_person_is_known_of_does_not_judge_its_own_either(office):
    experts, own = made.experts(7), make_account("own", "expert")
    case = accepted(office, actor_for(own), "yl.title", _title(0, office["firm"]))
    assert drawn_with(office, round_of(case), own, experts) is None
    assert [(bar.panelist.account, bar.reason) for bar in Bar.objects.select_related("panelist")] == [(str(own.pk), "专家本人的申报")]


def test_whoever_a_unit_applies_for_is_known_by_name_among_its_people(office):
    experts = made.experts(7)
    add_affiliation(actor=CLERK, person=experts[0].person_id, organisation=office["unit"].pk, position="研究员", since=localdate())
    case = accepted(office, office["member"], "yl.talent", _talent(0, office["firm"]) | {"person": "专家00"})
    draw_judges(office["officer"], round_of(case))
    assert {bar.reason for bar in Bar.objects.all()} >= {"专家本人是申报人员"}


def test_a_person_is_found_by_the_identity_number_of_the_form(office):
    student = person("钱小一", 3)
    case = begin(office["member"], "yl.youth-contest", work(0, a_number=id_number(3)))
    assert _people(look_at(case.pk), look_at(case.pk).matter.review["experts"]) == (student.pk,)


def test_judges_open_the_files_of_their_entries_and_no_others(office):
    experts, judge = made.experts(7), make_account("judge", "expert")
    case = accepted(office, office["member"], demo_it.MATTER, demo_it.project(office["firm"], localdate()))
    other = accepted(office, office["member"], "yl.talent", _talent(0, office["firm"]))
    seat = drawn_with(office, round_of(case), judge, experts[:5])
    client = signed_in(judge)
    found = links(client, reverse("review:score", args=[seat.pk]))
    assert [name for _, name in found] == ["建设方案.pdf", "市场询价单.pdf", "市场询价单 2.pdf", "市场询价单 3.pdf"]
    before = AuditEntry.objects.count()
    assert [client.get(address).status_code for address, _ in found] == [200] * 4
    assert AuditEntry.objects.count() == before + 4
    stranger = signed_in(make_account("stranger", "expert"))
    assert [stranger.get(address).status_code for address, _ in found] == [404] * 4
    foreign = Material.objects.filter(case=other).first()
    assert client.get(reverse("uploads:file", args=[foreign.file_id, "a.pdf"])).status_code == 404
    # Neither before the statement, nor once the seat went to somebody else or the round is over.
    for model, pk, field, value, back in (
        (Panelist, seat.panelist_id, "state", "called", "stated"), (Seat, seat.pk, "state", "dropped", "open"),
        (Round, round_of(case).pk, "state", "closed", "scoring"),
    ):  # fmt: skip
        model.objects.filter(pk=pk).update(**{field: value})
        assert (value, client.get(found[0][0]).status_code) == (value, 404)
        model.objects.filter(pk=pk).update(**{field: back})
    assert client.get(found[0][0]).status_code == 200


def test_an_observer_opens_the_files_and_is_recorded(office):
    made.experts(7)
    case = accepted(office, office["member"], demo_it.MATTER, demo_it.project(office["firm"], localdate()))
    row, watcher = round_of(case), make_account("watcher", "citizen")
    file = Evidence.objects.first()
    client, address = signed_in(watcher), reverse("uploads:file", args=[file.file_id, file.title])
    assert client.get(address).status_code == 404
    name_observer(actor=office["officer"], pk=row.pk, account=str(watcher.pk))
    found = links(client, reverse("review:entry", args=[file.entry_id]))
    assert address in [one for one, _ in found]
    assert client.get(address).status_code == 200
    assert f'"account":"{watcher.pk}"' in AuditEntry.objects.filter(body__contains="file.download").latest("pk").body


def given(case, code, name, content):
    file = store().keep(BytesIO(content), MATERIAL.limits)
    Material.objects.create(case=case, code=code, name=name, file_id=file.digest, by=case.applicant, at=now())


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff030000060005e27a6b3d"
    "0000000049454e44ae426082"
)


def noted(text):
    """A photograph in which somebody noted a text."""
    out = BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, "JPEG", comment=text.encode())
    return out.getvalue()


def test_a_blind_round_withholds_files_that_name_the_applicant(office):
    typed = work(0, school="白石中学")
    case = begin(office["member"], "yl.youth-contest", typed)
    # A file that names the firm of the tests in its text.
    text = store().path(Material.objects.get(case=begin(office["member"], "yl.talent", _talent(0, office["firm"])), code="proofs").file_id)
    given(case, "proof", "画作.png", PICTURE)
    given(case, "proof", "照片.jpg", noted("演示相机"))
    given(case, "proof", "旧文稿.pdf", b"%PDF-1.7 damaged")
    telling = {
        f"{typed['adviser']}的推荐.png": PICTURE + b"1",
        "说明.pdf": text.read_bytes(),
        "样机.jpg": noted(typed["a_name"]),
        "模型.jpg": noted(office["accounts"]["member"].name),
    }
    for name, content in telling.items():
        given(case, "proof", name, content)
    one = look_at(case.pk)
    entry = made.opened([_subject(one, one.matter.review["experts"])], []).entries.get()
    # Shown under names of the house. Withheld: who advised (by name of the file), the unit that applies though the form calls the
    # school otherwise, the student, the teacher who handed in.
    assert ([each.title for each in entry.evidence.all()], entry.withheld) == (["作品材料.png", "作品材料 2.jpg", "作品材料 3.pdf"], 4)
    officer = signed_in(office["accounts"]["officer"]).get(reverse("review:entry", args=[entry.pk])).content.decode()
    assert "有 4 个文件写有申报方的信息，没有给专家看" in officer
    # What cannot be opened is given as it is, and the officer is told.
    assert entry.unbared == 1
    assert "有 1 个文件打不开" in officer
    assert f'<img src="{reverse("uploads:file", args=[entry.evidence.get(title="作品材料.png").file_id, "作品材料.png"])}"' in officer
    # Where nothing is hidden nobody looks for names.
    assert _hidden(one, one.matter.review["experts"].model_copy(update={"hides": ()})) == ()


def test_every_review_gives_judges_something_to_open_but_consents_and_licences():
    given_to_judges = {
        (name, code): set(terms.files) for name, versions in shelf().items() for code, terms in versions[-1].matter.review.items()
    }
    assert all(given_to_judges.values())
    assert not set.union(*given_to_judges.values()) & {"guardian", "consent", "licence"}


def test_the_applicant_reads_score_and_opinions_only_where_the_file_says_so(office):
    made.experts(7)
    told = accepted(office, office["member"], demo_it.MATTER, demo_it.project(office["firm"], localdate()))
    silent = accepted(office, office["member"], "yl.talent", _talent(0, office["firm"]))
    client = signed_in(office["accounts"]["member"])
    pages = {}
    for case in (told, silent):
        row = draw_judges(office["officer"], round_of(case))
        read_entries(row, made_chance())
        address = f"/matters/cases/{case.pk}/"
        assert "专家意见" not in client.get(address).content.decode()
        combine_round(actor=office["officer"], pk=row.pk)
        pages[case.pk] = client.get(address).content.decode()
    entry = Entry.objects.get(reference=f"case:{told.pk}")
    comments = sorted(entry.seats.values_list("comment", flat=True))
    shown = pages[told.pk]
    assert sorted(re.findall(r'<li lang="zh-hans">([^<]+)</li>', shown)) == comments
    assert f"<strong>{entry.official}</strong>" in shown
    assert not [one for one in Panelist.objects.filter(round=entry.round) if one.expert.person.name in shown or one.code in shown]
    assert "专家意见" not in pages[silent.pk]
    assert close_round(actor=office["leader"], pk=entry.round_id).state == "closed"
    assert "专家意见" in client.get(f"/matters/cases/{told.pk}/").content.decode()


def made_chance():
    return Random(9)  # noqa: S311 -- readings of a test, the same every time
