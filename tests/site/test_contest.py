"""The contest's demo: figures from rows, an anonymous round that is watched, and no page, export, log or search that names a student."""

import pytest
from conftest import copied_city
from django.urls import reverse
from django.utils.timezone import localdate
from people import signed_in

from keheng.access.models import Account
from keheng.kernel.measures import read
from keheng.kernel.models import AuditEntry
from keheng.kernel.periods import Period
from keheng.matters.models import Case, CaseEvent, Taken
from keheng.review.models import Entry, Observer
from keheng.site.demo_contest import MATTER, SIZES

STUDENT = "演示学生"
pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def contest(city, tmp_path_factory, django_db_blocker):
    """A copy of the demo city: the tests only look."""
    with copied_city(city, tmp_path_factory.mktemp("contest"), django_db_blocker), django_db_blocker.unblock():
        yield


def visitor(login):
    return signed_in(Account.objects.get(login=login))


def body(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content).decode(errors="ignore") if answer.streaming else answer.content.decode(errors="ignore")


def test_the_published_figures_come_from_rows(contest):
    entries, schools, _ = SIZES["small"]
    year = Period.year(localdate().year)
    found = [read(code, year, {"matter": MATTER}).value.value for code in ("matters.cases", "matters.units", "matters.districts")]
    assert found == [entries, schools, 16]
    assert SIZES["full"][:2] == (10_769, 737)


def test_students_and_codes_stand_once_and_ended_entries_gave_them_back(contest):
    going = Case.objects.filter(matter=MATTER, end="")
    assert Taken.objects.count() == 2 * going.count() < 2 * SIZES["small"][0]


def test_no_page_log_export_or_search_names_a_student(contest):
    cases = Case.objects.filter(matter=MATTER).order_by("pk")
    # The name is there, sealed: whoever looks for it would find something.
    assert STUDENT in cases[0].private
    row = Entry.objects.get(reference=f"case:{cases[0].pk}").round
    for login in ("demo.case.officer", "demo.window.clerk", "demo.leader"):
        client = visitor(login)
        addresses = [
            reverse("casework:queue"), reverse("casework:waiting"), *(reverse("casework:case", args=[one.pk]) for one in cases[:8]),
            reverse("casework:analysis"), "/search/?q=雨量花盆",
        ]  # fmt: skip
        if login != "demo.window.clerk":
            addresses += [reverse("review:round", args=[row.pk]), reverse("review:copies", args=[row.pk])]
        assert [one for one in addresses if STUDENT in body(client, one)] == []
    assert STUDENT not in "".join(AuditEntry.objects.values_list("body", flat=True))
    assert [pk for pk, given in CaseEvent.objects.filter(case__matter=MATTER).values_list("pk", "given") if STUDENT in str(given)] == []
    assert [
        pk
        for pk, document in Entry.objects.values_list("pk", "document")
        if STUDENT in document or "第1中学" in document or "第1小学" in document
    ] == []


def test_the_round_of_the_contest_is_watched_and_judges_know_nobody(contest):
    row = Entry.objects.get(reference=f"case:{Case.objects.filter(matter=MATTER).order_by('pk')[0].pk}").round
    assert (row.title.endswith("青少年科技创新大赛评审"), row.seats, row.state) == (True, {"专家": 3}, "scoring")
    assert Observer.objects.filter(round=row).count() == 1
    watched = body(visitor("demo.organiser"), reverse("review:round", args=[row.pk]))
    assert "E001" in watched
    assert STUDENT not in watched
    entry = body(visitor("demo.organiser"), reverse("review:entry", args=[row.entries.order_by("pk")[0].pk]))
    assert ("专家意见" in entry, STUDENT in entry) == (True, False)
    assert visitor("demo.unit.member").get(reverse("review:observe", args=[row.pk])).status_code == 404
