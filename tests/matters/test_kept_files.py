"""What runs stays as it was: papers that ran out before they were handed in, files that were changed while in force."""

import argparse
from datetime import date

import pytest
from matters.made_up import small
from matters.test_cases import codes, do, give_file

from keheng.kernel.errors import problem
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
