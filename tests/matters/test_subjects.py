"""What a case is about: told from the answer that its file names, and found, sorted and taken away by it."""

from importlib import import_module
from io import BytesIO

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from matters.made_up import flaws_of, small
from matters.test_cases import do, submitted
from matters.test_pages import client_of, text_of
from python_calamine import CalamineWorkbook

from keheng.kernel.desk.models import Task
from keheng.matters.models import Case
from keheng.matters.rules.files.reading import digest_of_text
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.service import open_case, renew_draft, save_answers

pytestmark = pytest.mark.django_db
NAMED = ("title: 小事项", "title: 小事项\nsubject: name")


@pytest.mark.parametrize(("field", "wrong"), [
    ("{id: name, type: text, label: 名称, required: true, max: 10}", []),
    ("{id: name, type: text, label: 名称, required: true, max: 10, private: true}", [("NAME", "subject")]),
    ("{id: name, type: phone, label: 名称, required: true}", [("NAME", "subject")]),
    ("{id: name, type: colleague, label: 名称, required: true}", [("NAME", "subject")]),
])  # fmt: skip
def test_a_subject_is_an_answer_that_everybody_in_the_office_may_read(field, wrong):
    swap = ("{id: name, type: text, label: 名称, required: true, max: 10}", field)
    found = [one for one in flaws_of(small(NAMED, swap)) if one[1] == "subject"]
    assert found == wrong
    assert [one for one in flaws_of(small(("title: 小事项", "title: 小事项\nsubject: nothing"))) if one[1] == "subject"] == [
        ("NAME", "subject")
    ]


def test_every_file_of_the_installation_names_a_subject_but_those_that_cannot():
    without = {name for name, versions in shelf().items() if versions[-1].matter.subject is None}
    assert without == {"yl.leave", "yl.work-permit-extension"}


def test_the_subject_follows_the_answer(people, on, shelved):
    on("2026-09-28")
    shelved(small(NAMED))
    case = open_case(actor=people["person"], matter="yl.small")
    assert (case.subject, case.called) == ("", "小事项")
    save_answers(actor=people["person"], case=case.pk, typed={"name": " 智慧 \n园区"}, seen={})
    case = Case.objects.get(pk=case.pk)
    assert (case.subject, case.called) == ("智慧 园区", "智慧 园区 · 小事项")
    save_answers(actor=people["person"], case=case.pk, typed={"cost": "5"}, seen={})
    assert Case.objects.get(pk=case.pk).subject == "智慧 园区"
    save_answers(actor=people["person"], case=case.pk, typed={"name": "乙" * 150}, seen={"name": 1})
    assert Case.objects.get(pk=case.pk).subject == "乙" * 100


def test_without_a_named_answer_stands_who_applies(people, on, shelved):
    on("2026-09-28")
    shelved(small())
    person = open_case(actor=people["person"], matter="yl.small")
    unit = open_case(actor=people["firm"], matter="yl.work-permit-extension")
    assert (person.subject, unit.subject) == ("person 某", "云岭精密仪器有限公司")
    save_answers(actor=people["firm"], case=unit.pk, typed={"person": "WANG XIAO", "unit_name": "另一家"}, seen={})
    assert Case.objects.get(pk=unit.pk).subject == "云岭精密仪器有限公司"


def test_a_draft_that_moves_to_a_newer_version_is_about_what_that_one_names(people, on, shelved):
    on("2026-09-28")
    shelved(small())
    case = open_case(actor=people["person"], matter="yl.small")
    save_answers(actor=people["person"], case=case.pk, typed={"name": "甲"}, seen={})
    newer = small(NAMED, ("version: 2026-01-01", "version: 2026-09-01"))
    shelved(newer)
    renew_draft(actor=people["person"], case=case.pk, digest=digest_of_text(newer))
    assert Case.objects.get(pk=case.pk).subject == "甲"


def test_lists_tasks_and_sheets_show_it_and_find_by_it(people, on):
    first, second = submitted(people, on, name="乙平台"), submitted(people, on, name="甲系统")
    clerk = client_of("clerk")

    def listed(query=""):
        text = text_of(clerk.get(f"/manage/cases/{query}"))
        return sorted((name for name in ("甲系统", "乙平台") if name in text), key=text.index)

    ordered = sorted(["甲系统", "乙平台"])
    assert (listed("?sort=subject"), listed("?sort=-subject")) == (ordered, ordered[::-1])
    assert listed("?subject=系统") == ["甲系统"]
    assert listed("?subject=没有") == []
    answer = clerk.post("/manage/cases/", {"export": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()
    heads = next(row for row in sheet if "内容" in row)
    assert heads.index("内容") < heads.index("事项")
    assert {row[heads.index("内容")] for row in sheet} >= {"甲系统", "乙平台"}
    assert [word for word in ("甲系统", "乙平台") if word not in text_of(clerk.get("/manage/cases/waiting/"))] == []
    assert Task.objects.get(key__startswith=f"case:{first.pk}:").title == f"预审：乙平台 · 信息化项目评审（{first.number}）"
    assert "甲系统" in text_of(clerk.post("/manage/cases/batch/", {"rows": [second.pk]}))
    own = text_of(client_of("firm").get("/matters/my/"))
    assert own.index("甲系统") < own.index("乙平台")
    assert Client().get("/manage/cases/?subject=系统").status_code == 302


def test_a_move_leaves_it(people, on):
    case = submitted(people, on, name="甲系统")
    assert do(people["clerk"], case, "accept").subject == "甲系统"
    assert Case.objects.get(pk=case.pk).subject == "甲系统"


def test_cases_from_before_are_about_their_unit(people, on):
    case = submitted(people, on)
    draft = open_case(actor=people["person"], matter="yl.title")
    Case.objects.update(subject="")
    import_module("keheng.matters.migrations.0009_case_subject").name_units(apps, connection.schema_editor())
    assert (Case.objects.get(pk=case.pk).subject, Case.objects.get(pk=draft.pk).subject) == ("云岭精密仪器有限公司", "")
