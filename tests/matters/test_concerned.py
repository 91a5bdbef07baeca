"""Letters and reminders find somebody who can act, before anybody has."""

import pytest
from matters.test_cases import do, submitted
from people import give_role, make_account

from keheng.access.models import Account
from keheng.access.service import holders_of
from keheng.kernel.desk.models import Message, Task
from keheng.kernel.desk.tasks import take_task
from keheng.matters.models import Reminder, Substitution
from keheng.matters.service import open_case, remind_due, save_answers, write_letter

pytestmark = pytest.mark.django_db


def told(**which):
    """Logins of those who were told."""
    accounts = Message.objects.filter(**which).values_list("account", flat=True)
    return sorted(Account.objects.filter(pk__in=[int(one) for one in accounts]).values_list("login", flat=True))


def test_a_letter_on_a_case_that_nobody_took_reaches_whoever_could_take_it(people, on):
    make_account("gone", "window_clerk")
    Account.objects.filter(login="gone").update(is_active=False)
    case = submitted(people, on)
    write_letter(actor=people["firm"], case=case.pk, text="请问进度")
    assert told(body="请问进度") == ["clerk", "officer"]


def test_a_letter_goes_to_whoever_took_the_task_alone(people, on):
    case = submitted(people, on)
    take_task(actor=people["officer"], task=Task.objects.get(key=f"case:{case.pk}:accept").pk)
    write_letter(actor=people["firm"], case=case.pk, text="请问进度")
    assert told(body="请问进度") == ["officer"]


def test_an_ended_case_that_nobody_handled_is_answered_by_the_first_role_of_the_office(people, on):
    case = submitted(people, on)
    type(case).objects.filter(pk=case.pk).update(state="lapsed", std="办结", end="closed", ended_at=case.submitted_at)
    write_letter(actor=people["firm"], case=case.pk, text="为什么作结")
    assert told(body="为什么作结") == ["clerk", "officer"]


def test_a_reminder_before_anybody_acted_reaches_whoever_could_take_the_task(people, on):
    submitted(people, on)
    on("2026-10-20")
    assert remind_due() == Reminder.objects.count() == 2
    assert told(key__startswith="clock:") == ["clerk", "officer"]


def test_a_rung_is_not_spent_while_nobody_can_be_told(people, on):
    submitted(people, on)
    Account.objects.filter(login__in=["clerk", "officer"]).update(is_active=False)
    on("2026-10-20")
    assert (remind_due(), Reminder.objects.count(), Message.objects.filter(key__startswith="clock:").count()) == (0, 0, 0)
    Account.objects.filter(login="clerk").update(is_active=True)
    assert remind_due() == Reminder.objects.count() == 2
    assert told(key__startswith="clock:") == ["clerk"]


def test_who_stands_in_is_reminded_too(people, on):
    on("2026-09-28")
    make_account("boss", "leader")
    leave = open_case(actor=people["officer"], matter="yl.leave")
    typed = {"kind": "年休假", "begins": "2026-10-09", "ends": "2026-10-10", "supervisor": "boss"}
    save_answers(actor=people["officer"], case=leave.pk, typed=typed, seen={})
    do(people["officer"], leave, "submit")
    giver, taker = Task.objects.get().account, people["clerk"].account
    Substitution.objects.create(giver=giver, taker=taker, since="2026-09-01", until="2026-12-31", reason="出差")
    on("2026-10-20")
    assert remind_due() > 0
    assert told(key__startswith="clock:") == ["boss", "clerk"]


def test_holders_are_those_whose_reach_takes_the_record_in(people):
    unit = int(people["firm"].unit)
    near = make_account("near", "district_officer", district="YL01")
    make_account("far", "district_officer", district="YL02")
    give_role(near, "district_officer", district="YL03")
    assert holders_of("matters.case.recommend", unit=unit, district="YL01") == [str(near.pk)]
    assert holders_of("matters.case.recommend", unit=unit) == []
    assert holders_of("matters.case.confirm", unit=unit) == [people["firm"].account]
    assert holders_of("matters.case.confirm", unit=unit + 1) == []
