"""People of a year stay countable when their registrations become anonymous, whatever the batches and nights; nobody is known again."""

import hmac
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from portal.outreach_made_up import CLERK, codes_of, phone, somebody

from keheng.kernel.errors import Refused
from keheng.kernel.measures import read, still_holds
from keheng.kernel.periods import Period
from keheng.kernel.personal import retention
from keheng.kernel.personal.holders import all_holders
from keheng.kernel.personal.holds import lift_hold, place_hold
from keheng.kernel.personal.retention import all_bindings, run_binding
from keheng.kernel.trail.record import SYSTEM
from keheng.portal.actions.activities import change_session
from keheng.portal.actions.checkin import Seen, merge_scans, scan_ticket, walk_in
from keheng.portal.actions.online import check_online
from keheng.portal.models import Activity, Attendance, Registration, Session, YearKey
from keheng.portal.queries.tickets import ticket_of
from keheng.portal.rules.activities import SessionFacts
from keheng.portal.rules.people import year_mark

pytestmark = pytest.mark.django_db
YEAR = 2023


def held(month: int, serials, year: int = YEAR, walk_ins=(), account: str = "") -> Session:
    """A session in the middle of a month with those who came to it by ticket and those who walked in."""
    begins = datetime(year, month, 15, 2, tzinfo=UTC)
    ends = begins + timedelta(hours=3)
    days = {"begins_at": begins, "ends_at": ends}
    activity = Activity.objects.create(
        number=f"HD-{year}-{month:05}", kind="lecture", title="讲座", organiser="云岭市科学技术局", state="ended", author="201",
        opens_at=begins - timedelta(days=9), closes_at=begins, **days,
    )  # fmt: skip
    session = Session.objects.create(activity=activity, place="云岭科技馆", capacity=99, taken=len(serials), **days)
    people = [somebody(serial) for serial in serials]
    rows = [
        Registration.objects.create(
            number=f"BM-{year}-{month:02}{place:04}", session=session, name=one.name, phone=one.phone, phone_mark=one.mark, made_at=begins,
            account=account, firm="n:云岭演示", state="confirmed", over_at=ends,
        )
        for place, one in enumerate(people)
    ]  # fmt: skip
    merge_scans(actor=CLERK, session=session.pk, seen=[Seen(ticket_of(row.pk), begins) for row in rows])
    for serial in walk_ins:
        walk_in(actor=CLERK, session=session.pk, who=somebody(serial))
    return session


def bound(rule: str):
    return next(one for one in all_bindings() if one.rule == rule)


def night(moment: datetime) -> None:
    """What the worker does of a night, in the order in which it does it."""
    for rule in sorted(("event_registration", "event_year_key")):
        run_binding(bound(rule), moment)


def figures():
    return [read(code, Period.year(YEAR)) for code in ("portal.event_people", "portal.event_firms")]


@pytest.fixture
def busy_year():
    """Nine people, most of whom came several times; 8 and 9 only walked in, and 3 did so once."""
    held(1, [1, 2, 3, 4], walk_ins=[8])
    held(3, [1, 2, 5], walk_ins=[8, 9])
    held(6, [1, 3, 5, 6])
    held(12, [1, 2, 7], walk_ins=[3])


