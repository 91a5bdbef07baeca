"""How many queries the pages of the office take: at most thirteen, whether there is one row of a kind or three."""

import pytest
from django.db import connection
from django.utils.timezone import now
from matters.test_archives import archived
from matters.test_cases import give_file, submitted
from matters.test_checklists import STEPS
from matters.test_checklists import submitted as permit
from matters.test_pages import client_of

from keheng.kernel.powers import Power, Principal, Reach
from keheng.matters.models import Case, Correction, Letter, Material, Output, Tick
from keheng.matters.queries.cases import cases_for
from keheng.matters.queries.hanging import Hanging
from keheng.matters.service import note_correction, tick_step, write_letter
from keheng.matters.views.working import _ended

pytestmark = pytest.mark.django_db
# One of them asks whether any case names the officer, so that lists need not look for it in every row.
MOST = 15


def busy(people, on, count):
    """A project with so many rows of everything, and as many cases that follow from it."""
    case = submitted(people, on)
    for number in range(count):
        give_file(case, "quotes", f"quote-{number}.pdf")
        note_correction(actor=people["clerk"], case=case.pk, target="plan", text=f"第 {number} 处")
        write_letter(actor=people["clerk"], case=case.pk, text=f"留言 {number}")
        Output.objects.create(case=case, code="opinion", title="意见", content=[["甲", "乙"]], token=f"t{number}", issued_at=now())
        Case.objects.filter(pk=submitted(people, on).pk).update(parent=case)
    return case


def asked(client, path, counted):
    client.get(path)
    with counted(MOST):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_case(people, on, count, django_assert_max_num_queries):
    case = busy(people, on, count)
    child = Case.objects.filter(parent=case)[0]
    clerk = client_of("clerk")
    asked(clerk, f"/manage/cases/{case.pk}/", django_assert_max_num_queries)
    asked(clerk, f"/manage/cases/{child.pk}/", django_assert_max_num_queries)


@pytest.mark.parametrize("count", [1, 3])
def test_a_case_with_a_checklist(people, on, count, settings, tmp_path, django_assert_max_num_queries):
    on("2026-09-28")
    settings.FILES_FOLDER = tmp_path
    case = permit(people["firm"], "yl.work-permit-new-abroad", channel="视频连线", abroad="yes")
    for step in STEPS[:count]:
        tick_step(actor=people["clerk"], case=case.pk, checklist="video", step=step)
    asked(client_of("clerk"), f"/manage/cases/{case.pk}/", django_assert_max_num_queries)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_archive_and_analysis(people, count, settings, tmp_path, django_assert_max_num_queries):
    settings.FILES_FOLDER = tmp_path
    for _ in range(count):
        archived(people)
    leader = client_of("leader")
    for path in ("/manage/cases/?progress=ended", "/manage/cases/waiting/", "/manage/cases/archive/", "/manage/cases/analysis/"):
        asked(leader, path, django_assert_max_num_queries)


def test_rows_read_at_once_are_the_rows_of_the_database(people, on):
    case = busy(people, on, 2)
    Tick.objects.create(case=case, checklist="video", step="identity", remark="看到了", by="x", at=now())
    Material.objects.filter(case=case, name="quote-1.pdf").update(removed_at=now(), valid_until="2027-01-01")
    found = Hanging(case)
    for kind in (Correction, Material, Letter, Output, Tick):
        names = [field.attname for field in kind._meta.concrete_fields]
        rows = list(kind.objects.filter(case=case).order_by("pk"))
        assert rows
        assert [[getattr(row, name) for name in names] for row in found.of(kind)] == [
            [getattr(row, name) for name in names] for row in rows
        ]


@pytest.mark.parametrize("due", [{"due_on__isnull": False}, {"due_on": None}])
def test_ended_cases_of_a_matter_are_walked_in_the_order_of_the_list(due):
    """Read from one index, nothing sorted: as few rows as the page shows, however many there are."""
    actor = Principal("clerk", powers=(Power("matters.case.see", Reach.ALL),))
    rows = _ended(cases_for(actor).filter(matter="yl.leave", **due)).order_by("due_on", "id")[:51]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # In an empty table anything is as good.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    plan = rows.explain()
    assert ("matters_case_ended_of" in plan, "B-TREE" in plan, "Sort" in plan) == (True, False, False)
