"""Clocks: a pause moves the due date by what it took, time never runs backwards."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keheng.kernel.working_days import working_calendar
from keheng.matters.rules.files.values import Months, Span
from keheng.matters.rules.flow.clocks import Run, Stop

CALENDAR = working_calendar()
TEN, DAYS = Span(10), Span(10, working=False)
BEGIN = date(2026, 9, 28)


def test_ten_working_days_over_the_national_day_of_2026():
    assert Run(BEGIN).due(TEN, CALENDAR) == date(2026, 10, 16)
    assert Run(BEGIN).due(DAYS, CALENDAR) == date(2026, 10, 8)


@pytest.mark.parametrize(("stops", "due"), [
    ([(date(2026, 9, 29), date(2026, 9, 29))], date(2026, 10, 16)),
    ([(date(2026, 9, 29), date(2026, 9, 30))], date(2026, 10, 19)),
    ([(date(2026, 10, 1), date(2026, 10, 7))], date(2026, 10, 16)),
    ([(date(2026, 9, 29), date(2026, 10, 8))], date(2026, 10, 20)),
    ([(date(2026, 10, 16), date(2026, 10, 30))], date(2026, 10, 30)),
    ([(date(2026, 10, 19), date(2026, 10, 30))], date(2026, 10, 16)),
    ([(date(2026, 10, 15), date(2026, 10, 16)), (date(2026, 10, 16), date(2026, 10, 19))], date(2026, 10, 20)),
    ([(date(2026, 10, 9), None)], None),
    ([(date(2026, 10, 16), None)], None),
    ([(date(2026, 10, 19), None)], date(2026, 10, 16)),
])  # fmt: skip
def test_a_suspension_moves_the_due_date(stops, due):
    run = Run(BEGIN, stops=tuple(Stop("fix", since, until) for since, until in stops))
    assert run.due(TEN, CALENDAR) == due


def test_an_extension_and_a_share():
    run = Run(BEGIN)
    assert run.extended(5).due(TEN, CALENDAR) == date(2026, 10, 23)
    assert [run.share(day, TEN, CALENDAR) for day in (BEGIN, date(2026, 10, 7), date(2026, 10, 16), date(2026, 10, 19))] == [
        0,
        20,
        100,
        110,
    ]
    assert run.extended(10).share(date(2026, 10, 16), TEN, CALENDAR) == 50


def test_an_ended_clock_that_runs_again_lost_the_time_between():
    run = Run(BEGIN).over(date(2026, 9, 29)).resumed(date(2026, 10, 9))
    assert run.running
    assert run.used(date(2026, 10, 12), TEN, CALENDAR) == 3
    assert run.over(date(2026, 10, 12)).used(date(2027, 1, 1), TEN, CALENDAR) == 3


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 60), st.booleans())
def test_used_days_only_grow_and_the_due_day_uses_up_the_budget(steps, budget, working):
    span, run, day = Span(budget, working), Run(BEGIN), BEGIN
    used = 0
    for number, step in enumerate(steps):
        day += timedelta(days=step)
        now = run.used(day, span, CALENDAR)
        assert now >= used
        used = now
        run = run.stopped("fix", day) if number % 2 == 0 else run.resumed(day)
        assert run.used(day, span, CALENDAR) == used
    if run.standing:
        run = run.resumed(day)
    due = run.due(span, CALENDAR)
    assert due is not None
    assert run.used(due, span, CALENDAR) == budget
    assert run.used(Span(1, working).after(max(due, day), CALENDAR), span, CALENDAR) > budget


def test_months_end_on_the_last_day_where_there_is_no_such_day():
    assert Months(1).after(date(2026, 1, 31)) == date(2026, 2, 28)
    assert Months(12).after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert Months(120).after(date(2026, 12, 31)) == date(2036, 12, 31)
    assert Months(13).after(date(2026, 11, 30)) == date(2027, 12, 30)
