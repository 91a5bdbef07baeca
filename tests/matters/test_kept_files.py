"""What runs stays as it was: papers that ran out before they were handed in, files that were changed while in force."""

import argparse
from datetime import date

import pytest
from matters.made_up import small
from matters.test_cases import codes, do, give_file
from matters.test_holders import TYPED

from keheng.kernel.errors import attempt, problem
from keheng.matters.models import Case, Material
from keheng.matters.queries.cases import lacking, loaded
from keheng.matters.rules.files import shelf as files
from keheng.matters.rules.files.reading import Flaw
from keheng.matters.service import not_as_released, open_case, save_answers
from keheng.site import commands, doctor

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 28)


def with_paper(people, on, shelved, until):
    """A draft with a paper that is valid until a day."""
    on(TODAY.isoformat())
    shelved(small(('need: "cost > 5000"', "need: always, valid: true")))
    case = open_case(actor=people["person"], matter="yl.small")
    save_answers(actor=people["person"], case=case.pk, typed={"name": "甲"}, seen={})
    Material.objects.filter(pk=give_file(case, "paper").pk).update(valid_until=until)
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize(("until", "told"), [(date(2026, 9, 27), ["MATTER_MATERIAL_OVER"]), (TODAY, [])])
def test_a_paper_that_ran_out_in_the_draft_is_told_at_hand_in(people, on, shelved, until, told):
    case = with_paper(people, on, shelved, until)
    assert [one.code for one in lacking(loaded(case), TODAY)] == told
    if told:
        assert codes(lambda: do(people["person"], case, "submit")) == told
    else:
        do(people["person"], case, "submit")
        # What was valid when it was handed in stays so, however long the office takes.
        assert lacking(loaded(Case.objects.get(pk=case.pk)), date(2027, 1, 1)) == []


def test_a_file_that_was_changed_in_force_begins_no_case(people, on, shelved):
    on(TODAY.isoformat())
    shelved(small())
    first = open_case(actor=people["person"], matter="yl.small")
    shelved(small(("title: 小事项", "title: 改过的事项")))
    assert codes(lambda: open_case(actor=people["person"], matter="yl.small")) == ["MATTER_FILE_CHANGED"]
    save_answers(actor=people["person"], case=first.pk, typed={"name": "甲"}, seen={})
    assert Case.objects.get(pk=first.pk).answers["name"] == "甲"


def test_the_doctor_tells_of_files_that_are_wrong_or_not_as_released(monkeypatch):
    assert list(doctor._matters()) == []
    monkeypatch.setattr(files, "released", lambda _folder: {})
    everything = not_as_released(TODAY)
    assert len(everything) == len(files.matter_files())
    assert not_as_released(date(2000, 1, 1)) == []
    told = list(doctor._matters())
    assert [(one.what, one.serious) for one in told] == [("matters", True)] * len(everything)
    monkeypatch.setattr(doctor, "flaws_of_files", lambda: [Flaw("a.yaml", 3, problem("MATTER_FILE_TWICE", key="id"))])
    assert ["a.yaml" in one.zh for one in doctor._matters()] == [True]


def test_a_site_with_wrong_files_does_not_start(monkeypatch, capsys):
    monkeypatch.setattr("keheng.matters.service.flaws_of_files", lambda: [Flaw("a.yaml", 3, problem("MATTER_FILE_TWICE", key="id"))])
    monkeypatch.setattr(commands, "_migrate", lambda _options: pytest.fail("started"))
    assert commands._serve(argparse.Namespace(host="127.0.0.1", port=0, workers=1)) == 1
    assert "a.yaml" in capsys.readouterr().out


RUNS_OUT = {"护照首页和签证页", "营业执照", "近期免冠照片", "无犯罪记录证明", "体检证明或承诺书", "高新技术企业证书", "租赁合同"}


def test_every_paper_that_runs_out_asks_until_when():
    papers = [(read.matter.id, one) for versions in files.shelf().values() for read in versions for one in read.matter.materials]
    assert {one.title for _, one in papers} >= RUNS_OUT
    assert [(name, one.id) for name, one in papers if one.title in RUNS_OUT and not one.valid] == []
    assert {one.title for _, one in papers if one.valid} == RUNS_OUT


@pytest.mark.parametrize("code", ["passport_copy", "licence"])
def test_a_permit_s_paper_that_ran_out_since_is_told_at_hand_in(people, on, code):
    on("2026-09-28")
    case = open_case(actor=people["firm"], matter="yl.work-permit-extension")
    save_answers(actor=people["firm"], case=case.pk, typed={"unit_name": "云岭精密仪器有限公司"} | TYPED, seen={})
    for each in ("passport_copy", "contract", "licence"):
        row = give_file(case, each, f"{each}.pdf")
        Material.objects.filter(pk=row.pk).update(valid_until=date(2026, 9, 27) if each == code else TODAY)
    told = attempt(lambda: do(people["firm"], case, "submit"))
    assert [(one.code, one.field) for one in told] == [("MATTER_MATERIAL_OVER", f"material-{code}")]
    Material.objects.filter(case=case).update(valid_until=TODAY)
    assert do(people["firm"], case, "submit").state == "precheck"
