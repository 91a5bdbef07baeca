"""A case is found in the palette by its number, by whoever may open it and by nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from matters.test_cases import submitted
from matters.test_pages import client_of
from people import make_account, signed_in

from keheng.matters.models import Case
from keheng.matters.queries import numbered as module
from keheng.matters.queries.numbered import numbered

pytestmark = pytest.mark.django_db


def told(client, typed):
    entries = client.get("/desk/palette/", {"q": typed}, headers={"Accept": "application/json"}).json()["entries"]
    return [entry["url"] for entry in entries if "/cases/" in entry["url"] and entry["url"][-2].isdigit()]


@pytest.fixture
def case(people, on):
    return submitted(people, on)


def test_each_side_is_led_to_its_own_page(people, case):
    own, office = [f"/matters/cases/{case.pk}/"], [f"/manage/cases/{case.pk}/"]
    for typed in (case.number, case.number.lower(), f" {case.number} ", case.number[:-1], case.number[:8], "BJ-202"):
        assert (told(client_of("firm"), typed), told(client_of("officer"), typed)) == (own, office), typed
    for typed in ("BJ-20", "BJ-2026-99", f"{case.number}0", "2026-00001", "BJ-2026-*", "BJ-２０２６-0", "BJ-", ""):
        assert told(client_of("firm"), typed) == [], typed


def test_nobody_is_told_of_a_case_beyond_their_reach(people, case):
    stranger = signed_in(make_account("stranger"))
    far = signed_in(make_account("far", "district_officer", district="990103"))
    near = signed_in(make_account("near", "district_officer", district="990102"))
    Case.objects.update(district="990102")
    assert [told(client, case.number) for client in (stranger, far, client_of("person"))] == [[], [], []]
    assert told(near, case.number) == [f"/manage/cases/{case.pk}/"]


def test_a_draft_is_no_ones_but_the_applicant_s(people, case):
    """One without a submission has no number; where it has one, the office still does not see it."""
    Case.objects.update(submitted_at=None)
    assert told(client_of("officer"), case.number) == []


def test_the_latest_come_first_and_few_are_read(people, case, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 2)
    cases = [Case.objects.get(pk=case.pk)]
    for number in (7, 100_001, 12):
        made = Case.objects.get(pk=case.pk)
        made.pk, made.number = None, f"BJ-2026-{number:05d}"
        made.save()
        cases.append(made)
    own, office = numbered(people["firm"], "BJ-2026-000")
    assert [one.number for one in own] == ["BJ-2026-00012", "BJ-2026-00007"]
    assert office == []
    assert [one.number for one in numbered(people["firm"], "BJ-2026-1000")[0]] == ["BJ-2026-100001"]
    monkeypatch.setattr(module, "_LOOKED_AT", 1)
    assert [one.number for one in numbered(people["officer"], "BJ-2026-000")[1]] == ["BJ-2026-00012"]
    assert [one.number for one in numbered(people["officer"], "BJ-2026-00007")[1]] == ["BJ-2026-00007"]


def test_numbers_are_looked_for_in_an_index(people, case):
    with CaptureQueriesContext(connection) as asked:
        numbered(people["officer"], "BJ-2026-000")
    by_number = [one["sql"] for one in asked if "matters_case" in one["sql"] and "number" in one["sql"]]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + by_number[1].replace("%", "%%"), [])
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert "(number>? AND number<?)" in plan


def test_what_is_no_number_asks_nothing(people, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert numbered(people["firm"], "仪器共享") == ([], [])
