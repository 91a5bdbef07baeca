"""At the door: a scan is not an attendance; whatever is scanned, each person came once."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone, now
from hypothesis import given
from hypothesis import strategies as st
from portal.outreach_made_up import CLERK, HOUR, VISITOR, codes_of, opened, phone, registered, somebody, states, under_way
from portal.test_registrations import READER

from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry
from keheng.portal.actions.checkin import Seen, merge_scans, scan_ticket, walk_in
from keheng.portal.actions.online import check_online, import_online
from keheng.portal.actions.registrations import cancel_registration
from keheng.portal.models import Attendance, OnlineSpan, Registration, Scan
from keheng.portal.queries.activities import counts_of
from keheng.portal.queries.checkin_lists import is_genuine, offline_list, scans_in
from keheng.portal.queries.tickets import registration_on, ticket_of
from keheng.portal.rules.checkin import online_minutes


@pytest.fixture
def sitting(db):
    made = opened(5)
    registered(made, 1, 2, 3)
    cancel_registration(actor=VISITOR, registration=Registration.objects.order_by("pk").last().pk)
    return under_way(made)


def ticket(serial: int) -> str:
    return ticket_of(Registration.objects.get(phone_mark=somebody(serial).mark).pk)


def scan(sitting, code, at=None, gate="东门", device="A1"):
    return scan_ticket(actor=CLERK, session=sitting.pk, seen=Seen(code, at or now(), gate, device))


def test_a_ticket_lets_in_once_and_the_second_scan_shows_the_first(sitting):
    first = scan(sitting, ticket(1))
    assert (first.outcome, first.registration.name, first.first.gate) == ("accepted", "来宾1", "东门")
    again = scan(sitting, ticket(1), gate="西门")
    assert (again.outcome, again.first.pk, again.first.gate, again.first.at) == ("doubled", first.first.pk, "东门", first.first.at)
    assert (Attendance.objects.count(), Scan.objects.count(), states(sitting)) == (1, 2, ["attended", "confirmed", "cancelled"])


def test_a_number_typed_by_the_clerk_does_as_well(sitting):
    number = Registration.objects.get(phone_mark=somebody(2).mark).number
    assert scan(sitting, f" {number.lower()} ").outcome == "accepted"


def test_every_wrong_ticket_is_told_for_what_it_is(sitting):
    other = opened(5)
    registered(other, 9)
    waiting = opened(1)
    registered(waiting, 11, 12)
    assert scan(sitting, ticket(9)).outcome == "other_session"
    assert scan(sitting, ticket(3)).outcome == "cancelled"
    assert scan(under_way(waiting), ticket(12)).outcome == "not_confirmed"
    assert scan(sitting, ticket(1)[:-1] + "x").outcome == "unknown"
    assert scan(sitting, ticket(1), now() + timedelta(hours=5)).outcome == "clock"
    assert scan(sitting, ticket(1), now() - timedelta(days=365)).outcome == "clock"
    assert scan(sitting, ticket(1), now() + timedelta(minutes=30)).outcome == "clock"
    assert (Attendance.objects.count(), Scan.objects.count()) == (0, 7)


def test_lists_of_devices_are_united_whatever_their_order_and_sent_twice(sitting):
    at = now()
    one = [Seen(ticket(1), at, "东门", "A1"), Seen(ticket(2), at, "东门", "A1")]
    two = [Seen(ticket(1), at - timedelta(minutes=5), "西门", "B2"), Seen("nonsense", at, "西门", "B2")]
    merged = merge_scans(actor=CLERK, session=sitting.pk, seen=one)
    assert (merged.new, merged.known, merged.outcomes) == (2, 0, {"accepted": 2})
    merged = merge_scans(actor=CLERK, session=sitting.pk, seen=two)
    assert (merged.new, merged.known, merged.outcomes) == (2, 0, {"doubled": 1, "unknown": 1})
    before = list(Attendance.objects.order_by("pk").values_list("registration__name", "gate"))
    assert before == [("来宾1", "西门"), ("来宾2", "东门")]
    merged = merge_scans(actor=CLERK, session=sitting.pk, seen=one + two)
    assert (merged.new, merged.known, Scan.objects.count()) == (0, 4, 4)
    assert list(Attendance.objects.order_by("pk").values_list("registration__name", "gate")) == before


def test_a_list_uploaded_after_the_end_makes_no_shows_attended(sitting):
    Registration.objects.filter(phone_mark=somebody(2).mark).update(state="no_show")
    assert scan(sitting, ticket(2)).outcome == "accepted"
    assert states(sitting) == ["confirmed", "attended", "cancelled"]


def test_walk_ins_count_as_people_and_stand_outside_the_rate(sitting):
    scan(sitting, ticket(1))
    walk_in(actor=CLERK, session=sitting.pk, who=somebody(50), unit_title="云岭软件有限公司")
    counts = counts_of(sitting.activity)
    assert (counts.attended, counts.confirmed, counts.walk_ins, counts.rate) == (1, 1, 1, 50.0)
    for serial, code in ((50, "CHK_CAME"), (2, "CHK_REGISTERED")):
        with pytest.raises(Refused) as refused:
            walk_in(actor=CLERK, session=sitting.pk, who=somebody(serial))
        assert codes_of(refused) == [(code, "")]
    assert phone(50) not in "".join(AuditEntry.objects.values_list("body", flat=True))


def test_whoever_was_let_in_without_a_ticket_and_shows_it_later_came_once(sitting):
    Registration.objects.filter(phone_mark=somebody(2).mark).update(state="pending")
    walk_in(actor=CLERK, session=sitting.pk, who=somebody(2))
    Registration.objects.filter(phone_mark=somebody(2).mark).update(state="confirmed")
    assert scan(sitting, ticket(2)).outcome == "accepted"
    assert Attendance.objects.get().registration.name == "来宾2"


def test_the_database_keeps_one_attendance_for_a_person(sitting):
    scan(sitting, ticket(1))
    row = Attendance.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(session=sitting, person=row.person, how="list", at=now())


def test_the_list_that_leaves_the_house_names_nobody_in_full_and_is_signed(sitting):
    content = offline_list(sitting)
    assert [(one["name"], registration_on(one["ticket"]) is not None) for one in content["people"]] == [("来*", True), ("来*", True)]
    assert is_genuine(content)
    content["people"][0]["name"] = "王*"
    assert not is_genuine(content)


def test_scans_come_back_as_json_or_csv():
    rows = [{"code": "1:x", "scanned_at": "2026-03-02T09:00:00+08:00", "gate": "东门", "device": "A1"}]
    text = "code,scanned_at,gate,device\n1:x,2026-03-02T09:00:00+08:00,东门,A1\n"
    assert list(scans_in(text.encode("utf-8-sig"))) == rows
    assert list(scans_in(str(rows).replace("'", '"').encode())) == rows
    for wrong in (b"a,b\n1,2\n", b"[1]", b'{"scans": 3}', b"\xff\xfe\x00", b"{"):
        with pytest.raises(ValueError, match=r".*"):
            list(scans_in(wrong))


def online_file(*rows) -> bytes:
    return (
        "报名编号,加入时间,离开时间\n"
        + "".join(f"{number},{joined:%Y-%m-%d %H:%M},{left:%Y-%m-%d %H:%M}\n" for number, joined, left in rows)
    ).encode()


def test_whoever_stayed_online_long_enough_attended_and_the_file_may_come_twice(sitting):
    one, two = Registration.objects.filter(state="confirmed").order_by("pk")
    at = datetime(2026, 3, 2, 9, 0, tzinfo=get_current_timezone())
    minute = timedelta(minutes=1)
    data = online_file(
        (one.number, at, at + 6 * minute), (one.number, at + 4 * minute, at + 10 * minute), (two.number, at, at + 9 * minute)
    )
    checked = check_online(data, sitting.pk)
    assert (checked.problems, import_online(actor=CLERK, session=sitting.pk, rows=checked.rows)) == ((), 1)
    assert import_online(actor=CLERK, session=sitting.pk, rows=checked.rows) == 0
    assert (Attendance.objects.get().registration, Attendance.objects.get().how, OnlineSpan.objects.count()) == (one, "online", 3)
    wrong = check_online(online_file(("BM-0", at, at + minute), (two.number, at, at)), sitting.pk)
    assert [(fault.row, fault.problem.code) for fault in wrong.problems] == [(2, "CHK_NUMBER"), (3, "CHK_SPAN")]
    wrong = check_online("报名编号,加入时间,离开时间\nBM-1,nine,ten\n".encode(), sitting.pk)
    assert [fault.problem.code for fault in wrong.problems] == ["CHK_MOMENT", "CHK_MOMENT"]


SPANS = st.lists(st.tuples(st.integers(0, 600), st.integers(1, 90)), max_size=8)


@given(SPANS)
def test_minutes_online_count_every_minute_once(spans):
    at = datetime(2026, 3, 2, tzinfo=get_current_timezone())
    minutes = {minute for begin, length in spans for minute in range(begin, begin + length)}
    given_spans = [(at + timedelta(minutes=begin), at + timedelta(minutes=begin + length)) for begin, length in spans]
    assert online_minutes(given_spans) == len(minutes)


def test_a_person_s_number_is_in_no_message_of_the_check_in(sitting):
    registered(sitting.activity.sessions.get(), actor=READER)
    with pytest.raises(Refused) as refused:
        scan_ticket(actor=CLERK, session=999, seen=Seen(ticket(1), now() - HOUR))
    assert codes_of(refused) == [("REG_NO_SESSION", "")]