@pytest.mark.parametrize("batch", [1, 2, 3, 200])
def test_the_people_of_a_year_stay_as_many_whatever_the_batches_and_nights(busy_year, batch, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", batch)
    before = figures()
    assert [one.value.value for one in before] == [9, 1]
    left = []
    for moment in (datetime(2024, month, 20, tzinfo=UTC) for month in (1, 2, 3, 6, 12)):
        night(moment)
        left.append(Registration.objects.filter(anonymised=False).count())
        assert [still_holds(one) for one in before] == [True, True]
    assert (left, YearKey.objects.get().destroyed_at) == ([10, 10, 7, 3, 0], None)
    for moment in (datetime(2025, 1, 3, tzinfo=UTC), datetime(2025, 1, 4, tzinfo=UTC)):
        night(moment)
        assert [still_holds(one) for one in before] == [True, True]


def test_nobody_is_known_again_once_the_year_is_through(busy_year, settings):
    key = YearKey.objects.get().key
    marked = {year_mark(key, somebody(serial).mark) for serial in range(1, 10)}
    assert set(Attendance.objects.values_list("person", flat=True)) == marked
    night(datetime(2025, 1, 3, tzinfo=UTC))
    night(datetime(2025, 1, 4, tzinfo=UTC))
    row = YearKey.objects.get()
    assert (row.key, row.destroyed_at is not None, row.year) == ("", True, YEAR)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM portal_yearkey")
        assert cursor.fetchall() == [("",)]
    # Whoever has every number, the key of the server and all tables finds nobody.
    columns = {*Attendance.objects.values_list("person", flat=True), *Registration.objects.values_list("phone_mark", flat=True)}
    for serial in range(1, 10):
        for secret in ("", settings.SECRET_KEY):
            for value in (somebody(serial).mark, phone(serial)):
                assert hmac.new(secret.encode(), value.encode(), "sm3").hexdigest()[:32] not in columns
        assert somebody(serial).mark not in columns


def test_a_year_whose_key_is_gone_gets_no_other_one(busy_year):
    night(datetime(2025, 1, 3, tzinfo=UTC))
    night(datetime(2025, 1, 4, tzinfo=UTC))
    session, row = Session.objects.first(), Registration.objects.first()
    with pytest.raises(Refused) as refused:
        walk_in(actor=CLERK, session=session.pk, who=somebody(77))
    assert codes_of(refused) == [("CHK_FORGOTTEN", "")]
    assert scan_ticket(actor=CLERK, session=row.session_id, seen=Seen(ticket_of(row.pk), row.made_at, "西门")).outcome == "unknown"
    lines = f"报名编号,加入时间,离开时间\n{row.number},2023-01-15 10:00,2023-01-15 11:00\n".encode()
    assert [fault.problem.code for fault in check_online(lines, session.pk).problems] == ["CHK_NUMBER"]
    assert (YearKey.objects.count(), Attendance.objects.count()) == (1, 18)


def test_a_hold_keeps_the_key_as_long_as_a_registration_names_somebody():
    held(5, [1], account="301")
    held(6, [1, 2])
    hold = place_hold(actor=SYSTEM, target="account:301", document="云岭法函〔2024〕1 号")
    for day in (3, 4):
        night(datetime(2025, 1, day, tzinfo=UTC))
    assert (Registration.objects.filter(anonymised=False).count(), YearKey.objects.get().destroyed_at) == (1, None)
    lift_hold(actor=SYSTEM, hold_id=hold.pk)
    for day in (5, 6):
        night(datetime(2025, 1, day, tzinfo=UTC))
    assert YearKey.objects.get().destroyed_at is not None


def test_who_has_past_registrations_erased_and_comes_again_is_one_person():
    held(5, [1, 2], account="301")
    holder = next(one for one in all_holders() if one.code == "portal.outreach")
    assert holder.erase("account:301", SYSTEM).erased == 2
    held(6, [1])
    assert read("portal.event_people", Period.year(YEAR)).value.value == 2


def test_over_several_years_a_person_counts_once_a_year_before_and_after():
    held(5, [1, 2])
    held(6, [1], year=YEAR + 1)
    span = Period(Period.year(YEAR).begin, Period.year(YEAR + 1).end, "year")
    before = read("portal.event_people", span)
    assert before.value.value == 3
    for year in (2024, 2025, 2026):
        night(datetime(year, 8, 1, tzinfo=UTC))
        assert still_holds(before)


def test_a_session_somebody_came_to_is_not_moved_into_another_year():
    session = held(12, [1])
    Activity.objects.update(state="postponed")
    later = SessionFacts(
        begins_at=session.begins_at + timedelta(days=30), ends_at=session.ends_at + timedelta(days=30), capacity=9, place="馆"
    )
    with pytest.raises(Refused) as refused:
        change_session(actor=CLERK, session=session.pk, facts=later)
    assert codes_of(refused) == [("ACT_SESSION_CAME", "begins_at")]


def test_marks_of_before_there_were_keys_are_renewed(busy_year):
    before, key = figures(), YearKey.objects.get().key
    by_year = {year_mark(key, somebody(serial).mark): somebody(serial).mark for serial in range(1, 10)}
    for row in Attendance.objects.all():
        Attendance.objects.filter(pk=row.pk).update(person=by_year[row.person])
    YearKey.objects.all().delete()
    import_module("keheng.portal.migrations.0008_year_keys").renew_marks(apps, connection.schema_editor())
    assert not set(Attendance.objects.values_list("person", flat=True)) & {*by_year, *by_year.values()}
    assert [still_holds(one) for one in before] == [True, True]
    assert set(Attendance.objects.values_list("person", flat=True)) == {
        year_mark(YearKey.objects.get().key, mark) for mark in by_year.values()
    }
