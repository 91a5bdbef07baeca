"""Two at once: the database lets one through."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from people import actor_for, make_account, make_unit

from keheng.kernel.desk.models import Message
from keheng.kernel.errors import Refused
from keheng.matters.models import Case, CaseEvent, Edition, FollowUp, Output, Rating, Reminder
from keheng.matters.rules.files import points
from keheng.matters.service import MoveWish, bind, call_back, close_follow_up, move_case, open_case, rate_case, remind_due, save_answers


def at_once(*acts):
    """What came of each: 'done' or the code of the refusal."""
    together = Barrier(len(acts))

    def run(act):
        together.wait()
        try:
            act()
        except Refused as refused:
            return refused.problems[0].code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def permit(actor):
    case = open_case(actor=actor, matter="yl.leave")
    typed = {"kind": "年休假", "begins": "2026-10-09", "ends": "2026-10-10", "supervisor": "boss"}
    save_answers(actor=actor, case=case.pk, typed=typed, seen={})
    return case


def test_of_several_moves_one_is_made(fresh):
    clerk, boss = (actor_for(make_account(login, role)) for login, role in (("clerk", "case_officer"), ("boss", "leader")))
    case = permit(clerk)
    assert at_once(*[lambda: move_case(actor=clerk, case=case.pk, wish=MoveWish("submit", 0))] * 3) == ["MATTER_MOVED_MEANWHILE"] * 2 + [
        "done"
    ]
    acts = [
        lambda: move_case(actor=boss, case=case.pk, wish=MoveWish("agree", 1)),
        lambda: move_case(actor=boss, case=case.pk, wish=MoveWish("return", 1, opinion="改期")),
        lambda: move_case(actor=clerk, case=case.pk, wish=MoveWish("withdraw", 1)),
    ]
    assert at_once(*acts) == ["MATTER_MOVED_MEANWHILE"] * 2 + ["done"]
    assert list(CaseEvent.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert Case.objects.get().version == 2
    assert Output.objects.count() == (Case.objects.get().state == "approved")


def test_cases_begun_at_once_share_an_edition_and_numbers_have_no_gap(fresh):
    actors = [actor_for(make_account(login, "case_officer")) for login in ("ann", "bob", "cid")]
    make_account("boss", "leader")
    assert at_once(*(lambda one=one: permit(one) for one in actors)) == ["done"] * 3
    assert Edition.objects.count() == 1
    cases = {case.applicant: case.pk for case in Case.objects.all()}
    assert (
        at_once(*(lambda one=one: move_case(actor=one, case=cases[one.account], wish=MoveWish("submit", 0)) for one in actors))
        == ["done"] * 3
    )
    assert sorted(Case.objects.values_list("number", flat=True)) == [f"BJ-{Case.objects.first().opened_at.year}-0000{n}" for n in (1, 2, 3)]


def test_two_of_a_firm_who_save_one_field_at_once_lose_nothing(fresh):
    unit = make_unit()
    actors = [actor_for(make_account(login, "unit_manager", unit=unit), unit.pk) for login in ("ann", "bob")]
    case = open_case(actor=actors[0], matter="yl.it-project")
    results = []

    def save(actor, **typed):
        results.append(save_answers(actor=actor, case=case.pk, typed=typed, seen={}))

    assert at_once(lambda: save(actors[0], name="甲", plan="一"), lambda: save(actors[1], name="乙", kind="新建")) == ["done"] * 2
    answers = Case.objects.get().answers
    assert (answers["plan"], answers["kind"]) == ("一", "新建")
    assert [dict(one.conflicts) for one in results if one.conflicts] == [{"name": answers["name"]}]


def test_a_case_is_rated_once_and_a_rung_reminded_once(fresh):
    unit = make_unit()
    firm = actor_for(make_account("firm", "unit_manager", unit=unit), unit.pk)
    clerk, boss = (actor_for(make_account(login, role)) for login, role in (("clerk", "case_officer"), ("boss", "leader")))
    leave = permit(clerk)
    move_case(actor=clerk, case=leave.pk, wish=MoveWish("submit", 0))
    day = Case.objects.get().due_on
    assert at_once(*[lambda: remind_due(day)] * 3) == ["done"] * 3
    assert Reminder.objects.count() == 2
    assert boss.account
    case = open_case(actor=firm, matter="yl.it-project")
    Case.objects.filter(pk=case.pk).update(number="BJ-0", submitted_at=case.opened_at)
    assert at_once(*[lambda: rate_case(actor=firm, case=case.pk, stars=5)] * 3) == ["MATTER_RATED"] * 2 + ["done"]
    assert Rating.objects.count() == 1


def test_of_two_who_close_a_follow_up_at_once_one_does_and_the_rater_is_told_once(fresh):
    unit = make_unit()
    firm = actor_for(make_account("firm", "unit_manager", unit=unit), unit.pk)
    agents = [actor_for(make_account(login, "hotline_agent")) for login in ("ann", "bob")]
    case = open_case(actor=firm, matter="yl.it-project")
    Case.objects.filter(pk=case.pk).update(number="BJ-0", submitted_at=case.opened_at)
    rate_case(actor=firm, case=case.pk, stars=1)
    row = FollowUp.objects.get()
    call_back(actor=agents[0], follow_up=row.pk, reached="phone", heard="慢", difficulty="ordinary")
    answers = {one.account: {"finding": "valid", "done": "改", "answer": f"答复 {one.account}"} for one in agents}
    acts = [lambda one=one: close_follow_up(actor=one, follow_up=row.pk, **answers[one.account]) for one in agents]
    assert at_once(*acts) == ["MATTER_FOLLOW_UP_CLOSED", "done"]
    row.refresh_from_db()
    assert row.answer == answers[row.closed_by]["answer"]
    assert [one.body for one in Message.objects.filter(key=f"follow-up:{row.pk}")] == [row.answer]


def test_names_are_bound_once(monkeypatch):
    monkeypatch.setattr(points, "_bound", {})

    def guard(_case):
        return True

    bind("guards", "review.assigned", guard)
    bind("guards", "review.assigned", guard)
    for name, error in (("review.assigned", ValueError), ("review.nothing", KeyError)):
        with pytest.raises(error):
            bind("guards", name, lambda _case: False)
