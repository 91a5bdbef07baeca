"""Data of the directory are whole: wordings, permissions, kinds, districts, fields; doors of all pages; personal data."""

import ast
import json
import string
from pathlib import Path

import pytest
from directory.made_up import CLERK, DAY, id_number, organisation, person, principal
from django.apps import apps
from django.urls import reverse

from keheng.directory.actions.erasing import GONE, IN_POOL, erase_person
from keheng.directory.actions.experts import add_avoidance_fact, apply_expert, leave_pool
from keheng.directory.actions.merging import merge_records, undo_merge
from keheng.directory.actions.people import add_affiliation
from keheng.directory.enums import city, districts, fields_of_work, kinds
from keheng.directory.models import Person
from keheng.directory.queries.history import ACTS_ZH
from keheng.directory.queries.own_data import data_about
from keheng.directory.urls import urlpatterns
from keheng.directory.views.organisations import TABLE
from keheng.kernel.errors import registry
from keheng.kernel.personal.catalogue import catalogue, own_models, problems
from keheng.kernel.personal.reveal import OutOfReachError, reveal
from keheng.kernel.powers import permissions

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src" / "keheng" / "directory").rglob("*.py"))
TEXTS = ("zh", "en", "remedy_zh", "remedy_en")


def calls(name):
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield file, node


def test_every_code_in_use_is_registered_and_every_registered_one_is_used():
    used = {}
    for file, node in calls("problem"):
        code = ast.literal_eval(node.args[0])
        given = {keyword.arg for keyword in node.keywords} - {"field"}
        wanted = {name for text in TEXTS for _, name, _, _ in string.Formatter().parse(registry()[code][text]) if name}
        assert given == wanted, (file, code)
        used[code] = file
    own = json.loads((ROOT / "definitions" / "directory" / "errors.json").read_text(encoding="utf-8"))
    assert set(own) == set(used)


def test_every_permission_is_asked_for_by_a_page():
    doors = {pattern.callback.door for pattern in urlpatterns} | {TABLE.export_permission}
    own = {code for code in permissions() if code.startswith("directory.")}
    assert doors - {"public"} == own
    assert {code for code in own if permissions()[code].dangerous} == {
        "directory.organisation.import", "directory.organisation.export", "directory.duplicates.merge",
    }  # fmt: skip


def test_every_act_on_a_record_has_its_words():
    names = {ast.literal_eval(node.args[0]) for _, node in calls("act") if node.args}
    on_lists = {"organisation.import", "organisation.export"}
    assert names - on_lists == set(ACTS_ZH) - {"person.erase"}


def test_the_tree_and_the_lists_are_whole():
    leaves = {code: field for code, field in fields_of_work().items() if field.parent}
    assert (len(fields_of_work()) - len(leaves), len(leaves)) == (18, 57)
    assert {field.parent for field in leaves.values()} == set(fields_of_work()) - set(leaves)
    assert all(code.split(".")[0] == field.parent for code, field in leaves.items())
    assert (city(), len(districts()), len(kinds())) == ("云岭市", 16, 8)
    assert [kind.zh for kind in kinds().values() if not kind.user] == ["机关", "其他"]


def test_every_field_stands_in_the_catalogue_of_personal_data():
    models = [model for model in own_models() if model._meta.app_label == "directory"]
    tables = {label: table for label, table in catalogue().items() if label.startswith("directory.")}
    assert (problems(models, tables), len(models)) == ([], len(list(apps.get_app_config("directory").get_models())))


def test_the_addresses_are_those_the_site_names():
    assert [reverse(f"directory:{name}") for name in ("organisations", "people", "experts", "duplicates")] == [
        "/organisations/", "/people/", "/experts/", "/duplicates/",
    ]  # fmt: skip
    assert reverse("entrance:join") == "/join/"


@pytest.mark.django_db
def test_a_number_is_revealed_within_the_reach_only():
    one, two = person("陈一", 1, phone="13800138000"), person("林二", 2)
    unit = organisation("甲中心", 1)
    add_affiliation(actor=CLERK, person=one.pk, organisation=unit.pk, since=DAY)
    clerk = principal(("directory.person.see", "unit", unit.pk), ("personal.reveal", "all"))

    def shown(who):
        return reveal(actor=clerk, model="directory.Person", pk=str(who.pk), field="phone", reason="电话核实任职")

    assert shown(one) == "13800138000"
    with pytest.raises(OutOfReachError):
        shown(two)


@pytest.mark.django_db
def test_a_person_sees_all_that_is_held_and_has_it_erased():
    one, doubled = person("陈一", 1, phone="13800138000", email="a@b.cn"), person("陈一", phone="13700137000")
    unit = organisation("甲中心", 1)
    add_affiliation(actor=CLERK, person=one.pk, organisation=unit.pk, since=DAY)
    add_avoidance_fact(actor=CLERK, person=one.pk, organisation=unit.pk, kind="kin", source="申报", since=DAY)
    expert = apply_expert(actor=CLERK, person=one.pk, title="教授", fields=["520.10"])
    merge = merge_records(actor=CLERK, model="Person", survivor=one.pk, loser=doubled.pk, reason="同一人", take=["phone"]).merge
    held = list(data_about(one.pk))
    assert [row["事项"] for row in held] == ["人员资料", "任职", "专家", "回避事实", "人员资料"]
    assert (held[0]["身份证号码"], held[0]["手机号码"], held[2]["专业领域"]) == (id_number(1), "13700137000", "人工智能")
    kept = erase_person(one.pk, CLERK)
    assert (kept.erased, [row.because_zh for row in kept.kept]) == (0, [IN_POOL])
    leave_pool(actor=CLERK, expert=expert.pk, reason="本人申请")
    gone = erase_person(one.pk, CLERK)
    assert (gone.erased, [row.count for row in gone.kept]) == (2, [1])
    undo_merge(actor=CLERK, merge=merge.pk)
    for row in Person.objects.order_by("pk"):
        assert (row.name, row.id_number, row.id_mark, row.phone, row.phone_mark, row.email, row.born_on) == (
            GONE,
            "",
            None,
            "",
            "",
            "",
            None,
        )
