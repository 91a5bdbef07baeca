"""Whom applicants do not want, and who judged lately: kept from the seats, told with the reason, part of the draw that is run again."""

from datetime import timedelta

import pytest
from directory.made_up import CLERK, organisation, person
from django.utils.timezone import localdate, now
from people import make_account, make_unit
from review import rounds_made_up as made
from review.test_rounds import refused

from keheng.access.models import Account
from keheng.directory.actions.experts import add_avoidance_fact
from keheng.directory.actions.people import add_affiliation
from keheng.directory.actions.relations import add_control
from keheng.directory.service import avoidance_among, avoidance_between
from keheng.kernel.trail.record import Actor
from keheng.review.actions.draws import commit_draw, reveal_draw
from keheng.review.actions.panel import declare_conflict
from keheng.review.actions.rounds import call_judges, open_round
from keheng.review.models import Bar, Round, Seat
from keheng.review.rules.draw import redraw
from keheng.review.rules.rounds import Call, Subject, Unwanted
from keheng.review.rules.seats import Seat as Drawn

pytestmark = pytest.mark.django_db


def bars(row):
    rows = Bar.objects.filter(entry__round=row).select_related("entry", "panelist__expert__person")
    return {(bar.entry.reference, bar.panelist.expert.person.name): bar.reason for bar in rows}


def sitting(row):
    rows = Seat.objects.filter(entry__round=row).select_related("entry", "panelist__expert__person")
    return {(seat.entry.reference, seat.panelist.expert.person.name) for seat in rows}


def unwanting(*unwanted):
    return Subject("X", "申请回避的项目", None, "", unwanted=unwanted)


def test_a_person_a_unit_with_its_relatives_or_both_are_kept_away():
    mother, daughter, other = organisation("云岭集团", 1), organisation("云岭集团检测公司", 2), organisation("云岭学院", 3)
    add_control(actor=CLERK, owner=mother.pk, controlled=daughter.pk, share=100, since=made.LONG_AGO, source="章程")
    called = made.experts(8, [mother, daughter, other, other])
    entry = unwanting(
        Unwanted("专家 05", "", "有过诉讼"), Unwanted("", " 云岭集团 ", "同业竞争"), Unwanted("专家02", "云岭学院", "合作破裂"),
    )  # fmt: skip
    row = made.drawn([entry, *made.subjects(1)], called)
    assert bars(row) == {
        ("X", "专家05"): "申报方申请回避：有过诉讼", ("X", "专家00"): "申报方申请回避：同业竞争", ("X", "专家01"): "申报方申请回避：同业竞争",
        ("X", "专家02"): "申报方申请回避：合作破裂",
    }  # fmt: skip
    assert len(sitting(row)) == 6
    assert not sitting(row) & set(bars(row))
    assert [one.unwanted for one in row.entries.order_by("pk")] == [[], []]


def test_a_person_in_two_units_keeps_away_from_both():
    firm, school, other = organisation("云岭测控公司", 1), organisation("云岭学院", 2), organisation("云岭光学公司", 3)
    called = made.experts(6, [firm])
    add_affiliation(actor=CLERK, person=called[0].person_id, organisation=school.pk, position="兼职教授", since=made.LONG_AGO)
    row = made.drawn(made.subjects(3, [firm, school, other]), called)
    assert bars(row) == {("S0", "专家00"): "任职于云岭测控公司", ("S1", "专家00"): "任职于云岭学院"}
    assert len(sitting(row)) == 9
    assert not sitting(row) & set(bars(row))


@pytest.mark.parametrize("unwanted", [Unwanted("", "", "什么也没写"), Unwanted("专家00", "没有这家单位", ""), Unwanted("外人", "", "")])
def test_who_is_not_on_the_panel_changes_nothing(unwanted):
    row = made.drawn([unwanting(unwanted)], made.experts(3))
    assert (bars(row), len(sitting(row))) == ({}, 3)


def test_so_many_may_be_named_as_the_parameter_says():
    four = unwanting(*(Unwanted(f"专家{number:02}", "", "") for number in range(4)))
    assert refused(lambda: open_round(actor=made.ORGANISER, facts=made.facts(), subjects=[four])) == [("REVIEW_EXCLUSIONS", "subjects")]
    three_and_one = Subject("Y", "", None, "", excluded=(1,), unwanted=four.unwanted[:3])
    assert refused(lambda: open_round(actor=made.ORGANISER, facts=made.facts(), subjects=[three_and_one])) == [
        ("REVIEW_EXCLUSIONS", "subjects")
    ]


