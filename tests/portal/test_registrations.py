"""Registering: everything wrong at once, places never exceeded, whoever waits moves up when somebody cancels."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from subprocess import PIPE, Popen
from sys import executable
from threading import Barrier

import pytest
from directory.made_up import organisation
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st
from portal.outreach_made_up import ORGANISER, VISITOR, codes_of, opened, phone, registered, somebody, states

from keheng.kernel.desk.models import Message, Task
from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry, Job
from keheng.kernel.trail.record import Actor
from keheng.portal.actions.registrations import cancel_registration, decide_registration, register_people
from keheng.portal.actions.reminding import remind, send_notice
from keheng.portal.models import Activity, Registration, Session
from keheng.portal.rules.registrations import attendee, firm_key

READER = Actor("301", "citizen")


@pytest.mark.django_db
def test_everything_wrong_with_a_registration_is_told_at_once_and_names_nobody():
    sitting = opened(5)
    registered(sitting, 1)
    wrong = [attendee("", "12"), attendee("甲", phone(2)), attendee("乙", phone(2))]
    with pytest.raises(Refused) as refused:
        register_people(actor=VISITOR, session=sitting.pk, people=wrong)
    assert codes_of(refused) == [("REG_NAME", "name"), ("REG_PHONE", "phone"), ("REG_TWICE_HERE", "people")]
    with pytest.raises(Refused) as refused:
        registered(sitting, 1)
    assert codes_of(refused) == [("REG_TWICE", "phone")]
    with pytest.raises(Refused) as refused:
        register_people(actor=VISITOR, session=999, people=wrong)
    assert codes_of(refused) == [("REG_NO_SESSION", "")]
    with pytest.raises(Refused) as refused:
        register_people(actor=VISITOR, session=sitting.pk, people=[somebody(one) for one in range(10, 31)])
    assert codes_of(refused) == [("REG_TOO_MANY", "people")]
    bodies = "".join(AuditEntry.objects.values_list("body", flat=True))
    assert phone(1) not in bodies
    assert "来宾" not in bodies


@pytest.mark.django_db
def test_the_window_counts_even_where_the_state_lags_behind():
    sitting = opened(5)
    Activity.objects.update(closes_at=now())
    with pytest.raises(Refused) as refused:
        registered(sitting, 1)
    assert codes_of(refused) == [("REG_OVER", "")]
    Activity.objects.update(opens_at=now() + timedelta(hours=1), closes_at=now() + timedelta(hours=2))
    with pytest.raises(Refused) as refused:
        registered(sitting, 1)
    assert codes_of(refused) == [("REG_NOT_YET", "")]


@pytest.mark.django_db
def test_a_number_is_sealed_and_a_person_registers_once_in_the_database_too():
    sitting = opened(5)
    (row,) = register_people(actor=VISITOR, session=sitting.pk, people=[attendee("  李  四 ", "＋86 199-0000-0007")])
    assert (row.name, row.phone) == ("李 四", "19900000007")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM portal_registration")
        assert cursor.fetchone()[0].startswith("s1.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(
            number="x",
            session=sitting,
            name="李四",
            phone=row.phone,
            phone_mark=row.phone_mark,
            state="waiting",
            made_at=now(),
            over_at=now(),
        )
    cancel_registration(actor=VISITOR, registration=row.pk)
    assert registered(sitting, 7)[0].state == "confirmed"


@pytest.mark.django_db
def test_places_are_taken_then_people_wait_and_move_up_first_come_first_served():
    sitting = opened(1)
    one, two, three = registered(sitting, 1, 2, 3, actor=READER)
    assert (states(sitting), Session.objects.get().taken) == (["confirmed", "waiting", "waiting"], 1)
    cancel_registration(actor=VISITOR, registration=two.pk)
    (moved,) = cancel_registration(actor=VISITOR, registration=one.pk)
    assert (moved.pk, states(sitting), Session.objects.get().taken) == (three.pk, ["cancelled", "cancelled", "confirmed"], 1)
    told = list(Message.objects.filter(account=READER.account).order_by("pk").values_list("title", flat=True))
    assert told[-2:] == ["报名已取消：云岭科技开放日", "候补成功，您有名额了：云岭科技开放日"]
    with pytest.raises(Refused) as refused:
        cancel_registration(actor=VISITOR, registration=one.pk)
    assert codes_of(refused) == [("REG_STATE", "")]
    with pytest.raises(Refused) as refused:
        cancel_registration(actor=VISITOR, registration=999)
    assert codes_of(refused) == [("REG_UNKNOWN", "")]


@pytest.mark.django_db
def test_newcomers_do_not_overtake_those_who_wait():
    sitting = opened(1)
    registered(sitting, 1, 2)
    Session.objects.update(capacity=2)
    assert registered(sitting, 3)[0].state == "waiting"


@pytest.mark.django_db
def test_without_a_waiting_list_a_group_that_does_not_fit_is_refused_whole():
    sitting = opened(3, waiting_list=False)
    registered(sitting, 1, 2)
    with pytest.raises(Refused) as refused:
        register_people(actor=VISITOR, session=sitting.pk, people=[somebody(3), somebody(4)])
    assert codes_of(refused) == [("REG_FULL", "")]
    assert (states(sitting), Session.objects.get().taken) == (["confirmed", "confirmed"], 2)


@pytest.mark.django_db
def test_a_unit_registers_several_within_its_limit():
    unit = organisation("云岭材料有限公司", 1)
    sitting = opened(9, per_unit=3)
    group = register_people(actor=READER, session=sitting.pk, people=[somebody(1), somebody(2)], unit=unit.pk, unit_title=unit.name)
    assert len({one.batch for one in group}) == 1
    assert group[0].batch.startswith("BT-")
    with pytest.raises(Refused) as refused:
        register_people(actor=READER, session=sitting.pk, people=[somebody(3), somebody(4)], unit=unit.pk, unit_title=unit.name)
    assert codes_of(refused) == [("REG_PER_UNIT", "people")]
    assert registered(sitting, 5, 6, 7, unit_title="云岭软件有限公司")[2].firm == "n:云岭软件有限公司"
    assert (firm_key(3, "甲"), firm_key(None, " ＡＢ 公司"), firm_key(None, " ")) == ("u:3", "n:ab公司", "")


@pytest.mark.django_db
def test_where_registrations_are_looked_at_a_refused_place_goes_on():
    sitting = opened(1, moderated=True)
    one, two = registered(sitting, 1, 2)
    assert (states(sitting), Task.objects.get().permission) == (["pending", "waiting"], "portal.registration.decide")
    with pytest.raises(Refused) as refused:
        decide_registration(actor=ORGANISER, registration=one.pk, agreed=False)
    assert codes_of(refused) == [("ACT_REASON", "reason")]
    decide_registration(actor=ORGANISER, registration=one.pk, agreed=False, reason="非本地企业")
    assert (states(sitting), Session.objects.get().taken, Task.objects.count()) == (["refused", "pending"], 1, 1)
    decide_registration(actor=ORGANISER, registration=two.pk, agreed=True)
    assert (states(sitting), Task.objects.count()) == (["refused", "confirmed"], 0)
    with pytest.raises(Refused) as refused:
        decide_registration(actor=ORGANISER, registration=two.pk, agreed=True)
    assert codes_of(refused) == [("REG_STATE", "")]


@pytest.mark.django_db
def test_people_are_reminded_once_a_rung_and_by_short_message_without_an_account(monkeypatch):
    sent = []
    monkeypatch.setattr(
        "keheng.portal.actions.reminding.chosen", lambda _point: type("M", (), {"send": lambda _self, to, text: sent.append((to, text))})()
    )
    sitting = opened(5)
    registered(sitting, 1, language="en")
    registered(sitting, 2, actor=READER)
    begins = Session.objects.get().begins_at
    Registration.objects.update(made_at=begins - timedelta(hours=80))
    reminders = Message.objects.filter(title__startswith="活动提醒")
    for hours, expected in ((71, 1), (70, 1), (23, 2), (3, 2), (1.5, 3), (1, 3)):
        remind(begins - timedelta(hours=hours))
        assert reminders.count() == expected
        assert Job.objects.filter(kind="portal.send_notice", key__contains="reminder").count() == expected
    remind(begins)
    assert reminders.count() == 3
    job = Job.objects.filter(key__contains="reminder").first()
    send_notice(json.loads(job.payload))
    assert (sent[0][0], phone(1) in job.payload, "云岭科技开放日" in sent[0][1]) == (phone(1), False, True)
    Registration.objects.update(made_at=begins - timedelta(hours=1), phone="")
    send_notice(json.loads(job.payload))
    assert len(sent) == 1


@pytest.mark.django_db
def test_whoever_registers_late_is_not_reminded_of_rungs_that_are_past():
    sitting = opened(5)
    registered(sitting, 2, actor=READER)
    begins = Session.objects.get().begins_at
    Registration.objects.update(made_at=begins - timedelta(hours=10))
    remind(begins - timedelta(hours=9))
    assert Message.objects.filter(title__startswith="活动提醒").count() == 0
    remind(begins - timedelta(hours=2))
    assert Message.objects.filter(title__startswith="活动提醒").count() == 1


@given(st.text(max_size=30), st.text("+0123456789０１９ -（）()＋", max_size=20))
def test_any_name_and_number_have_one_normal_form(name, number):
    once = attendee(name, number)
    assert attendee(once.name, once.phone) == once
    assert repr(once) == "Attendee(…)"


def try_all(numbers, session):
    """One registration after the other: how many were let in or wait."""
    together = Barrier(len(numbers))

    def run(serial):
        together.wait()
        try:
            return register_people(actor=VISITOR, session=session, people=[somebody(serial)])[0].state
        except Refused as refused:
            return refused.problems[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(numbers)) as pool:
        return list(pool.map(run, numbers))


def test_fifty_at_once_never_take_more_places_than_there_are(fresh):
    sitting = opened(20)
    came = try_all(range(50), sitting.pk)
    assert (came.count("confirmed"), came.count("waiting")) == (20, 30)
    assert Session.objects.get().taken == 20
    order = Registration.objects.filter(state="waiting").order_by("waiting_since", "pk")
    first = order.first()
    cancel_registration(actor=VISITOR, registration=Registration.objects.filter(state="confirmed").first().pk)
    first.refresh_from_db()
    assert (first.state, Session.objects.get().taken) == ("confirmed", 20)


PROCESS = """
import sys
import django
django.setup()
from keheng.kernel.errors import Refused
from keheng.portal.actions.registrations import register_people
from keheng.kernel.trail.record import Actor
from keheng.portal.rules.registrations import attendee
session, first = int(sys.argv[1]), int(sys.argv[2])
sys.stdin.readline()
for serial in range(first, first + 10):
    print(register_people(actor=Actor(""), session=session, people=[attendee("来宾", f"1990000{serial:04}")])[0].state)
"""


def test_five_processes_of_ten_never_take_more_places_than_there_are(fresh):
    sitting = opened(20)
    processes = [
        Popen([executable, "-c", PROCESS, str(sitting.pk), str(first)], stdin=PIPE, stdout=PIPE, text=True) for first in range(0, 50, 10)
    ]
    for one in processes:
        one.stdin.write("go\n")
        one.stdin.flush()
    came = "".join(one.communicate(timeout=120)[0] for one in processes).split()
    assert (came.count("confirmed"), came.count("waiting"), [one.returncode for one in processes]) == (20, 30, [0] * 5)
    assert Session.objects.get().taken == 20


def test_the_same_person_at_once_registers_once(fresh):
    sitting = opened(20)
    assert sorted(try_all([7] * 6, sitting.pk)) == ["REG_TWICE"] * 5 + ["confirmed"]
    assert Session.objects.get().taken == 1


@pytest.mark.django_db
def test_the_database_lets_no_session_be_overfull():
    opened(3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.update(taken=4)
