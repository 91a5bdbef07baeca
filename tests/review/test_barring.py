"""Whom applicants do not want, and who judged lately: kept from the seats, told with the reason, part of the draw that is run again."""

import pytest
from directory.made_up import CLERK, organisation
from review import rounds_made_up as made
from review.test_rounds import refused

from keheng.directory.actions.relations import add_control
from keheng.review.actions.draws import commit_draw, reveal_draw
from keheng.review.actions.rounds import open_round
from keheng.review.models import Bar, Seat
from keheng.review.rules.draw import redraw
from keheng.review.rules.rounds import Subject, Unwanted
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
