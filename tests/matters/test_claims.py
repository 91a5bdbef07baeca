"""The class that an applicant names, beside what the answers of the form lead to."""

from datetime import date

import pytest

from keheng.matters.rules.checking import checked
from keheng.matters.rules.claims import claim_of
from keheng.matters.rules.files.reading import read_text
from keheng.matters.rules.files.sharing import whole_text
from keheng.matters.rules.files.shelf import in_force, matter_files
from keheng.matters.rules.form.answers import settled, take
from keheng.matters.rules.scales.routes import routes_of

DAY = date(2026, 9, 28)
MATTER = in_force("yl.work-permit-new-abroad", DAY).matter


def claim(day=DAY, **told):
    answers = settled(MATTER.fields, take(MATTER.fields, {**MATTER.sample, "abroad": "是", **told}), day)
    return claim_of(MATTER, answers, day)


def test_the_answers_of_the_form_are_the_facts_of_the_table():
    """36 万: 17; master: 15; 6 years: 9; 10 months: 15; no Chinese; elsewhere; 36 years old: 15."""
    found = claim()
    points = {line.item.id: line.low for line in found.score.lines}
    assert points == {
        "pay": 17,
        "education": 15,
        "years": 9,
        "months": 15,
        "chinese": 0,
        "region": 0,
        "age": 15,
        "background": 0,
        "bonus": 0,
    }
    assert (found.score.low, found.score.high) == (71, 71)
    assert (found.claimed, found.standing.certain, found.standing.possible, found.agrees) == ("B", "B", "B", True)


@pytest.mark.parametrize(("told", "agrees"), [
    ({"grade": "A类"}, False),
    ({"grade": "A类", "pay": "576000"}, True),
    ({"grade": "A类", "pay": "575999.99"}, False),
    ({"grade": "C类"}, False),
    ({"grade": "A类", "programme": "是"}, True),
    ({"grade": "A类", "programme": ""}, None),
    ({"grade": "A类", "pay": "500000", "degree": "博士或相当", "years": "17", "chinese": ["HSK五级以上"]}, True),
    ({"grade": ""}, None),
    ({"grade": "C类", "programme": ""}, False),
    ({"grade": "B类", "programme": ""}, True),
])  # fmt: skip
def test_whether_a_claim_agrees(told, agrees):
    assert claim(**told).agrees is agrees


# Below 60 points whatever the routes: 8 for pay, 15 for a master or 10 for a bachelor, nothing for a year of work, 15 for months, 15 for age.
POOR = {"pay": "100000", "years": "1"}
MASTER, BACHELOR = POOR | {"degree": "硕士或相当"}, POOR | {"degree": "学士或相当"}


@pytest.mark.parametrize(("told", "certain", "possible"), [
    (MASTER, "C", "C"),
    (MASTER | {"master_china": "是"}, "B", "B"),
    (MASTER | {"master_top": "是"}, "B", "B"),
    (MASTER | {"master_china": ""}, "C", "B"),
    (BACHELOR, "C", "C"),
    (BACHELOR | {"teacher": "是", "mother_tongue": "是", "teaching_paper": "是"}, "B", "B"),
    (BACHELOR | {"teacher": "是", "mother_tongue": "是", "teaching_paper": ""}, "C", "B"),
    (BACHELOR | {"teacher": "是", "mother_tongue": "是"}, "C", "C"),
    (BACHELOR | {"teacher": "是", "teaching_paper": "是"}, "C", "C"),
    (BACHELOR | {"mother_tongue": "是", "teaching_paper": "是"}, "C", "C"),
    (BACHELOR | {"teacher": ""}, "C", "B"),
    # A master's degree of somebody who has none is not asked, and counts as none.
    (BACHELOR | {"master_china": "是", "master_top": "是"}, "C", "C"),
    (POOR | {"degree": "以上都不是", "teacher": "", "master_china": ""}, "C", "C"),
])  # fmt: skip
def test_routes_besides_points_are_asked_in_the_form(told, certain, possible):
    found = claim(**told)
    assert found.score.high < 60
    assert (found.standing.certain, found.standing.possible) == (certain, possible)


def test_every_fact_of_the_routes_is_asked_or_fixed():
    routes = routes_of(MATTER.scale.routes)
    assert {fact.id for fact in routes.facts} <= set(MATTER.scale.facts)


def test_what_is_not_told_is_a_range_and_what_makes_no_sense_is_not_told():
    assert claim(years="").score.high - claim(years="").score.low == 20
    assert claim(pay="-5").score.low == claim(pay="").score.low
    assert claim(born="2030-01-01").score.low == claim(born="").score.low


def test_whole_years_on_and_before_the_birthday_and_for_a_leap_day():
    def age_points(born, day):
        return next(line.low for line in claim(day, born=born).score.lines if line.item.id == "age")

    # 55: 10 points, 60: 5, 61: none.
    assert [age_points("1970-09-29", DAY), age_points("1965-09-29", DAY), age_points("1965-09-28", DAY)] == [10, 5, 0]
    assert [age_points("1968-02-29", date(2029, 2, 28)), age_points("1968-02-29", date(2029, 3, 1))] == [5, 0]
    assert claim(born="2009-01-01").agrees is False


def test_a_matter_without_a_scale_has_no_claim():
    assert claim_of(in_force("yl.leave", DAY).matter, {}, DAY) is None


@pytest.mark.parametrize(("old", "new", "place"), [
    ("routes: yl.work-permit-classes", "routes: yl.nothing", "scale.routes"),
    ("years: {value: years}", "years: {value: years, field: degree}", "scale.facts.years"),
    ("years: {value: years}", "yers: {value: years}", "scale.facts.yers"),
    ("以上都不是: none}", "以上都不是: nothing}", "scale.facts.education"),
    ("HSK一级: hsk1, ", "", "scale.facts.chinese"),
    ("classes: {A类: A, B类: B, C类: C}", "classes: {A类: A, B类: B}", "scale.classes"),
    ("age: {born: born}", "age: {born: birth}", "scale.facts.age"),
])  # fmt: skip
def test_a_scale_that_does_not_fit_is_told(tmp_path, old, new, place):
    path = next(one for one in matter_files() if one.name.startswith("work-permit-new-abroad"))
    text = whole_text(path)
    assert old in text
    main, *parts = text.split("\n--- # ")
    (tmp_path / "matters").mkdir()
    (tmp_path / "parts").mkdir()
    (tmp_path / "matters" / path.name).write_text(main, encoding="utf-8")
    for part in parts:
        name, _, body = part.partition("\n")
        (tmp_path / "parts" / name).write_text(body.replace(old, new), encoding="utf-8")
    assert read_text(text, "").matter.scale is not None
    _sound, flaws = checked([tmp_path / "matters" / path.name])
    assert place in {flaw.problem.field for flaw in flaws}
