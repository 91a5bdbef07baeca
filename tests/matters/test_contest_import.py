"""Sheets of entries: the rules of the form, every fault in its row, all or good rows, never twice, nobody twice, within quotas."""

from base64 import b64decode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from matters.contest_made_up import MATTER, csv_of, entry, number
from people import actor_for, make_account, make_unit, signed_in

from keheng.access.models import Account
from keheng.kernel.desk.models import Task
from keheng.kernel.errors import Refused, attempt
from keheng.kernel.models import Job
from keheng.matters.actions.importing import begin_import, forget_answers, run_import
from keheng.matters.models import Case, CaseImport, QuotaUse, Taken
from keheng.matters.queries.cases import loaded
from keheng.matters.queries.showing import clocks_said
from keheng.matters.service import MoveWish, move_case, open_case, save_answers


@pytest.fixture
def school(db):
    unit = make_unit("云岭演示第一中学", "990102", credit_code="91990101000DBCMM5J")
    return actor_for(make_account("teacher", "unit_member", unit=unit), unit.pk)


@pytest.fixture
def officer(db):
    return actor_for(make_account("district", "district_officer", district="990102"))


def brought(actor, rows, *, partly=False, many_units=False):
    row = begin_import(actor=actor, matter=MATTER, name="作品.csv", data=csv_of(rows, many_units=many_units), partly=partly)
    run_import(row.pk)
    row.refresh_from_db()
    return row


def test_a_sheet_becomes_the_same_cases_as_the_form(school):
    row = brought(school, [entry(1), entry(2)])
    assert (row.state, row.rows, row.made, row.known, row.faulty, row.sheet, row.answer) == ("done", 2, 2, 0, 0, "", "")
    online = open_case(actor=school, matter=MATTER)
    save_answers(actor=school, case=online.pk, typed=entry(3), seen=online.marks)
    online = move_case(actor=school, case=online.pk, wish=MoveWish("submit", 0))
    one = Case.objects.get(pk=Case.objects.order_by("pk").first().pk)
    for name in ("state", "std", "district", "unit_id", "applicant", "version", "due_on", "lapse_on", "spent", "voices", "named"):
        assert getattr(one, name) == getattr(online, name), name
    assert one.answers.keys() == Case.objects.get(pk=online.pk).answers.keys()
    assert loaded(one).at.answers["a_number"] == number(1)
    assert "演示学生" not in str(one.answers)
    assert [event.do for event in one.events.all()] == ["submit"]
    assert not {"a_name", "a_number", "a_born", "phone"} & one.events.get().given.keys()
    assert Task.objects.filter(key=f"case:{one.pk}:district", permission="matters.case.recommend", district="990102").exists()
    assert Taken.objects.filter(case=one).count() == 2
    assert QuotaUse.objects.get().taken == 3


def test_the_same_sheet_again_brings_nothing_new(school):
    rows = [entry(1), entry(2)]
    brought(school, rows)
    again = brought(school, [*rows, entry(3)])
    assert (again.state, again.made, again.known, again.faulty, Case.objects.count()) == ("done", 1, 2, 0, 3)


def test_all_faults_of_a_sheet_are_told_in_their_rows_and_nothing_comes_in(school):
    brought(school, [entry(1)])
    rows = [
        entry(2), entry(3, a_number=number(1)), entry(4, a_number=number(2)), entry(5, done_on="2026-07-01"), entry(6, a_born="2011-03-06"),
        entry(7, size="9", stage="大学"), entry(8, work="演示学生00008的花盆"),
    ]  # fmt: skip
    row = brought(school, rows)
    assert (row.state, row.made, row.faulty, Case.objects.count()) == ("refused", 0, 6, 1)
    assert b64decode(row.answer)[:2] == b"PK"
    partly = brought(school, rows, partly=True)
    assert (partly.state, partly.made, partly.faulty, Case.objects.count()) == ("done", 1, 6, 2)


def test_an_18_digit_number_that_lost_its_digits_is_told(school):
    row = brought(school, [entry(1, a_number="9.90001E+17")])
    assert (row.state, row.faulty) == ("refused", 1)


def test_no_more_come_in_than_the_school_has_places(school):
    row = brought(school, [entry(serial) for serial in range(1, 23)])
    assert (row.state, row.made, row.faulty) == ("refused", 0, 2)
    row = brought(school, [entry(serial) for serial in range(1, 23)], partly=True)
    assert (row.made, row.faulty, QuotaUse.objects.get().taken) == (20, 2, 20)
    case = open_case(actor=school, matter=MATTER)
    save_answers(actor=school, case=case.pk, typed=entry(30), seen=case.marks)
    assert [one.code for one in attempt(lambda: move_case(actor=school, case=case.pk, wish=MoveWish("submit", 0)))] == ["MATTER_QUOTA"]


