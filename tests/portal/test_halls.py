"""Halls: slots are had once, guides are with one group, what was seen and counted stays as it was."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from itertools import permutations
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import get_current_timezone
from hypothesis import given
from hypothesis import strategies as st
from portal.halls_made_up import WEEK, a_guide, a_hall, at, booked, day, group, hall_facts, scheduled
from portal.outreach_made_up import ORGANISER, VISITOR, codes_of, phone

from keheng.kernel.desk.models import Message, Task
from keheng.kernel.errors import Refused
from keheng.kernel.models import Job
from keheng.kernel.search.models import Entry
from keheng.kernel.trail.record import Actor
from keheng.portal.actions.hall_visits import (
    approve_visit,
    cancel_visit,
    finish_visit,
    miss_visit,
    refuse_visit,
    request_visit,
    schedule_visit,
    start_visit,
)
from keheng.portal.actions.halls import (
    change_hall,
    close_hall,
    inspect_hall,
    mend_defect,
    note_acceptance,
    read_counter,
    reopen_hall,
    save_guide,
)
from keheng.portal.actions.reminding import send_visit
from keheng.portal.enums.halls import VisitState
from keheng.portal.enums.outreach import checklist
from keheng.portal.models import Closure, CounterReading, Defect, Guide, Hall, Inspection, Visit
from keheng.portal.queries.halls import day_sheet, free_guides, known_of, month_of, year_of
from keheng.portal.rules.halls import NEXT
from keheng.portal.rules.slots import Held, Known, can_match, slots_of

db = pytest.mark.django_db


def known(**more):
    values = {
        "hall": 1, "minutes": 60, "hours": {0: (time(9), time(12, 30))}, "closed": [], "held": [], "guides": {1: ["zh-hans"], 2: ["en"]},
        "earliest": datetime(2026, 1, 1, tzinfo=get_current_timezone()), "last_day": date(2026, 12, 31),
    }  # fmt: skip
    return Known(**values | more)


MONDAY = date(2026, 3, 2)


def held(hall=1, hour=10, length=1, language="zh-hans", guide=None):
    begins = datetime.combine(MONDAY, time(hour), get_current_timezone())
    return Held(hall, begins, begins + timedelta(hours=length), language, guide)


def why(known_now, language="zh-hans", on=MONDAY):
    return [one.why for one in slots_of(known_now, on, language)]


def test_slots_are_whole_and_within_the_opening_times():
    assert why(known()) == ["", "", ""]
    assert why(known(), on=date(2026, 3, 3)) == []
    assert why(known(closed=[(date(2026, 3, 1), date(2026, 3, 3))])) == []
    assert why(known(closed=[(date(2026, 3, 1), MONDAY)])) == ["", "", ""]
    assert why(known(held=[held(), held(hall=2, hour=9, length=2, guide=1)])) == ["guides", "taken", ""]
    assert why(known(earliest=datetime(2026, 3, 2, 10, 30, tzinfo=get_current_timezone()))) == ["past", "past", ""]
    assert why(known(last_day=date(2026, 3, 1))) == ["past"] * 3


def test_a_guide_who_will_be_needed_elsewhere_is_not_promised():
    two = {1: ["zh-hans", "en"], 2: ["zh-hans"]}
    beside = [held(hall=2, language="zh-hans")]
    assert why(known(guides=two, held=beside), "en") == ["", "", ""]
    assert why(known(guides=two, held=[held(hall=2, language="en")]), "en") == ["", "guides", ""]
    assert why(known(guides=two, held=[held(hall=2, guide=1)]), "en") == ["", "guides", ""]
    assert why(known(guides={}), "ko") == ["guides"] * 3


CHOICES = st.lists(st.sets(st.integers(0, 4), max_size=4), max_size=5)


@given(CHOICES)
def test_matching_finds_what_trying_everything_finds(choices):
    everything = any(all(one in wish for one, wish in zip(order, choices, strict=False)) for order in permutations(range(5), len(choices)))
    assert can_match(choices) == everything


@db
def test_everything_wrong_with_a_request_is_told_at_once():
    hall = a_hall()
    a_guide()
    with pytest.raises(Refused) as refused:
        booked(hall, at(hour=8), unit_title=" ", people=31, language="fr")
    assert codes_of(refused) == [
        ("VISIT_UNIT", "unit_title"),
        ("VISIT_PEOPLE", "people"),
        ("VISIT_LANGUAGE", "language"),
        ("VISIT_SLOT", "slot"),
    ]
    for moment, language, code in (
        (at(days=0), "zh-hans", "VISIT_PAST"),
        (at(days=100), "zh-hans", "VISIT_PAST"),
        (at(), "ja", "VISIT_NO_GUIDE"),
        (at(minute=30), "zh-hans", "VISIT_SLOT"),
    ):
        with pytest.raises(Refused) as refused:
            booked(hall, moment, language=language)
        assert codes_of(refused) == [(code, "slot")]
    with pytest.raises(Refused) as refused:
        request_visit(actor=VISITOR, hall=99, begins_at=at(), facts=group())
    assert codes_of(refused) == [("VISIT_HALL", "")]


@db
def test_a_visit_goes_its_way_with_both_heads_kept(monkeypatch):
    sent = []
    monkeypatch.setattr(
        "keheng.portal.actions.reminding.chosen", lambda _point: type("M", (), {"send": lambda _self, to, text: sent.append((to, text))})()
    )
    hall, guide = a_hall(), a_guide(account="401")
    visit = booked(hall)
    assert (visit.state, visit.number[:3], Task.objects.get().permission) == ("requested", "CG-", "portal.visit.decide")
    send_visit({"visit": visit.pk, "what": "requested"})
    assert (sent[0][0], "云岭科创展厅" in sent[0][1]) == (phone(1), True)
    approve_visit(actor=ORGANISER, visit=visit.pk)
    assert [one.pk for one in free_guides(visit)] == [guide.pk]
    schedule_visit(actor=ORGANISER, visit=visit.pk, guide=guide.pk)
    assert (Task.objects.count(), [one.pk for one in day_sheet("401", at().date())]) == (0, [visit.pk])
    with pytest.raises(Refused) as refused:
        miss_visit(actor=ORGANISER, visit=visit.pk)
    assert codes_of(refused) == [("VISIT_EARLY", "")]
    start_visit(actor=ORGANISER, visit=visit.pk)
    with pytest.raises(Refused) as refused:
        finish_visit(actor=ORGANISER, visit=visit.pk, counted=0)
    assert codes_of(refused) == [("VISIT_COUNTED", "counted")]
    finish_visit(actor=ORGANISER, visit=visit.pk, counted=18)
    row = Visit.objects.get()
    assert (row.state, row.people, row.counted) == ("done", 20, 18)
    with pytest.raises(Refused) as refused:
        cancel_visit(actor=VISITOR, visit=visit.pk)
    assert codes_of(refused) == [("ACT_STATE", ""), ("REG_STATE", "")]
    assert Job.objects.filter(kind="portal.send_visit").count() == 3


def test_every_state_leads_only_where_the_table_says():
    assert set(NEXT) == set(VisitState.values)
    reached = {"requested"}
    for _ in NEXT:
        reached |= {to for one in reached for to in NEXT[one]}
    assert reached == set(VisitState.values)


@db
def test_a_refused_or_cancelled_visit_gives_its_slot_back():
    hall = a_hall()
    a_guide()
    visit = booked(hall, actor=Actor("301"))
    with pytest.raises(Refused) as refused:
        booked(hall)
    assert codes_of(refused) == [("VISIT_TAKEN", "slot")]
    with pytest.raises(Refused) as refused:
        refuse_visit(actor=ORGANISER, visit=visit.pk, reason="")
    assert codes_of(refused) == [("ACT_REASON", "reason")]
    refuse_visit(actor=ORGANISER, visit=visit.pk, reason="设备检修")
    again = booked(hall)
    cancel_visit(actor=VISITOR, visit=again.pk)
    assert booked(hall).state == "requested"
    assert "设备检修" in Message.objects.get(account="301", title__contains="未通过").body


@db
def test_a_guide_speaks_the_language_and_is_with_one_group():
    hall, other = a_hall(), a_hall(code="er", title="二号展厅")
    one, two = a_guide("甲", ["zh-hans", "en"]), a_guide("乙", ["zh-hans"])
    first = scheduled(hall, one)
    second = booked(other)
    approve_visit(actor=ORGANISER, visit=second.pk)
    with pytest.raises(Refused) as refused:
        schedule_visit(actor=ORGANISER, visit=second.pk, guide=one.pk)
    assert codes_of(refused) == [("VISIT_GUIDE_BUSY", "guide")]
    with pytest.raises(Refused) as refused:
        schedule_visit(actor=ORGANISER, visit=second.pk, guide=99)
    assert codes_of(refused) == [("VISIT_GUIDE", "guide")]
    schedule_visit(actor=ORGANISER, visit=second.pk, guide=two.pk)
    english = booked(hall, at(hour=14), language="en")
    approve_visit(actor=ORGANISER, visit=english.pk)
    with pytest.raises(Refused) as refused:
        schedule_visit(actor=ORGANISER, visit=english.pk, guide=two.pk)
    assert codes_of(refused) == [("VISIT_GUIDE_LANGUAGE", "guide")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=second.pk).update(guide=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=english.pk).update(
            begins_at=first.begins_at + timedelta(minutes=30), ends_at=first.ends_at + timedelta(minutes=30)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=english.pk).update(state="done")


def at_once(*acts):
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


def test_a_slot_asked_for_at_once_is_had_once_and_a_guide_given_at_once_is_with_one(fresh):
    hall, other = a_hall(), a_hall(code="er", title="二号展厅")
    one, two = a_guide("甲"), a_guide("乙")
    assert at_once(*[lambda: booked(hall)] * 5) == ["VISIT_TAKEN"] * 4 + ["done"]
    second = booked(other)
    for visit in Visit.objects.all():
        approve_visit(actor=ORGANISER, visit=visit.pk)
    numbers = list(Visit.objects.values_list("pk", flat=True))
    assert at_once(*(lambda pk=pk: schedule_visit(actor=ORGANISER, visit=pk, guide=one.pk) for pk in numbers)) == [
        "VISIT_GUIDE_BUSY",
        "done",
    ]
    assert (two.pk, second.pk in numbers) == (two.pk, True)


@db
def test_shutting_a_hall_tells_those_who_had_booked_and_explains_the_shortfall():
    hall = a_hall()
    a_guide()
    visit = booked(hall, actor=Actor("301"))
    with pytest.raises(Refused) as refused:
        close_hall(actor=ORGANISER, hall=hall.pk, since=day(9), until=day(9), reason="")
    assert codes_of(refused) == [("ACT_REASON", "reason"), ("HALL_CLOSURE_SPAN", "until")]
    closure, told = close_hall(actor=ORGANISER, hall=hall.pk, since=day(6), until=day(9), reason="布展")
    assert (told, Visit.objects.get().state, Message.objects.filter(account="301").last().title[:5]) == (1, "cancelled", "参观已取消")
    with pytest.raises(Refused) as refused:
        booked(hall)
    assert codes_of(refused) == [("VISIT_SLOT", "slot")]
    with pytest.raises(Refused) as refused:
        close_hall(actor=ORGANISER, hall=hall.pk, since=day(8), until=day(10), reason="再布展")
    assert codes_of(refused) == [("HALL_CLOSED_ALREADY", "since")]
    assert visit.hall_id == hall.pk
    reopen_hall(actor=ORGANISER, closure=closure.pk)
    assert (Closure.objects.count(), booked(hall).state) == (0, "requested")
    begun, _ = close_hall(actor=ORGANISER, hall=hall.pk, since=day(-2), until=day(3), reason="检修")
    reopen_hall(actor=ORGANISER, closure=begun.pk)
    assert (Closure.objects.get().until, year_of(hall, day(-1).year)["shut"] >= 1) == (day(0), True)
    with pytest.raises(Refused) as refused:
        reopen_hall(actor=ORGANISER, closure=begun.pk)
    assert codes_of(refused) == [("HALL_CLOSURE_OVER", "")]


@db
def test_a_hall_is_inspected_once_a_day_and_defects_stay_until_mended():
    hall = a_hall()
    fine = {one.code: "ok" for one in checklist()}
    with pytest.raises(Refused) as refused:
        inspect_hall(actor=ORGANISER, hall=hall.pk, day=day(1), items={"power": "defect"}, texts={})
    assert codes_of(refused) == [("INSPECTION_AHEAD", "day"), ("INSPECTION_DEFECT", "power_text")] + [
        ("INSPECTION_ITEM", one.code) for one in checklist()[1:]
    ]
    inspect_hall(actor=ORGANISER, hall=hall.pk, day=day(0), items=fine | {"screens": "defect"}, texts={"screens": "二号屏无信号"})
    with pytest.raises(Refused) as refused:
        inspect_hall(actor=ORGANISER, hall=hall.pk, day=day(0), items=fine, texts={})
    assert codes_of(refused) == [("INSPECTION_TWICE", "day")]
    defect = Defect.objects.get()
    mend_defect(actor=ORGANISER, defect=defect.pk)
    with pytest.raises(Refused) as refused:
        mend_defect(actor=ORGANISER, defect=defect.pk)
    assert codes_of(refused) == [("DEFECT_MENDED", "")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.create(hall=hall, day=day(0), items={}, by="1")


@db
def test_heads_at_the_door_and_of_the_groups_are_both_kept():
    hall, guide = a_hall(), a_guide()
    visit = scheduled(hall, guide)
    Visit.objects.filter(pk=visit.pk).update(state="done", counted=18, begins_at=at(days=-1), ends_at=at(days=-1, hour=11))
    reading = read_counter(actor=ORGANISER, hall=hall.pk, day=day(-1), counted=25, note="散客 7 人")
    assert (reading.counted, reading.registered) == (25, 18)
    for on, code in ((day(-1), "READING_TWICE"), (day(1), "INSPECTION_AHEAD")):
        with pytest.raises(Refused) as refused:
            read_counter(actor=ORGANISER, hall=hall.pk, day=on, counted=1)
        assert codes_of(refused) == [(code, "day")]
    assert CounterReading.objects.count() == 1
    assert note_acceptance(actor=ORGANISER, hall=hall.pk, day=day(0), subject="二期布展", passed=True).passed
    with pytest.raises(Refused):
        note_acceptance(actor=ORGANISER, hall=hall.pk, day=day(1), subject="x", passed=True)


@db
def test_a_hall_is_set_up_with_everything_wrong_told_and_found_by_the_search():
    hall = a_hall()
    assert Entry.objects.get().url == "/halls/kechuang/"
    with pytest.raises(Refused) as refused:
        a_hall(title=" ", place="", most_people=0, slot_minutes=5, hours={0: (time(9), time(9))})
    assert codes_of(refused) == [
        ("ACT_TITLE", "title"),
        ("HALL_PLACE", "place"),
        ("HALL_CODE", "code"),
        ("ACT_CAPACITY", "most_people"),
        ("HALL_SLOT", "slot_minutes"),
        ("HALL_HOURS", "hours"),
    ]
    change_hall(actor=ORGANISER, hall=hall.pk, facts=hall_facts(active=False, hours={0: WEEK[0]}))
    assert (Entry.objects.count(), Hall.objects.get().hours.count()) == (0, 1)
    a_guide(account="401")
    with pytest.raises(Refused) as refused:
        save_guide(actor=ORGANISER, name=" ", languages=["fr"], account="401")
    assert codes_of(refused) == [("REG_NAME", "name"), ("VISIT_LANGUAGE", "languages"), ("GUIDE_ACCOUNT", "account")]
    assert save_guide(actor=ORGANISER, name="江导览", languages=["en"], account="401", guide=Guide.objects.get().pk).languages == ["en"]


@db
def test_the_calendar_of_a_month_holds_whole_weeks(django_assert_num_queries):
    hall = a_hall()
    a_guide()
    booked(hall)
    first = at().date().replace(day=1)
    hall = Hall.objects.get()
    with django_assert_num_queries(4):
        weeks = month_of(hall, first, "zh-hans")
    assert {len(week) for week in weeks} == {7}
    assert sum(one.within for week in weeks for one in week) == ((first + timedelta(days=32)).replace(day=1) - first).days
    (booked_day,) = [one for week in weeks for one in week if one.day == at().date()]
    assert (booked_day.free, booked_day.slots) == (7, 8)
    assert known_of(hall, first, first + timedelta(days=31)).minutes == 60
