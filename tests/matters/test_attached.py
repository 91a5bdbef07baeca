"""Calls, reviews, the unit's check, values from elsewhere: what files may say of them, and what the engine makes of it."""

from datetime import date

import pytest
from matters.made_up import flaws_of, matter_of, small
from people import actor_for, make_account

from keheng.kernel.desk.models import Task
from keheng.kernel.errors import Refused, attempt
from keheng.kernel.working_days import working_calendar
from keheng.matters.models import Case
from keheng.matters.rules.files import points
from keheng.matters.rules.files.attached import Review, window_on
from keheng.matters.rules.files.proof import proved
from keheng.matters.rules.files.reading import read_text
from keheng.matters.rules.files.shelf import flaws_between
from keheng.matters.service import MoveWish, move_case, open_case, save_answers

CHECK = "    clock: main\n"


def with_head(extra, *more):
    return small(("basis: [{doc", f"{extra}\nbasis: [{{doc"), *more)


def reviewed(terms, *more):
    return with_head(f"review: {{check: {terms}}}", *more)


@pytest.mark.parametrize(("extra", "found"), [
    ("open: [{title: 甲, from: 2026-03-01, to: 2026-02-01}]", ["OPEN"]),
    ("open: [{title: 甲, from: 2026-01-01, to: 2026-02-01}, {title: 乙, from: 2026-02-01, to: 2026-03-01}]", ["OPEN"]),
    ("open: [{title: 甲, from: 2026-01-01, to: 2026-12-31}]", []),
    ("open: [{title: 甲, from: 2026-01-01}]", ["MISSING"]),
    ("review: {check: {seats: 3}}", []),
    ("review: {check: {seats: 5, shows: [name], own: cost, quota: '30%', line: 60, publicity: 7wd}}", []),
    ("review: {check: {seats: 4}}", ["REVIEW"]),
    ("review: {check: {seats: 4, odd: false}}", []),
    ("review: {check: {seats: {技术: 2, 财务: 1}}}", []),
    ("review: {check: {seats: {技术: 1, 财务: 0}}}", ["REVIEW"]),
    ("review: {check: {seats: {}}}", ["REVIEW"]),
    ("review: {check: {seats: 3, publicity: 5d}}", ["REVIEW"]),
    ("review: {check: {seats: 3, publicity: 61wd}}", ["REVIEW"]),
    ("review: {check: {seats: 3, quota: 0}}", ["REVIEW"]),
    ("review: {check: {seats: 3, line: 100.5}}", ["REVIEW"]),
    ("review: {elsewhere: {seats: 3}}", ["REVIEW"]),
    ("review: {check: {seats: 3, rubric: none_such}}", ["NAME"]),
    ("review: {check: {seats: 3, combine: luck}}", ["NAME"]),
    ("review: {check: {seats: 3, shows: [nobody]}}", ["NAME"]),
    ("review: {check: {seats: 3, own: name}}", ["NAME"]),
    ("review: {check: {seats: 3, avoid: [strangers]}}", ["VALUE"]),
    ("review: {check: {seats: 3, avoid: [unit, served_last_2]}}", []),
    ("review: {check: {seats: 3, avoid: [served_last_0]}}", ["VALUE"]),
    ("review: {check: {seats: 3, excludes: {table: name, name: who, unit: where, reason: why}}}", ["NAME"]),
    ("review: {check: {seats: 3, quota: '300%'}}", ["VALUE"]),
    ("plan: {table: cost, title: a, amount: b, day: c, total: name}", ["NAME"] * 5),
    ("pays: {number: name, amount: name}", ["NAME", "NAME"]),
])  # fmt: skip
def test_what_is_attached_is_proved(extra, found):
    assert [code for code, _ in flaws_of(with_head(extra))] == found


def test_judges_see_nothing_that_tells_whose_it_is():
    private = (
        "{id: cost, type: money",
        "{id: tel, type: phone, label: 电话}\n      - {id: who, type: text, label: 单位, prefill: unit.name}\n      - {id: cost, type: money",
    )
    assert flaws_of(reviewed("{seats: 3, shows: [name, tel, who]}", private)) == [("NAME", "review.check.shows")] * 2


WAITS = (
    ("to: done}", "to: done, guard: review.done}"),
    ("      - {do: ask, title: 补正, by: clerk, to: fix, correct: true, once: true}\n", ""),
    ("complete: true}]", "complete: true}, {do: put_off, title: 放下, by: apply, to: fix}]"),
    ("path: [submit, ask, ", "path: [put_off, "),
)
BEGUN = (
    ("to: check, complete: true", "to: check, effect: review.begin, complete: true"),
    ("to: check}", "to: check, effect: review.begin}"),
)