def test_a_student_stands_in_one_entry_of_a_year_until_it_ends_without_success(school):
    brought(school, [entry(1)])
    case = open_case(actor=school, matter=MATTER)
    save_answers(actor=school, case=case.pk, typed=entry(2, a_number=number(1).lower()), seen=case.marks)

    def submit():
        return [one.code for one in attempt(lambda: move_case(actor=school, case=case.pk, wish=MoveWish("submit", 0)))]

    assert submit() == ["MATTER_PERSON_TAKEN"]
    first = Case.objects.order_by("pk").first()
    move_case(actor=school, case=first.pk, wish=MoveWish("withdraw", 1))
    assert submit() == []


def test_a_district_officer_brings_in_entries_of_schools_within_reach_alone(school, officer):
    make_unit("云岭演示外区中学", "990103", credit_code="91990103000DBCMM5C")
    rows = [entry(1, unit_code="91990101000DBCMM5J"), entry(2, unit_code="91990103000DBCMM5C")]
    row = brought(officer, rows, partly=True, many_units=True)
    assert (row.state, row.made, row.faulty) == ("done", 1, 1), row.refusal
    case = Case.objects.get()
    assert (case.district, case.unit.name, case.answers["school"]) == ("990102", "云岭演示第一中学", "云岭演示第一中学")
    # Nobody recommends what they brought in themselves.
    assert "MATTER_MOVE_WHO" in [one.code for one in attempt(lambda: move_case(actor=officer, case=case.pk, wish=MoveWish("recommend", 1)))]


def test_the_district_recommends_within_its_places_and_no_other_district_does(school, officer, monkeypatch):
    brought(school, [entry(1), entry(2)])
    stranger = actor_for(make_account("elsewhere", "district_officer", district="990103"))
    first, second = Case.objects.order_by("pk")
    assert attempt(lambda: move_case(actor=stranger, case=first.pk, wish=MoveWish("recommend", 1)))[0].code == "MATTER_CASE_GONE"
    recommended = move_case(actor=officer, case=first.pk, wish=MoveWish("recommend", 1))
    # The clock that runs is told alone: that of the district stands still and says nothing any more.
    assert (recommended.state, [one.tone for one in clocks_said(loaded(recommended))]) == ("formal", ["ok"])
    QuotaUse.objects.filter(quota="district").update(taken=900, most=900)
    assert [one.code for one in attempt(lambda: move_case(actor=officer, case=second.pk, wish=MoveWish("recommend", 1)))] == [
        "MATTER_QUOTA"
    ]


def test_the_pages_take_a_sheet_tell_how_far_it_is_and_give_it_back(school, client):
    account = Account.objects.get(login="teacher")
    one = signed_in(account)
    assert one.get(f"/manage/cases/import/{MATTER}/template.xlsx").content[:2] == b"PK"
    file = SimpleUploadedFile("作品.csv", csv_of([entry(1, size="9")]))
    sent = one.post(f"/manage/cases/import/{MATTER}/", {"file": file})
    row = CaseImport.objects.get()
    assert sent.url == f"/manage/cases/import/sheets/{row.pk}/"
    assert Job.objects.filter(kind="matters.import").count() == 1
    assert "排队中" in one.get(sent.url).content.decode()
    again = one.post(f"/manage/cases/import/{MATTER}/", {"file": SimpleUploadedFile("作品.csv", b"x")})
    assert (again.status_code, "上一个文件还在处理" in again.content.decode()) == (422, True)
    run_import(row.pk)
    page = one.get(sent.url).content.decode()
    assert ("没有导入" in page, "演示学生" in page) == (True, False)
    assert one.get(f"{sent.url}faults.xlsx").content[:2] == b"PK"
    other = make_account("other", "unit_member", unit=make_unit("别的学校", "990102"))
    assert signed_in(other).get(sent.url).status_code == 404
    assert (forget_answers(), CaseImport.objects.update(ended_at="2020-01-01T00:00Z"), forget_answers()) == (0, 1, 1)
    assert one.get(f"{sent.url}faults.xlsx").status_code == 404


def test_what_is_no_sheet_is_told_at_once(school):
    with pytest.raises(Refused, match="不能批量导入"):
        begin_import(actor=school, matter="yl.talent", name="a.csv", data=b"", partly=False)
    row = begin_import(actor=school, matter=MATTER, name="a.csv", data=b"a,b\n1,2\n", partly=False)
    run_import(row.pk)
    row.refresh_from_db()
    assert (row.state, bool(row.refusal)) == ("refused", True)
