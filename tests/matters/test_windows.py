"""Windows: times by their file, booking up to the room there is, the queue, the screen, the figures."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.timezone import get_current_timezone
from hypothesis import given
from hypothesis import strategies as st
from people import actor_for, make_account, signed_in

from keheng.access.models import Account
from keheng.kernel.desk.models import Message
from keheng.kernel.errors import Refused
from keheng.kernel.measures import read
from keheng.kernel.periods import Period
from keheng.kernel.working_days import working_calendar
from keheng.matters.models import Turn, WindowSlot
from keheng.matters.queries.windows import offers, screen
from keheng.matters.rules.windows import Window, windows
from keheng.matters.service import (
    book_turn,
    call_next,
    cancel_turn,
    check_in,
    close_days,
    finish_turn,
    miss_turn,
    move_turn,
    take_walk_in,
)

NAME = "yl.foreigners-window"
MONDAY = date(2026, 11, 23)


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=get_current_timezone())


def refusal(act):
    with pytest.raises(Refused) as caught:
        act()
    return [one.code for one in caught.value.problems]


def book(actor, begins, **of):
    return book_turn(actor=actor, window=NAME, begins=begins, **of)


def made(**other):
    told = {
        "id": "yl.w", "title": {"zh": "窗"}, "place": {"zh": "处"}, "topic": "题", "counters": ["1"], "ahead": 7, "most": 2, "late": 10,
        "hours": [{"from": "2026-01-01", "until": "2026-12-01", "days": [1, 2], "opens": "09:00", "closes": "10:10", "minutes": 30, "places": 2},
                  {"from": "2026-12-01", "days": [1], "opens": "13:00", "closes": "14:00", "minutes": 60, "places": 1}],
    }  # fmt: skip
    return Window.model_validate({**told, **other})


def times(window, day):
    return [f"{one.begins:%H:%M}×{one.places}" for one in window.times(day, working_calendar())]


def test_times_follow_hours_that_change_on_a_day_and_working_days():
    window = made()
    assert times(window, MONDAY) == ["09:00×2", "09:30×2"]
    assert times(window, date(2026, 11, 25)) == []
    assert times(window, date(2026, 12, 7)) == ["13:00×1"]
    # National Day, and a Saturday that is worked as a Friday.
    assert times(window, date(2026, 10, 5)) == []
    friday = made(hours=[{"from": "2026-01-01", "days": [5], "opens": "09:00", "closes": "10:00", "minutes": 60, "places": 1}])
    assert times(friday, date(2026, 10, 10)) == ["09:00×1"]
    assert times(made(closed=[{"from": "2026-11-23", "until": "2026-11-24", "why": "修"}]), MONDAY) == []


@pytest.mark.parametrize("wrong", [
    {"closed": [{"from": "2026-11-24", "until": "2026-11-24", "why": "修"}]},
    {"hours": [{"from": "2026-01-01", "days": [1], "opens": "10:00", "closes": "10:00", "minutes": 30, "places": 1}]},
    {"counters": []},
])  # fmt: skip
def test_a_window_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="validation error"):
        made(**wrong)


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_times_of_a_day_lie_one_after_the_other_within_hours(day):
    found = list(windows()[NAME].times(day, working_calendar()))
    assert [one for one, later in pairwise(found) if one.ends > later.begins] == []
    assert [one for one in found if one.begins.date() != day or one.places < 1] == []


def test_a_time_is_booked_told_moved_and_given_back(people, on):
    on("2026-11-23")
    firm = people["firm"]
    turn = book(firm, at(MONDAY, 14), matter="yl.work-permit-change")
    assert (turn.number, turn.day, turn.state) == ("YY-2026-00001", MONDAY, "booked")
    assert WindowSlot.objects.get().taken == 1
    moved = move_turn(actor=firm, turn=turn.pk, begins=at(MONDAY + timedelta(days=1), 9))
    assert (moved.day, moved.moved) == (date(2026, 11, 24), 1)
    assert list(WindowSlot.objects.order_by("pk").values_list("taken", flat=True)) == [0, 1]
    assert cancel_turn(actor=firm, turn=turn.pk).state == "cancelled"
    assert list(WindowSlot.objects.order_by("pk").values_list("taken", flat=True)) == [0, 0]
    assert refusal(lambda: cancel_turn(actor=firm, turn=turn.pk)) == ["WINDOW_TURN_OVER"]
    told = [one.title.partition("：")[0] for one in Message.objects.filter(account=firm.account).order_by("pk")]
    assert told == ["预约成功", "预约已改期", "预约已取消"]


def test_what_cannot_be_booked_is_refused_with_everything_at_once(people, on):
    on("2026-11-23")
    firm = people["firm"]
    assert refusal(lambda: book(firm, at(MONDAY, 9), matter="yl.leave")) == ["MATTER_UNKNOWN", "WINDOW_TIME"]
    assert refusal(lambda: book(firm, at(MONDAY + timedelta(days=15), 9), case=999)) == ["MATTER_CASE_GONE", "WINDOW_TIME"]
    assert refusal(lambda: book(firm, at(MONDAY, 14, 10))) == ["WINDOW_TIME"]
    assert refusal(lambda: book_turn(actor=firm, window="yl.nowhere", begins=at(MONDAY, 14))) == ["WINDOW_UNKNOWN"]
    book(firm, at(MONDAY, 14))
    assert refusal(lambda: book(firm, at(MONDAY, 14))) == ["WINDOW_TWICE"]
    assert WindowSlot.objects.get().taken == 1
    book(firm, at(MONDAY, 15))
    book(firm, at(MONDAY, 16))
    assert refusal(lambda: book(firm, at(MONDAY, 13, 30))) == ["WINDOW_MANY"]
    assert refusal(lambda: cancel_turn(actor=people["person"], turn=Turn.objects.first().pk)) == ["WINDOW_TURN_GONE"]


def test_a_full_time_takes_nobody_and_is_shown_as_full(people, on):
    on("2026-11-23")
    for number in range(4):
        book(actor_for(make_account(f"p{number}")), at(MONDAY, 14))
    assert refusal(lambda: book(people["firm"], at(MONDAY, 14))) == ["WINDOW_FULL"]
    turn = book(people["firm"], at(MONDAY, 15))
    assert refusal(lambda: move_turn(actor=people["firm"], turn=turn.pk, begins=at(MONDAY, 14))) == ["WINDOW_FULL"]
    left = {f"{one.time.begins:%H:%M}": one.left for one in offers(windows()[NAME], MONDAY, 0)[MONDAY]}
    assert (left["14:00"], left["15:00"], left["15:30"], "09:00" in left) == (0, 3, 4, False)


def test_the_database_lets_no_time_be_overbooked(people, on):
    on("2026-11-23")
    slot = book(people["firm"], at(MONDAY, 14)).slot
    with pytest.raises(DatabaseError), transaction.atomic():
        WindowSlot.objects.filter(pk=slot.pk).update(taken=5)


def test_who_waits_is_called_in_order_and_each_counter_serves_one(people, on):
    on("2026-11-23")
    clerk = people["clerk"]
    booked = [book(actor_for(make_account(f"q{number}")), at(MONDAY, hour)) for number, hour in enumerate((15, 14))]
    late, early = (check_in(actor=clerk, window=NAME, number=one.number.lower()) for one in booked)
    walk = take_walk_in(actor=clerk, window=NAME, matter="yl.work-permit-cancel")
    assert [one.ticket for one in (late, early, walk)] == ["A001", "A002", "B001"]
    # At ten o'clock the walk-in is first; those who booked are called at their time, the earlier one before.
    first = call_next(actor=clerk, window=NAME, counter="1号")
    assert first.ticket == "B001"
    assert refusal(lambda: call_next(actor=clerk, window=NAME, counter="1号")) == ["WINDOW_BUSY"]
    assert refusal(lambda: call_next(actor=clerk, window=NAME, counter="9号")) == ["WINDOW_COUNTER"]
    assert call_next(actor=clerk, window=NAME, counter="2号").ticket == "A002"
    assert screen(NAME, MONDAY) == ([("B001", "1号"), ("A002", "2号")], ["A001"])
    assert finish_turn(actor=clerk, turn=first.pk).state == "done"
    assert refusal(lambda: finish_turn(actor=clerk, turn=first.pk)) == ["WINDOW_NOT_CALLED"]
    assert miss_turn(actor=clerk, turn=early.pk).state == "missed"
    again = check_in(actor=clerk, window=NAME, number=early.number)
    assert (again.state, again.ticket) == ("waiting", "A002")
    call_next(actor=clerk, window=NAME, counter="1号")
    call_next(actor=clerk, window=NAME, counter="2号")
    assert refusal(lambda: call_next(actor=clerk, window=NAME, counter="3号")) == ["WINDOW_NOBODY"]


def test_arrivals_are_checked_and_only_clerks_serve(people, on):
    on("2026-11-23")
    clerk, firm = people["clerk"], people["firm"]
    turn = book(firm, at(MONDAY + timedelta(days=1), 9))
    assert refusal(lambda: check_in(actor=clerk, window=NAME, number=turn.number)) == ["WINDOW_NOT_TODAY"]
    assert refusal(lambda: check_in(actor=clerk, window=NAME, number="YY-1")) == ["WINDOW_NUMBER"]
    assert refusal(lambda: take_walk_in(actor=clerk, window=NAME, matter="yl.leave")) == ["MATTER_UNKNOWN"]
    for act in (
        lambda: check_in(actor=firm, window=NAME, number=turn.number),
        lambda: take_walk_in(actor=firm, window=NAME),
        lambda: call_next(actor=firm, window=NAME, counter="1号"),
    ):
        assert refusal(act) == ["WINDOW_WHO"]
    # In time till a quarter past: the booked time counts; later, the arrival does.
    on("2026-11-24")
    assert check_in(actor=clerk, window=NAME, number=turn.number).queued_for == at(date(2026, 11, 24), 10)


def test_the_day_after_who_did_not_come_is_noted_and_figures_follow(people, on):
    on("2026-11-23")
    clerk = people["clerk"]
    came, absent = (book(actor_for(make_account(f"r{number}")), at(MONDAY, 14)) for number in range(2))
    check_in(actor=clerk, window=NAME, number=came.number)
    call_next(actor=clerk, window=NAME, counter="1号")
    finish_turn(actor=clerk, turn=came.pk)
    Turn.objects.filter(pk=came.pk).update(called_at=at(MONDAY, 14, 6))
    assert close_days() == 0
    on("2026-11-24")
    assert close_days() == 1
    absent.refresh_from_db()
    assert absent.state == "missed"
    month = Period.month(2026, 11)
    values = {
        code: read(code, month, {"window": NAME}).value.value for code in ("matters.turns", "matters.turns_kept", "matters.window_wait")
    }
    assert values == {"matters.turns": 1, "matters.turns_kept": 50, "matters.window_wait": 6}
    assert read("matters.turns", month, {"window": "yl.other"}).value.value == 0


def test_pages_from_the_guide_to_the_board(people, on):
    on("2026-11-23")
    firm, clerk = (signed_in(Account.objects.get(login=login)) for login in ("firm", "clerk"))
    assert f"/matters/windows/{NAME}/" in firm.get("/matters/of/yl.work-permit-change/").content.decode()
    assert Client().get(f"/en/matters/windows/{NAME}/").status_code == 200
    begins = at(MONDAY, 14).isoformat()
    answer = firm.post(f"/matters/windows/{NAME}/book/", {"begins": begins, "what": "matter:yl.work-permit-change"})
    turn = Turn.objects.get()
    assert (answer.url, turn.matter) == (f"/matters/turns/{turn.pk}/", "yl.work-permit-change")
    assert turn.number in firm.get(answer.url).content.decode()
    assert "约满" not in firm.get(f"{answer.url}?move=1").content.decode()
    assert turn.number in firm.get("/matters/turns/").content.decode()
    assert turn.number in clerk.get(f"/manage/cases/windows/{NAME}/").content.decode()
    clerk.post(f"/manage/cases/windows/{NAME}/arrive/", {"number": turn.number, "counter": "2号"})
    answer = clerk.post(f"/manage/cases/windows/{NAME}/call/", {"counter": "2号"})
    assert answer.url == f"/manage/cases/windows/{NAME}/?counter=2%E5%8F%B7"
    shown = Client().get(f"/matters/windows/{NAME}/screen/").content.decode()
    assert ("A001" in shown, turn.number in shown) == (True, False)
    clerk.post(f"/manage/cases/windows/{NAME}/turns/{turn.pk}/done/")
    turn.refresh_from_db()
    assert turn.state == "done"
    assert firm.get("/matters/windows/yl.nowhere/").status_code == 404
    for wrong in ("", "soon", "2026-13-01T00:00:00+08:00", "2026-11-23T14:00:00"):
        assert firm.post(f"/matters/windows/{NAME}/book/", {"begins": wrong}).url == f"/matters/windows/{NAME}/"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_asks_the_same_of_the_database_for_any_number_of_turns(people, on, rows, django_assert_max_num_queries):
    on("2026-11-23")
    for _ in range(rows):
        take_walk_in(actor=people["clerk"], window=NAME)
    clerk = signed_in(Account.objects.get(login="clerk"))
    with django_assert_max_num_queries(12):
        assert clerk.get(f"/manage/cases/windows/{NAME}/").content.decode().count("B00") == rows


def test_of_fifty_at_once_as_many_get_a_time_as_there_is_room(fresh):
    actors = [actor_for(make_account(f"many{number}")) for number in range(50)]
    window = windows()[NAME]
    begins = next(
        one.time.begins for offered in offers(window, datetime.now(get_current_timezone()).date(), 14).values() for one in offered
    )
    together = Barrier(10)

    def run(some):
        together.wait()
        try:
            return [outcome(actor) for actor in some]
        finally:
            connection.close()

    def outcome(actor):
        try:
            book(actor, begins)
        except Refused as refused:
            return refused.problems[0].code
        return "done"

    with ThreadPoolExecutor(10) as pool:
        found = [one for part in pool.map(run, [actors[number::10] for number in range(10)]) for one in part]
    assert {code: found.count(code) for code in set(found)} == {"done": 4, "WINDOW_FULL": 46}
    assert (WindowSlot.objects.get().taken, Turn.objects.count()) == (4, 4)
