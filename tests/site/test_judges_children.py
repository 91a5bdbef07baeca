"""A judge never reads the entry of their own child, or their own: authors are compared with the directory by number."""

import pytest
from directory.made_up import CLERK
from matters.contest_made_up import MATTER, entry, number
from people import actor_for, make_account, make_unit
from review import rounds_made_up as made

from keheng.directory.actions.experts import add_avoidance_fact
from keheng.directory.actions.people import person_facts_from, register_person
from keheng.directory.service import people_numbered
from keheng.matters.models import Case
from keheng.matters.service import MoveWish, move_case, open_case, save_answers
from keheng.review.models import Bar, Entry
from keheng.site.demo_rounds import draw_judges, round_of

pytestmark = pytest.mark.django_db


def judged(folder, settings, *rows):
    """Entries of a school that were accepted into a round, and the officer."""
    settings.FILES_FOLDER = folder / "files"
    school = make_unit("云岭演示第一中学", "990102", credit_code="91990101000DBCMM5J")
    teacher = actor_for(make_account("teacher", "unit_member", unit=school), school.pk)
    district = actor_for(make_account("district", "district_officer", district="990102"))
    clerk, officer = (actor_for(make_account(name, role)) for name, role in (("clerk", "window_clerk"), ("officer", "case_officer")))
    for row in rows:
        case = open_case(actor=teacher, matter=MATTER)
        save_answers(actor=teacher, case=case.pk, typed=row, seen={})
        for who, do in ((teacher, "submit"), (district, "recommend"), (clerk, "accept")):
            seen = Case.objects.get(pk=case.pk).version
            move_case(actor=who, case=case.pk, wish=MoveWish(do, seen, {}, "说明清楚，数据可查。"))
    return officer, list(Case.objects.order_by("pk"))


def child(serial, name):
    return register_person(actor=CLERK, facts=person_facts_from(name=name, id_number=number(serial)))


def test_the_judge_whose_child_is_an_author_keeps_away_from_that_entry_alone(tmp_path, settings):
    experts = made.experts(8)
    second = child(22, "演示家属")
    add_avoidance_fact(actor=CLERK, person=experts[2].person_id, kind="kin", source="专家申报", since=made.LONG_AGO, other=second.pk)
    team = {"size": "2", "b_name": "演示学生00022", "b_number": number(22), "b_born": "2011-03-05", "b_stage": "初中", "b_near": "yes"}
    officer, cases = judged(tmp_path, settings, entry(1), entry(2, **team))
    assert [one.people for one in Entry.objects.order_by("pk")] == [[], [second.pk]]
    row = draw_judges(officer, round_of(cases[0]))
    bars = Bar.objects.filter(entry__round=row).values_list("entry__reference", "panelist__expert_id", "reason")
    assert list(bars) == [(f"case:{cases[1].pk}", experts[2].pk, "与申报人员：亲属（专家申报）")]
    assert row.entries.get(reference=f"case:{cases[1].pk}").seats.filter(panelist__expert=experts[2].pk).count() == 0


def test_people_are_found_by_number_and_a_merged_record_stands_for_nobody():
    first, other = child(1, "演示一人"), child(2, "演示二人")
    assert people_numbered([number(2), "", number(3), number(1).lower()]) == [first.pk, other.pk]
    type(first).objects.filter(pk=other.pk).update(status="merged", merged_into=first.pk)
    assert people_numbered([number(2)]) == []
