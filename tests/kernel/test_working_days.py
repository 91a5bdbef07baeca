"""The calendar against the yearly notices, and its arithmetic against itself."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.working_days import working_calendar

CN = working_calendar()
DAYS = st.dates(date(2018, 1, 1), date(2030, 12, 31))
# Working days a year and weekend days worked, as the State Council's notices have them.
YEARS = {
    2019: (250, "02-02 02-03 04-28 05-05 09-29 10-12"),
    2020: (249, "01-19 04-26 05-09 06-28 09-27 10-10"),
    2021: (250, "02-07 02-20 04-25 05-08 09-18 09-26 10-09"),
    2022: (249, "01-29 01-30 04-02 04-24 05-07 10-08 10-09"),
    2023: (249, "01-28 01-29 04-23 05-06 06-25 10-07 10-08"),
    2024: (251, "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12"),
    2025: (248, "01-26 02-08 04-27 09-28 10-11"),
    2026: (248, "01-04 02-14 02-28 05-09 09-20 10-10"),
}


@pytest.mark.parametrize("year", YEARS)
def test_years_are_as_published(year):
    days, worked = YEARS[year]
    every = [date(year, 1, 1) + timedelta(n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert CN.count(date(year, 1, 1), date(year + 1, 1, 1)) == days
    assert [f"{day:%m-%d}" for day in every if day.weekday() >= 5 and CN.is_working(day)] == worked.split()
    assert all(day.weekday() < 5 for day in CN.tables[year].off)
    assert not CN.is_provisional(date(year, 6, 1))


def test_ten_working_days_over_the_national_holiday():
    assert CN.add(date(2026, 9, 28), 10) == date(2026, 10, 16)


def test_a_year_that_is_not_published_is_provisional():
    assert CN.is_provisional(date(2027, 1, 4))
    assert CN.count(date(2027, 1, 1), date(2028, 1, 1)) == 261


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [("2020-01-31", True, False), ("2020-02-01", True, False), ("2019-05-02", True, False), ("2019-04-28", False, True)],
)
def test_a_later_notice_changes_the_year(day, before, after):
    first = working_calendar("CN", date(2020, 1, 26) if day.startswith("2020") else date(2019, 3, 21))
    assert (first.is_working(date.fromisoformat(day)), CN.is_working(date.fromisoformat(day))) == (before, after)


def test_before_its_notice_a_year_is_provisional():
    assert working_calendar("CN", date(2025, 11, 3)).is_provisional(date(2026, 1, 1))
    assert not working_calendar("CN", date(2025, 11, 4)).is_provisional(date(2026, 1, 1))


def test_days_between_two_notices_share_a_calendar():
    assert working_calendar("CN", date(2020, 1, 26)) is working_calendar("CN", date(2019, 12, 1))
    assert working_calendar("CN", date(2018, 1, 1)).tables == {}


@pytest.mark.parametrize("year", YEARS)
def test_tables_are_in_order(year):
    content = json.loads((definitions_folder("calendars") / f"CN-{year}.json").read_text(encoding="utf-8"))
    assert (content["calendar"], content["year"]) == ("CN", year)
    for version in content["versions"]:
        off, worked = (list(map(date.fromisoformat, version[name])) for name in ("off", "worked"))
        assert all(days == sorted(set(days)) and {day.year for day in days} == {year} for days in (off, worked))
        assert all(day.weekday() >= 5 for day in worked)
        assert version["url"].startswith("https://www.gov.cn/zhengce/zhengceku/")


@given(DAYS, st.integers(-600, 600))
def test_adding_and_counting_undo_each_other(day, count):
    there = CN.add(day, count)
    assert CN.is_working(there)
    begin = CN.add(day, 0)
    if count > 0:
        assert CN.count(day + timedelta(1), there) == count - 1
    else:
        assert CN.count(there, begin) == -count


@given(DAYS, DAYS, DAYS)
def test_counts_add_up(a, b, c):
    assert CN.count(a, b) + CN.count(b, c) == CN.count(a, c)
    assert CN.count(a, a + timedelta(1)) == int(CN.is_working(a))


def test_what_cannot_be_answered_says_so():
    for ask in (
        lambda: CN.is_working(date(1989, 12, 31)),
        lambda: CN.add(date(2100, 12, 30), 9),
        lambda: CN.is_provisional(date(2101, 1, 1)),
    ):
        with pytest.raises(ValueError, match="1990 to 2100"):
            ask()
    with pytest.raises(FileNotFoundError, match="XX-YEAR"):
        working_calendar("XX")