def judged(called):
    """A round of the kind in which these experts judged, as its rows stand afterwards."""
    row = made.drawn(made.subjects(1), called)
    for seat in Seat.objects.filter(entry__round=row):
        made.hand_in(seat, 4)
    return row


def test_who_judged_in_the_last_rounds_of_the_kind_rests():
    called = made.experts(12)
    first, second, third = judged(called[:3]), judged(called[3:6]), judged(called[6:9])
    made.drawn(made.subjects(1), called[:3], kind="test.other")
    row = made.drawn(made.subjects(2), called, rests=2)
    assert bars(row) == {
        (entry, f"专家{number:02}"): f"最近 2 轮同类评审中担任过评委（{(second if number < 6 else third).number}）"
        for entry in ("S0", "S1")
        for number in range(3, 9)
    }
    assert first.number not in str(bars(row))
    assert not sitting(row) & set(bars(row))
    free = made.drawn(made.subjects(1), called)
    assert bars(free) == {}


def test_who_was_called_and_did_not_judge_does_not_rest():
    called = made.experts(6)
    made.drawn(made.subjects(1), called[:3])
    judged(called[3:])
    assert {name for _, name in bars(made.drawn(made.subjects(1), called, rests=2))} == {"专家03", "专家04", "专家05"}


def test_a_panel_of_those_who_rest_is_too_small_to_be_drawn_from():
    called = made.experts(4)
    judged(called)
    row = made.opened(made.subjects(1), called, rests=1)
    assert refused(lambda: commit_draw(actor=made.ORGANISER, pk=row.pk)) == [("REVIEW_TOO_FEW", "experts")]


def test_the_published_draw_holds_with_these_bars_and_not_without_them():
    called = made.experts(9)
    judged(called[:3])
    row = made.opened([unwanting(Unwanted("专家05", "", "有过诉讼")), *made.subjects(2)], called, rests=2)
    commit_draw(actor=made.ORGANISER, pk=row.pk)
    one = reveal_draw(actor=made.ORGANISER, pk=row.pk)
    avoided = {entry["ref"]: entry["avoid"] for entry in one.sheet["pool"]["entries"]}
    assert {ref: len(some) for ref, some in avoided.items()} == {"E001": 4, "E002": 3, "E003": 3}
    file = {"sheet": one.sheet, "digest": one.digest, "halves": one.halves, "seats": one.seats}
    assert redraw(file).holds
    without = {**one.sheet, "pool": {**one.sheet["pool"], "entries": [{**each, "avoid": []} for each in one.sheet["pool"]["entries"]]}}
    assert not redraw({**file, "sheet": without}).digest_holds
    barred = Drawn("E001", avoided["E001"][0])
    assert not redraw({**file, "seats": [[barred.entry, barred.judge], *one.seats[1:]]}).seats_hold


def ago(days):
    return localdate() - timedelta(days=days)


@pytest.mark.parametrize(("kind", "since", "until", "counts"), [
    ("paper", 1000, None, True), ("paper", 1100, None, False), ("paper", 1500, 1000, True), ("project", 4000, None, True),
    ("project", 4000, 1000, True), ("project", 4000, 1100, False), ("kin", 4000, None, True), ("kin", 4000, 10, False),
])  # fmt: skip
def test_work_done_together_counts_for_three_years_by_its_dates(kind, since, until, counts):
    called, unit = made.experts(2), organisation("云岭学院", 1)
    boss = person("项目负责人", 7)
    add_affiliation(actor=CLERK, person=boss.pk, organisation=unit.pk, position="教授", since=made.LONG_AGO)
    span = {"since": ago(since), "until": None if until is None else ago(until)}
    for one, other in ((called[0], {"other": boss.pk}), (called[1], {"organisation": unit.pk})):
        add_avoidance_fact(actor=CLERK, person=one.person_id, kind=kind, source="登记", **span, **other)
    found = avoidance_among(called, [unit.pk], {boss.pk}, localdate())
    assert set(found.units) == ({(one.pk, unit.pk) for one in called} if counts else set())
    assert set(found.people) == ({(called[0].pk, boss.pk)} if counts else set())
    assert [bool(avoidance_between(one, unit.pk, localdate())) for one in called] == [counts, counts]


def applying(called, **told):
    """Somebody's application beside two others, drawn with all judges called."""
    return made.drawn([Subject("OWN", "本人申报", None, "", **told), *made.subjects(2)], called)


def test_nobody_sits_on_the_application_of_their_own_account():
    called = made.experts(4)
    row = applying(called, account=made.account_of(2))
    assert bars(row) == {("OWN", "专家02"): "专家本人的申报"}
    assert not sitting(row) & set(bars(row))
    assert [one["avoid"] for one in row.draws.get().sheet["pool"]["entries"]] == [["J003"], [], []]


