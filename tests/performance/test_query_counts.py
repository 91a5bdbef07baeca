"""Pages take as many queries for three rows as for one, and few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from people import make_account, signed_in
from performance.performance_made_up import YEAR, approved, figure, filled, project, spent, unit, whole

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
# The promise for a staff page, its frame (session, account, grants, messages) included.
MOST = 12


def queries(client, path):
    client.get(f"/performance/{path}")
    with CaptureQueriesContext(connection) as caught:
        assert client.get(f"/performance/{path}").status_code == 200
    return [one["sql"] for one in caught.captured_queries]


@pytest.mark.parametrize("path", ["", "cockpit/", "outside/", f"peers/?year={YEAR}", f"digest/?year={YEAR}"])
def test_lists(path):
    form = whole()
    client = signed_in(make_account("leader", "leader"))
    one = queries(client, path)
    for number in (2, 3):
        row = project(form.project.unit, code=f"YL-0{number}")
        approved(row)
        spent(row)
        figure(form.project.unit, "more", "1", reference=f"M-{number}")
    assert len(queries(client, path)) == len(one)


@pytest.mark.parametrize("path", ["projects/{}/", "projects/{}/targets/", "projects/{}/evaluation/"])
def test_pages_of_a_project(path):
    of = unit()
    row = project(of)
    figure(of, "visits", "11143566")
    figure(of, "items", "245")
    approved(row)
    spent(row)
    filled(row)
    client = signed_in(make_account("finance", "finance"))
    asked = queries(client, path.format(row.pk))
    assert len(asked) <= MOST, asked
