"""The samples that ship: every planted defect is found, clean forms are clean, twins in other formats read the same."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from keheng.appraisal.auditing.codes import all_codes
from keheng.appraisal.auditing.engine import audit
from keheng.appraisal.form_json import form_from_json, form_to_json
from keheng.appraisal.reading.loading import load, load_file
from keheng.appraisal.reading.reader import read_forms
from keheng.appraisal.writing.write import write_form

FOLDER = Path(__file__).parents[2] / "samples"
FILES = sorted(FOLDER.glob("*.txt"))
FORMS = {path.name: read_forms(load_file(path)) for path in FILES}
KEY = [json.loads(line) for line in (FOLDER / "key.jsonl").read_text(encoding="utf-8").splitlines()]
FINDINGS = [f for forms in FORMS.values() for f in audit(forms)]
LAYOUTS = {"yunnan": "yunnan", "targets": "mof"}


def met(entry, finding) -> bool:
    same = (finding.file, finding.form_index, finding.code) == (entry["file"], entry["form_index"], entry["code"])
    return same and (not entry["rows"] or not finding.rows or bool(set(entry["rows"]) & set(finding.rows)))


def test_at_least_twelve_forms_of_five_families():
    forms = [form for forms in FORMS.values() for form in forms]
    assert len(forms) == 12
    assert {form.template for form in forms} == {"sh-2019-b", "sh-2020", "sh-2022", "sh-2023", "mof", "sichuan", "yunnan"}
    assert all(form.confidence >= 0.85 and not form.unread for form in forms)


@pytest.mark.parametrize("entry", KEY, ids=lambda e: f"{e['id']}-{e['code']}")
def test_every_planted_defect_is_found(entry):
    assert any(met(entry, finding) for finding in FINDINGS)


def test_no_closed_code_beyond_the_key():
    closed = [f for f in FINDINGS if all_codes()[f.code]["closed"]]
    assert [(f.file, f.form_index, f.code, f.rows) for f in closed if not any(met(entry, f) for entry in KEY)] == []


def printed(form):
    """Everything a layout prints, blanks aside."""
    cells = [form.project, form.department, form.unit, form.goal, form.achieved, form.grade, form.weight_total, form.score_total]
    total = form.funds.total
    money = [m and m.fen for m in (total.initial, total.annual, total.executed)]
    rows = [
        [c.text for c in (r.level1, r.level2, r.name, r.target, r.actual, r.weight, r.score, r.reason, r.explanation, r.rule)]
        for r in form.rows
    ]
    return (
        [c.text.replace(" ", "") for c in cells],
        form.year,
        money,
        [total.rate.value, total.weight.value, total.score.value],
        [[t.replace(" ", "") for t in r] for r in rows],
    )


@pytest.mark.parametrize("file_format", ["pdf", "docx", "xlsx", "html", "txt"])
@pytest.mark.parametrize("name", list(FORMS))
def test_twins_read_back_the_same_cell_by_cell(name, file_format):
    forms = FORMS[name]
    layout = forms[0].template
    if layout in {"mof", "sh-2020", "sh-2022"}:
        forms = [replace(form, grade=replace(form.grade, text="")) for form in forms]
    back = read_forms(load(write_form(forms, layout, file_format), name))
    assert [printed(form) for form in back] == [printed(form) for form in forms]


@pytest.mark.parametrize("name", list(FORMS))
def test_json_there_and_back_loses_nothing(name):
    for form in FORMS[name]:
        assert form_from_json(json.loads(json.dumps(form_to_json(form)))) == form
