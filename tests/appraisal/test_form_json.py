"""Forms as JSON: what a person types is accepted, everything wrong is said at once."""

import pytest
from appraisal.made_up import form, row
from hypothesis import given
from hypothesis import strategies as st

from keheng.appraisal.form_json import FormJsonError, form_from_json, form_to_json
from keheng.appraisal.model import Column

TYPED = {
    "project": "科普站", "year": 2023, "funds": {"unit": "元", "annual": 1000.5, "executed": 900, "weight": 10, "rate": 89.96, "parts": [{"label": "财政", "annual": 5}]},
    "rows": [{"name": "课程", "target": "≥10次", "actual": "12次", "weight": 50, "score": 45.5, "deviation": "场地改造"}], "weight_total": 100, "grade": "优",
}  # fmt: skip


def test_the_documented_keys_are_enough():
    made = form_from_json(TYPED)
    assert (made.project.text, made.year, made.funds.total.annual.fen, made.funds.parts[0].annual.fen) == ("科普站", 2023, 100050, 500)
    assert (made.row(1).score.value, made.row(1).reason.text, made.weight_total.value, made.grade.text) == (45.5, "场地改造", 100, "优")
    assert Column.RULE not in made.columns
    assert Column.RULE in form_from_json({"rows": [{"name": "课程", "rule": "10次得满分"}]}).columns


def test_every_problem_is_said_at_once():
    broken = {
        "year": "去年",
        "kind": "诗",
        "columns": ["name", "颜色"],
        "rows": ["文字", {"weight": "五"}, {"name": ""}, {"name": "甲", "score": True}],
    }
    with pytest.raises(FormJsonError) as caught:
        form_from_json(broken)
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "rows[1]",
        "rows[2].weight",
        "rows[3].name",
        "rows[4].score",
        "kind",
        "columns",
        "year",
    ]


@pytest.mark.parametrize(("data", "count"), [([], 1), ("文字", 1), ({}, 1), ({"rows": {}}, 1), ({"rows": []}, 0)])
def test_what_is_no_form_is_refused(data, count):
    if count:
        with pytest.raises(FormJsonError) as caught:
            form_from_json(data)
        assert len(caught.value.problems) == count
    else:
        assert form_from_json(data).rows == ()


def test_a_number_typed_over_wins_against_the_old_cell():
    data = form_to_json(form(row(score="20")))
    data["rows"][0]["score"], data["rows"][0]["name"], data["score_total"] = 25, "新课程", 30
    changed = form_from_json(data)
    assert (changed.row(1).score.value, changed.row(1).name.text, changed.score_total.value) == (25, "新课程", 30)


@given(name=st.text(max_size=20), weight=st.integers(0, 100), score=st.decimals(0, 100, places=2), reason=st.text(max_size=20))
def test_any_made_up_form_comes_back(name, weight, score, reason):
    made = form(row(name, weight=str(weight), score=str(score), reason=reason))
    assert form_from_json(form_to_json(made)) == made
