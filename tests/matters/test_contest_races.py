"""Schools and districts at once: no quota is overdrawn, no student stands twice, and the database itself forbids both."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from matters.contest_made_up import MATTER, csv_of, entry
from matters.test_races import at_once
from people import actor_for, make_account, make_unit

from keheng.kernel.credit_code import make
from keheng.matters.actions.importing import begin_import, run_import
from keheng.matters.models import Case, CaseImport, QuotaUse, Taken
from keheng.matters.service import MoveWish, move_case, open_case, save_answers

DISTRICT = "990102"


def school(number):
    unit = make_unit(f"云岭演示第{number}中学", DISTRICT, credit_code=make("1", "2", DISTRICT, number))
    return actor_for(make_account(f"teacher{number}", "unit_member", unit=unit), unit.pk)


def filled(actor, **typed):
    """An entry that is filled in and not handed in."""
    case = open_case(actor=actor, matter=MATTER)
    save_answers(actor=actor, case=case.pk, typed=typed, seen=case.marks)
    return case


def handing_in(actor, case):
    return lambda: move_case(actor=actor, case=case.pk, wish=MoveWish("submit", 0))


def bringing(actor, rows, *, many_units=False):
    """The act that works a sheet off, and its row."""
    row = begin_import(actor=actor, matter=MATTER, name="作品.csv", data=csv_of(rows, many_units=many_units), partly=True)
    return row.pk, lambda: run_import(row.pk)


def test_fifty_schools_at_once_take_no_more_places_than_their_district_has(fresh):
    officer = actor_for(make_account("district", "district_officer", district=DISTRICT))
    other = actor_for(make_account("other", "district_officer", district=DISTRICT))
    codes = [
        make_unit(f"云岭演示第{number}中学", DISTRICT, credit_code=make("1", "2", DISTRICT, number)).credit_code for number in range(50)
    ]
    _, bring = bringing(other, [entry(number, unit_code=code) for number, code in enumerate(codes)], many_units=True)
    bring()
    cases = list(Case.objects.values_list("pk", flat=True))
    assert len(set(Case.objects.values_list("unit", flat=True))) == 50
    QuotaUse.objects.create(matter=MATTER, call=Taken.objects.first().call, quota="district", holder=DISTRICT, taken=888, most=900)
    acts = [lambda pk=pk: move_case(actor=officer, case=pk, wish=MoveWish("recommend", 1)) for pk in cases]
    assert at_once(*acts) == ["MATTER_QUOTA"] * 38 + ["done"] * 12
    assert Case.objects.filter(state="formal").count() == 12
    assert QuotaUse.objects.filter(quota="district").values_list("taken", "most").get() == (900, 900)


def test_one_school_hands_in_no_more_at_once_than_it_has_places(fresh):
    actor = school(1)
    cases = [filled(actor, **entry(number)) for number in range(24)]
    assert at_once(*(handing_in(actor, one) for one in cases)) == ["MATTER_QUOTA"] * 4 + ["done"] * 20
    assert (QuotaUse.objects.get().taken, Case.objects.filter(state="district").count()) == (20, 20)


def test_one_student_in_two_schools_at_once_is_taken_once(fresh):
    actors = [school(1), school(2)]
    cases = [filled(actor, **entry(1, code=f"B{number}")) for number, actor in enumerate(actors)]
    assert at_once(*(handing_in(*one) for one in zip(actors, cases, strict=True))) == ["MATTER_PERSON_TAKEN", "done"]
    assert Taken.objects.filter(kind="person").count() == 1


def test_sheets_that_meet_bring_each_student_and_code_in_once(fresh):
    """Two schools with the same students, and two teachers of one school with the same sheet."""
    one, other = school(1), school(2)
    colleague = actor_for(make_account("colleague", "unit_member", unit=Case.unit.field.related_model.objects.get(pk=one.unit)), one.unit)
    rows = [entry(number) for number in range(12)]
    sheets = [bringing(actor, rows) for actor in (one, colleague, other)]
    assert at_once(*(act for _pk, act in sheets)) == ["done"] * 3
    found = CaseImport.objects.filter(pk__in=[pk for pk, _act in sheets])
    assert sorted(found.values_list("state", flat=True)) == ["done"] * 3
    assert (sum(row.made for row in found), Case.objects.count(), Taken.objects.filter(kind="person").count()) == (12, 12, 12)
    assert sum(row.taken for row in QuotaUse.objects.all()) == 12


def test_the_database_itself_forbids_a_second_entry_and_a_place_too_many(fresh):
    _, bring = bringing(school(1), [entry(1), entry(2)])
    bring()
    taken, second = Taken.objects.filter(kind="person").order_by("pk").first(), Case.objects.order_by("pk").last()
    with pytest.raises(IntegrityError), transaction.atomic():
        Taken.objects.create(case=second, matter=taken.matter, call=taken.call, kind=taken.kind, value=taken.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuotaUse.objects.update(taken=F("most") + 1)
    row = QuotaUse.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        QuotaUse.objects.create(matter=row.matter, call=row.call, quota=row.quota, holder=row.holder, most=row.most)