@pytest.mark.parametrize(("terms", "swaps", "found"), [
    ("{seats: 3, shows: [name]}", BEGUN, []),
    ("{seats: 3, shows: [name]}", (), ["REVIEW_UNBEGUN"]),
    ("{seats: 3, shows: [name]}", BEGUN[:1], ["REVIEW_UNBEGUN"]),
    ("{seats: 3}", BEGUN, ["REVIEW_BLANK"]),
    ("{seats: 3, shows: [name]}", (("guard: review.done}", "guard: review.done}\n      - {do: begin, title: 开始, by: clerk, effect: review.begin}"),), []),
    ("{seats: 3, shows: [name]}", (("guard: review.done}", "guard: review.done}\n      - {do: skip, title: 不评, by: clerk, to: done}"),), []),
])  # fmt: skip
def test_a_state_that_waits_for_its_review_is_entered_by_beginning_it(terms, swaps, found):
    read = read_text(reviewed(terms, *WAITS, *swaps), "small.yaml")
    assert [flaw.problem.code.removeprefix("MATTER_FILE_") for flaw in proved(read)] == found


def test_a_case_is_not_led_into_a_review_by_itself_either():
    swaps = (*WAITS, ("to: check}", "to: middle}"), BEGUN[0])
    middle = ("  - {id: done, title", "  - {id: middle, title: 中转, std: 受理, auto: [{to: check}]}\n  - {id: done, title")
    read = read_text(reviewed("{seats: 3, shows: [name]}", *swaps, middle), "small.yaml")
    assert [(flaw.problem.code, "再交" in flaw.problem.zh) for flaw in proved(read)] == [("MATTER_FILE_REVIEW_UNBEGUN", True)]


def test_a_state_says_which_review_it_is():
    text = reviewed("{seats: 3}", (CHECK, "    review: other\n    clock: main\n"))
    assert ("NAME", "states[1].review") in flaws_of(text)
    matter = matter_of(reviewed("{seats: 3}"))
    assert (matter.review_at("check"), matter.review_at("draft")) == ("check", None)


@pytest.mark.parametrize(("swap", "path"), [
    (("label: 名称,", "label: 名称, fact: review.score,"), "form[0].fields[0]"),
    (("label: 名称,", "label: 名称, inherit: name,"), "form[0].fields[0]"),
    (("do: accept, title: 通过, by: clerk,", "do: accept, title: 通过, by: clerk, ask: [{id: a, type: text, label: 甲, inherit: name}],"), "states[1].moves[0].ask[0]"),
])  # fmt: skip
def test_values_from_elsewhere_stand_only_where_they_can_come_from(swap, path):
    assert flaws_of(small(swap)) == [("FIELD", path)]


def test_a_fact_must_be_known():
    text = small(
        (
            "do: accept, title: 通过, by: clerk,",
            "do: accept, title: 通过, by: clerk, ask: [{id: a, type: decimal, label: 甲, fact: review.luck}],",
        )
    )
    assert flaws_of(text) == [("NAME", "states[1].moves[0].ask[0].fact")]


def test_a_role_of_the_unit_needs_a_permission():
    assert flaws_of(small(("boss: {zh: 审批人, holds: matters.case.decide}", "boss: {zh: 审核人, unit: true}"))) == [
        ("UNIT_ROLE", "roles.boss")
    ]


CHILD = (
    ("id: yl.small", "id: yl.child"),
    ("basis: [{doc", "parent: {matter: yl.small, states: [done], once: true}\nbasis: [{doc"),
    ("label: 名称, required: true, max: 10}", "label: 名称, inherit: name}"),
)


def test_what_is_inherited_must_stand_in_the_parent():
    child = small(*CHILD)
    assert flaws_between([read_text(small(), "a.yaml"), read_text(child, "b.yaml")]) == []
    other = child.replace("inherit: name", "inherit: cost")
    found = flaws_between([read_text(small(), "a.yaml"), read_text(other, "b.yaml")])
    assert [flaw.problem.field for flaw in found] == ["form[0].fields[0].inherit"]


@pytest.mark.parametrize(
    ("quota", "entries", "places"), [(None, 7, 7), (3, 7, 3), (9, 7, 7), ("30%", 10, 3), ("30%", 11, 4), ("100%", 5, 5), ("1%", 1, 1)]
)
def test_places_follow_the_quota(quota, entries, places):
    assert Review(seats=3, quota=quota).places(entries) == places


def test_a_call_holds_on_its_first_and_its_last_day():
    matter = matter_of(
        with_head("open: [{title: 春季, from: 2026-03-01, to: 2026-04-30}, {title: 秋季, from: 2026-09-01, to: 2026-10-31}]")
    )
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 4, 30), date(2026, 5, 1), date(2026, 9, 1)]
    found = [window_on(matter.open, day) for day in days]
    assert [one and one.title for one in found] == [None, "春季", "春季", None, "秋季"]


def wish(case, do, opinion="", **typed):
    case.refresh_from_db()
    return MoveWish(do, case.version, typed, opinion, signed=True)


def codes(act):
    return [one.code for one in attempt(act)]