def test_nobody_replaces_others_on_their_own_application_nor_scores_it():
    called = made.experts(4)
    row = applying(called, account=made.account_of(2))
    # Even where the list of reasons lost the line.
    Bar.objects.all().delete()
    leaving = Seat.objects.filter(entry__reference="OWN").order_by("pk").first()
    declare_conflict(actor=Actor(leaving.panelist.account), seat=leaving.pk, reason="合作者")
    own = row.panel.get(account=made.account_of(2))
    live = row.entries.get(reference="OWN").seats.exclude(state="dropped")
    assert (live.count(), live.filter(panelist=own).count()) == (2, 0)
    seat = Seat.objects.create(entry=row.entries.get(reference="OWN"), panelist=own, draw=row.draws.get(number=0))
    assert refused(lambda: made.hand_in(seat, 5)) == [("REVIEW_OWN", "")]
    theirs = Subject("P", "项目", None, "", people=(called[0].person_id,))
    other = made.drawn([theirs], called)
    first = other.panel.get(expert=called[0])
    seat = Seat.objects.create(entry=other.entries.get(), panelist=first, draw=other.draws.get(number=0))
    assert refused(lambda: made.hand_in(seat, 5)) == [("REVIEW_OWN", "")]


def test_an_employer_keeps_its_people_away_with_its_relatives():
    mother, daughter = organisation("云岭集团", 1), organisation("云岭集团检测公司", 2)
    add_control(actor=CLERK, owner=mother.pk, controlled=daughter.pk, share=100, since=made.LONG_AGO, source="章程")
    row = applying(made.experts(6, [mother]), units=(daughter.pk,))
    assert bars(row) == {("OWN", "专家00"): "任职于云岭集团（上级或控制方）"}


def test_who_may_act_for_the_applying_unit_keeps_away():
    unit = make_unit(credit_code="91990101000DBCMM5J")
    manager = make_account("manager", "unit_manager", unit=unit)
    called = made.experts(4)
    row = made.opened([Subject("U", "本单位申报", unit.pk, "")], called[:3])
    call_judges(actor=made.ORGANISER, pk=row.pk, calls=[Call(called[3].pk, str(manager.pk), "技术")])
    commit_draw(actor=made.ORGANISER, pk=row.pk)
    reveal_draw(actor=made.ORGANISER, pk=row.pk)
    assert bars(row) == {("U", "专家03"): "专家的账号可以代表申报单位办事"}
    assert not sitting(row) & set(bars(row))


def test_an_expert_is_not_called_under_somebody_elses_account():
    called = made.experts(2)
    account = make_account("own", "citizen")
    Account.objects.filter(pk=account.pk).update(person=called[0].person_id)
    row = made.opened(made.subjects(1), [])

    def call(expert):
        return call_judges(actor=made.ORGANISER, pk=row.pk, calls=[Call(expert.pk, str(account.pk), "技术")])

    assert refused(lambda: call(called[1])) == [("REVIEW_ACCOUNT_OTHER", "login")]
    assert len(call(called[0])) == 1


def test_what_was_declared_and_refused_counts_in_later_rounds_with_the_same_applicant():
    unit, called = organisation("云岭材料研究院", 1), made.experts(8)
    before = made.drawn(
        [Subject("A", "甲", unit.pk, "", excluded=(called[7].pk,)), Subject("B", "乙", None, "", account="77"), *made.subjects(1)],
        called[3:],
    )
    first = {}
    for reference in ("A", "B"):
        seat = Seat.objects.filter(entry__round=before, entry__reference=reference, state="open").order_by("pk").first()
        first[reference] = seat.panelist.expert.person.name
        declare_conflict(actor=Actor(seat.panelist.account), seat=seat.pk, reason="合作者")
    again = [Subject("A2", "甲二", unit.pk, ""), Subject("B2", "乙二", None, "", account="77"), Subject("C2", "丙", None, "", account="78")]
    row = made.drawn(again, called)
    assert bars(row) == {
        ("A2", "专家07"): f"{before.number}：申报方申请回避",
        ("A2", first["A"]): f"{before.number}：专家申报回避：合作者",
        ("B2", first["B"]): f"{before.number}：专家申报回避：合作者",
    }
    assert not sitting(row) & set(bars(row))
    # It is told of the round it was said in, and ends when that is long ago.
    third = made.drawn(again[:1], called)
    assert {reason.split("：")[0] for reason in bars(third).values()} == {before.number}
    Round.objects.filter(pk=before.pk).update(opened_at=now() - timedelta(days=1100))
    assert bars(made.drawn(again[:1], called)) == {}
