"""Colleagues named in a form, several who agree, and substitutes."""

from datetime import date

import pytest
from matters.test_cases import codes, do
from people import actor_for, make_account

from keheng.access.models import Account
from keheng.kernel.desk.models import Task
from keheng.matters.models import CaseEvent
from keheng.matters.service import open_case, save_answers, substitute

pytestmark = pytest.mark.django_db


def leave(people, on, **change):
    on("2026-09-28")
    make_account("boss", "leader")
    case = open_case(actor=people["clerk"], matter="yl.leave")
    typed = {"kind": "年休假", "begins": "2026-10-09", "ends": "2026-10-15", "supervisor": "boss"} | change
    save_answers(actor=people["clerk"], case=case.pk, typed=typed, seen={})
    return case


def boss():
    return actor_for(Account.objects.get(login="boss"))


def test_colleagues_named_in_a_form_decide_then_two_countersign(people, on):
    case = do(people["clerk"], leave(people, on), "submit")
    assert Task.objects.get().account == boss().account
    assert codes(lambda: do(people["leader"], case, "agree")) == ["MATTER_MOVE_WHO"]
    case = do(boss(), case, "agree")
    assert sorted(Task.objects.values_list("permission", flat=True)) == ["matters.case.decide", "matters.case.examine"]
    case = do(people["officer"], case, "agree")
    assert (case.state, case.version) == ("sign", 3)
    assert list(Task.objects.values_list("permission", flat=True)) == ["matters.case.decide"]
    assert codes(lambda: do(people["officer"], case, "agree")) == ["MATTER_MOVE_WHO", "MATTER_AGREED"]
    assert do(people["leader"], case, "agree").end == "granted"


def test_unknown_colleagues_and_oneself_are_refused(people, on):
    assert codes(lambda: do(people["clerk"], leave(people, on, supervisor="nobody"), "submit")) == ["MATTER_COLLEAGUE"]
    case = open_case(actor=people["officer"], matter="yl.leave")
    typed = {"kind": "年休假", "begins": "2026-10-09", "ends": "2026-10-15", "supervisor": "officer"}
    save_answers(actor=people["officer"], case=case.pk, typed=typed, seen={})
    assert codes(lambda: do(people["officer"], case, "submit")) == ["MATTER_COLLEAGUE_SELF"]


def test_a_substitute_acts_in_the_place_of_who_is_named(people, on):
    case = do(people["clerk"], leave(people, on), "submit")
    assert codes(lambda: substitute(actor=boss(), login="boss", since=date(2026, 9, 27), until=date(2026, 9, 27), reason="")) == [
        "MATTER_COLLEAGUE", "MATTER_SUBSTITUTE_DAYS", "MATTER_OPINION",
    ]  # fmt: skip
    substitute(actor=boss(), login="officer", since=date(2026, 9, 29), until=date(2026, 10, 9), reason="出差")
    assert codes(lambda: do(people["officer"], case, "agree")) == ["MATTER_MOVE_WHO"]
    on("2026-09-29")
    case = do(people["officer"], case, "agree")
    assert CaseEvent.objects.get(do="agree").instead_of == boss().account
    assert case.state == "sign"