def test_outside_a_call_nothing_is_begun_or_handed_in_and_the_dates_are_told(people, on, shelved):
    shelved(with_head("open: [{title: 秋季, from: 2026-09-01, to: 2026-10-31}]"))
    person = people["person"]
    on("2026-08-31")
    with pytest.raises(Refused) as told:
        open_case(actor=person, matter="yl.small")
    assert [(one.code, "秋季 2026-09-01 – 2026-10-31" in one.zh) for one in told.value.problems] == [("MATTER_CLOSED_NOW", True)]
    on("2026-10-31")
    case = open_case(actor=person, matter="yl.small")
    save_answers(actor=person, case=case.pk, typed={"name": "甲"}, seen={})
    on("2026-11-01")
    assert codes(lambda: move_case(actor=person, case=case.pk, wish=wish(case, "submit"))) == ["MATTER_CLOSED_NOW"]
    on("2026-10-31")
    assert move_case(actor=person, case=case.pk, wish=wish(case, "submit")).state == "check"


UNIT = (
    ("audience: [person]", "audience: [unit]"),
    ("boss: {zh: 审批人, holds: matters.case.decide}", "boss: {zh: 单位审核人, holds: matters.case.confirm, unit: true}"),
    ("do: accept, title: 通过, by: clerk", "do: accept, title: 通过, by: boss"),
)


def test_another_person_of_the_unit_checks_what_is_applied_for(people, shelved, on):
    shelved(small(*UNIT))
    on("2026-09-28")
    firm, mate = people["firm"], people["mate"]
    case = open_case(actor=mate, matter="yl.small")
    save_answers(actor=mate, case=case.pk, typed={"name": "甲"}, seen={})
    move_case(actor=mate, case=case.pk, wish=wish(case, "submit"))
    task = Task.objects.get(key=f"case:{case.pk}:boss")
    assert (task.permission, task.unit, task.not_by, task.url) == (
        "matters.case.confirm",
        case.unit_id,
        mate.account,
        f"/matters/cases/{case.pk}/",
    )
    # Neither the one who applied, nor somebody of the unit without the right, nor the office.
    other = actor_for(make_account("third", "unit_member", unit=case.unit), case.unit_id)
    for actor in (mate, other, people["clerk"], people["officer"]):
        assert codes(lambda actor=actor: move_case(actor=actor, case=case.pk, wish=wish(case, "accept"))) == ["MATTER_MOVE_WHO"]
    assert move_case(actor=firm, case=case.pk, wish=wish(case, "accept")).state == "done"


def test_whoever_applies_never_checks_their_own(people, shelved, on):
    shelved(small(*UNIT))
    on("2026-09-28")
    case = open_case(actor=people["firm"], matter="yl.small")
    save_answers(actor=people["firm"], case=case.pk, typed={"name": "甲"}, seen={})
    move_case(actor=people["firm"], case=case.pk, wish=wish(case, "submit"))
    assert codes(lambda: move_case(actor=people["firm"], case=case.pk, wish=wish(case, "accept"))) == ["MATTER_MOVE_WHO"]


def test_a_child_takes_over_answers_once_and_is_never_typed(people, shelved, on):
    shelved(small(), small(*CHILD))
    on("2026-09-28")
    person = people["person"]
    parent = open_case(actor=person, matter="yl.small")
    save_answers(actor=person, case=parent.pk, typed={"name": "甲"}, seen={})
    assert codes(lambda: open_case(actor=person, matter="yl.child", parent=parent.pk)) == ["MATTER_PARENT"]
    move_case(actor=person, case=parent.pk, wish=wish(parent, "submit"))
    move_case(actor=people["clerk"], case=parent.pk, wish=wish(parent, "accept"))
    child = open_case(actor=person, matter="yl.child", parent=parent.pk)
    save_answers(actor=person, case=child.pk, typed={"name": "乙", "cost": "5"}, seen={})
    child.refresh_from_db()
    assert child.answers == {"name": "甲", "cost": 500}
    assert codes(lambda: open_case(actor=person, matter="yl.child", parent=parent.pk)) == ["MATTER_FOLLOWED"]
    Case.objects.filter(pk=child.pk).update(end="refused", ended_at="2026-09-28T00:00:00Z")
    assert open_case(actor=person, matter="yl.child", parent=parent.pk).parent_id == parent.pk


def test_a_fact_stands_whatever_is_typed(people, shelved, on, monkeypatch):
    ask = "ask: [{id: score, type: decimal, label: 得分, fact: review.score, required: true}],"
    shelved(small(("do: accept, title: 通过, by: clerk,", f"do: accept, title: 通过, by: clerk, {ask}")))
    on("2026-09-28")
    answers = [None, "81.50"]
    monkeypatch.setitem(points._bound, ("facts", "review.score"), lambda _case: answers.pop(0))
    case = open_case(actor=people["person"], matter="yl.small")
    save_answers(actor=people["person"], case=case.pk, typed={"name": "甲"}, seen={})
    move_case(actor=people["person"], case=case.pk, wish=wish(case, "submit"))
    assert codes(lambda: move_case(actor=people["clerk"], case=case.pk, wish=wish(case, "accept", score="99"))) == ["MATTER_REQUIRED"]
    assert move_case(actor=people["clerk"], case=case.pk, wish=wish(case, "accept", score="99")).answers["score"] == "81.50"


def test_days_of_reading_are_counted_like_others():
    assert Review(seats=3).days.after(date(2026, 9, 28), working_calendar()) == date(2026, 10, 16)
