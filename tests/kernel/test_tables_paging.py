"""Pages by key: every row once in both directions, with equal and missing values, whatever is inserted meanwhile."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from directory.made_up import DAY
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from keheng.directory.models import Affiliation, Organisation, Person
from keheng.kernel.desk.models import Message, Task
from keheng.kernel.tables.paging import Order, Place, page_of, place_of, read_cursor, write_cursor

MOMENT = datetime(2026, 3, 2, tzinfo=UTC)
ORDERS = [
    Order("due_at"),
    Order("due_at", descending=True),
    Order("pk"),
    Order("pk", descending=True),
    Order("kind"),
    Order("kind", descending=True),
]


def make_tasks(days):
    Task.objects.bulk_create(
        Task(
            key=f"{number}:{uuid4()}",
            kind=f"k{day}",
            title="t",
            due_at=None if day is None else MOMENT + timedelta(days=day),
            opened_at=MOMENT,
        )
        for number, day in enumerate(days)
    )


def expected(order):
    """Values in their order, rows without one last, equal ones by key in the same direction."""
    rows = list(Task.objects.all())
    sign = -1 if order.descending else 1

    def place(row):
        value = None if order.path == "pk" else getattr(row, order.path)
        key = value.timestamp() if isinstance(value, datetime) else (0 if value is None else value)
        return key, row.pk

    valued = [row for row in rows if order.path == "pk" or getattr(row, order.path) is not None]
    blank = [row for row in rows if row not in valued]
    return [row.pk for part in (valued, blank) for row in sorted(part, key=place, reverse=sign < 0)]


def walked(order, size):
    """All pages forwards, then back from the last one: lists of keys."""
    page, forwards = page_of(Task.objects.all(), order, size), []
    while True:
        forwards.append([row.pk for row in page.rows])
        if not page.has_after:
            break
        page = page_of(Task.objects.all(), order, size, after=page.last)
    backwards = [[row.pk for row in page.rows]]
    while page.has_before:
        page = page_of(Task.objects.all(), order, size, before=page.first)
        backwards.append([row.pk for row in page.rows])
    return forwards, backwards


class EveryRowOnce(TestCase):
    @given(
        some.lists(some.one_of(some.none(), some.integers(0, 3)), max_size=14), some.integers(1, 5), some.sampled_from(ORDERS)
    )  # fmt: skip
    @settings(max_examples=60)
    def test_in_both_directions(self, days, size, order):
        make_tasks(days)
        forwards, backwards = walked(order, size)
        whole = expected(order)
        assert [pk for page in forwards for pk in page] == whole
        assert [len(page) for page in forwards[:-1]] == [size] * (len(forwards) - 1)
        if len(forwards) > 1:
            # Back at the beginning the first page is filled up, so that it may overlap the second.
            assert backwards[-1] == forwards[0]
            assert set().union(*backwards) == set(whole)
            seen = [pk for page in reversed(backwards[:-1]) for pk in page]
            assert seen == whole[len(whole) - len(seen) :]


@pytest.mark.django_db
def test_rows_that_come_and_go_shift_nobody():
    make_tasks([1, 2, 3, 4, None, None])
    order = Order("due_at")
    first = page_of(Task.objects.all(), order, 2)
    make_tasks([0, 0, 2])
    Task.objects.filter(pk=first.rows[0].pk).delete()
    second = page_of(Task.objects.all(), order, 2, after=first.last)
    assert [(row.due_at - MOMENT).days for row in second.rows] == [2, 3]
    Task.objects.filter(pk=first.last.key).delete()
    assert [row.pk for row in page_of(Task.objects.all(), order, 2, after=first.last).rows] == [row.pk for row in second.rows]


@pytest.mark.django_db
def test_a_place_with_nothing_beyond_it_gives_the_first_page():
    make_tasks([1, 2])
    order = Order("due_at")
    last = page_of(Task.objects.all(), order, 5).last
    page = page_of(Task.objects.all(), order, 5, after=last)
    assert ([(row.due_at - MOMENT).days for row in page.rows], page.has_before, page.has_after) == ([1, 2], False, False)
    assert page_of(Task.objects.none(), order, 5, after=last).rows == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["person__name", "person__merged_into__name", "position", "since", "until"])
@pytest.mark.parametrize("descending", [False, True])
def test_values_of_other_tables_and_days(path, descending):
    unit = Organisation.objects.create(name="甲", kind="enterprise", district="1", registered_on=DAY)
    for name, until in (("乙", None), ("甲", DAY + timedelta(days=9)), ("乙", DAY + timedelta(days=3)), ("丙", None)):
        somebody = Person.objects.create(name=name, registered_on=DAY)
        Affiliation.objects.create(person=somebody, organisation=unit, position=name, since=DAY, until=until)
    order, seen, at = Order(path, descending), [], None
    for _ in range(4):
        page = page_of(Affiliation.objects.all(), order, 1, after=at)
        at = read_cursor(write_cursor(page.last, order, "x"), order, "x")
        seen.append(page.rows[0].pk)
    sign = F(path).desc(nulls_last=True) if descending else F(path).asc(nulls_last=True)
    assert seen == list(Affiliation.objects.order_by(sign, "-pk" if descending else "pk").values_list("pk", flat=True))


@pytest.mark.parametrize("value", [None, 3, "钱", True, date(2026, 3, 2), MOMENT, Decimal("1.50"), uuid4()])
def test_a_cursor_brings_back_its_place(value):
    order = Order("name", descending=True)
    text = write_cursor(Place(value, 7), order, "list")
    assert read_cursor(text, order, "list") == Place(value, 7)
    others = [(Order("name"), "list"), (Order("title", descending=True), "list"), (order, "other")]
    assert [read_cursor(text, other, salt) for other, salt in others] == [None, None, None]


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "WzFd:1abc:def", "\0", "é" * 3000])
def test_what_is_no_cursor_is_no_place(text):
    assert read_cursor(text, Order("name"), "list") is None


@pytest.mark.django_db
def test_a_page_of_a_list_without_blanks_is_two_ranges_the_first_of_its_own_value():
    Message.objects.bulk_create(
        Message(account="1", kind="k", key=str(number), title="t", body="", url="", sent_at=MOMENT + timedelta(days=number % 3))
        for number in range(9)
    )
    order = Order("sent_at")
    first = page_of(Message.objects.all(), order, 4)
    with CaptureQueriesContext(connection) as captured:
        second = page_of(Message.objects.all(), order, 4, after=place_of(first.rows[-1], order))
    same, beyond = (one["sql"].split("WHERE")[1] for one in captured)
    assert (len(second.rows), second.has_after) == (4, True)
    assert ('"sent_at" = ' in same, '"id" > ' in same, '"sent_at" > ' in beyond, '"id" > ' in beyond) == (True, True, True, False)
    assert "OFFSET" not in same + beyond
