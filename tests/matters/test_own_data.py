"""What is kept of applicants: shown to them; drafts go when they ask, what was handed in stays with its reason."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now
from matters.test_cases import submitted

from keheng.kernel.personal.holders import all_holders
from keheng.kernel.trail.record import SYSTEM
from keheng.matters.enums import TurnState
from keheng.matters.models import Case, Turn
from keheng.matters.service import discard_draft, open_case, rate_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder():
    return next(one for one in all_holders() if one.code == "matters")


def a_turn(case, number):
    day = localdate() + timedelta(days=1)
    return Turn.objects.create(
        number=number, window="people", day=day, case=case, account=case.applicant, state=TurnState.BOOKED, made_at=now()
    )


def test_a_person_sees_cases_and_turns_and_has_drafts_erased(people, holder):
    person, firm = people["person"], people["firm"]
    draft, mate_s = open_case(actor=person, matter="yl.title"), open_case(actor=firm, matter="yl.it-project")
    turn, key = a_turn(draft, "YY-1"), f"account:{person.account}"
    assert [(one["记录"], one["编号"]) for one in holder.export(key)] == [("办件", "（草稿）"), ("窗口预约", "YY-1")]
    assert (holder.export("person:1"), holder.erase("person:1", SYSTEM).erased) == ([], 0)
    found = holder.erase(key, SYSTEM)
    assert (found.erased, found.kept) == (1, ())
    turn.refresh_from_db()
    assert (turn.case, turn.matter, list(Case.objects.all())) == (None, "yl.title", [mate_s])
    assert holder.erase(f"account:{firm.account}", SYSTEM).erased == 0


def test_what_was_handed_in_stays(people, holder, on):
    case = submitted(people, on)
    Case.objects.filter(pk=case.pk).update(ended_at=now(), end="granted", state="closed")
    rate_case(actor=people["firm"], case=case.pk, stars=4, comment="还可以")
    key = f"account:{people['firm'].account}"
    assert [(one["评价"], one["评价意见"], one["评价答复"]) for one in holder.export(key)] == [("4 星", "还可以", "")]
    found = holder.erase(key, SYSTEM)
    assert (found.erased, [one.count for one in found.kept], Case.objects.count()) == (0, [1], 1)


def test_a_draft_with_a_booked_turn_can_be_thrown_away(people):
    draft = open_case(actor=people["person"], matter="yl.title")
    turn = a_turn(draft, "YY-2")
    discard_draft(actor=people["person"], case=draft.pk)
    turn.refresh_from_db()
    assert (turn.case, turn.state, Case.objects.exists()) == (None, TurnState.BOOKED, False)
