"""Periods meet without gap or overlap, and read as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keheng.kernel.periods import Period

YEARS = st.integers(1990, 2100)
PERIODS = st.one_of(
    st.builds(Period.year, YEARS),
    st.builds(Period.reporting_year, YEARS),
    st.builds(Period.quarter, YEARS, st.integers(1, 4)),
    st.builds(Period.month, YEARS, st.integers(1, 12)),
)


def test_how_they_read():
    assert [str(p) for p in (Period.year(2026), Period.quarter(2026, 3), Period.quarter(2026, 4), Period.month(2026, 12), Period.reporting_year(2026))] == [
        "2026年", "2026年第三季度", "2026年第四季度", "2026年12月", "2025年7月—2026年6月",
    ]  # fmt: skip


def test_where_they_begin_and_end():
    assert (Period.reporting_year(2026).begin, Period.reporting_year(2026).last_day) == (date(2025, 7, 1), date(2026, 6, 30))
    assert [Period.month(2024, 2).days, Period.year(2024).days, Period.quarter(2026, 1).days] == [29, 366, 90]
    assert [date(2026, 6, 30) in Period.reporting_year(2026), date(2026, 7, 1) in Period.reporting_year(2026)] == [True, False]
    for wrong in (lambda: Period.quarter(2026, 5), lambda: Period.month(2026, 0)):
        with pytest.raises(ValueError, match="between 1 and"):
            wrong()


def test_the_same_period_a_year_before():
    before = [p.a_year_before() for p in (Period.year(2026), Period.quarter(2026, 2), Period.month(2026, 1), Period.reporting_year(2026))]
    assert before == [Period.year(2025), Period.quarter(2025, 2), Period.month(2025, 1), Period.reporting_year(2025)]


@given(PERIODS, st.integers(-30, 30))
def test_neighbours_meet(period, steps):
    moved = period.moved(steps)
    assert moved.moved(-steps) == period
    assert period.moved(1).begin == period.end
    assert not period.overlaps(period.moved(1))
    assert period.overlaps(moved) == (steps == 0)
    assert period.last_day in period
    assert period.end not in period
    assert period.begin - timedelta(1) not in period
