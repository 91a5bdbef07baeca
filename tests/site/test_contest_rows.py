"""What a school brings in to the contest is sealed in every table of either database, and no page of those who work on it tells a student."""

import re

import pytest
from conftest import own_folders
from django.db import connection
from django.test import Client
from django.urls import reverse
from matters.contest_made_up import MATTER, csv_of, entry
from people import actor_for, make_account, make_unit, signed_in

from keheng.matters.actions.archiving import archive_case
from keheng.matters.actions.importing import begin_import, run_import
from keheng.matters.models import Case
from keheng.matters.queries.cases import private_answers
from keheng.matters.service import MoveWish, move_case
from keheng.review.models import Entry

STUDENT = re.compile("演示学生[0-9]{5}|99[0-9]{4}20[01][0-9]{8}[0-9X]")
LOOKED_AT = ("casework:queue", "casework:waiting", "casework:analysis", "casework:archive", "desk:desk", "desk:messages", "review:rounds")


@pytest.fixture
def contest(fresh):
    """Three entries of a school, one more faulty: one was recommended and is judged, one ended and is in the archive; by who acted."""
    with own_folders(fresh.parent):
        school = make_unit("云岭演示第一中学", "990102", credit_code="91990101000DBCMM5J")
        accounts = {
            "teacher": make_account("teacher", "unit_member", unit=school),
            "district": make_account("district", "district_officer", district="990102"),
            **{
                name: make_account(name, role)
                for name, role in {"clerk": "window_clerk", "officer": "case_officer", "leader": "leader"}.items()
            },
        }
        teacher = actor_for(accounts["teacher"], school.pk)
        rows = [*(entry(number) for number in (1, 2, 3)), entry(4, a_number=entry(1)["a_number"])]
        sheet = begin_import(actor=teacher, matter=MATTER, name="作品.csv", data=csv_of(rows), partly=True)
        run_import(sheet.pk)
        judged, ended, _waiting = Case.objects.order_by("pk")
        for who, case, do in (("district", judged, "recommend"), ("clerk", judged, "accept"), ("district", ended, "pass_over")):
            case.refresh_from_db()
            move_case(actor=actor_for(accounts[who]), case=case.pk, wish=MoveWish(do, case.version, {}, "说明清楚，数据可查。"))
        archive_case(case=ended.pk)
        yield accounts


def told(texts):
    return [(place, found) for place, text in texts if (found := STUDENT.findall(text))]


def rows_of_all_tables():
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield (
                    table,
                    "\n".join(bytes(one).decode(errors="ignore") if isinstance(one, bytes | memoryview) else str(one) for one in row),
                )


def test_no_row_of_any_table_tells_a_student(contest):
    answers = [private_answers(case) for case in Case.objects.order_by("pk")]
    assert [one["a_name"] for one in answers] == ["演示学生00001", "演示学生00002", "演示学生00003"]
    assert all(len(told([("", one["a_name"] + one["a_number"])])) == 1 for one in answers)
    rows = list(rows_of_all_tables())
    assert {"matters_case", "review_entry", "matters_package", "kernel_auditentry"} <= {table for table, _ in rows}
    sample = [(table, text) for table, text in rows if table != "matters_edition"]
    assert told(sample) == []


def test_no_page_of_who_works_on_entries_tells_a_student(contest):
    case, entry_row = Case.objects.order_by("pk")[0], Entry.objects.get()
    pages = [reverse(name) for name in LOOKED_AT] + [reverse("casework:case", args=[one.pk]) for one in Case.objects.all()]
    pages += [reverse("review:round", args=[entry_row.round_id]), reverse("review:copies", args=[entry_row.round_id])]
    opened, found = {}, []
    for name in ("district", "clerk", "officer", "leader"):
        client = signed_in(contest[name])
        for path in pages:
            answer = client.get(path)
            if answer.status_code == 200:
                opened[name] = opened.get(name, 0) + 1
                found += told([(f"{name} {path}", answer.content.decode())])
    assert found == []
    assert min(opened.values()) > 5, opened
    assert Client().get(reverse("casework:case", args=[case.pk])).status_code == 302
    own = signed_in(contest["teacher"]).get(reverse("matters:case", args=[case.pk])).content.decode()
    assert STUDENT.search(own), "whoever typed an entry reads it again"
