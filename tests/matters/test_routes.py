"""Routes to a class: each by itself, the best one counts, and what would settle most."""

from decimal import Decimal

import pytest
from matters.test_scales import INTERIM, PERSON
from pydantic import ValidationError

from keheng.kernel.logic import Truth
from keheng.matters.rules.scales.routes import Routes, routes_of, standing
from keheng.matters.rules.scales.score import score

ROUTES = routes_of("yl.work-permit-classes")
NO = {asked.id: False for asked in ROUTES.facts if asked.type == "yesno"} | {"wage": Decimal(150_000)}


def stands(more, person=PERSON):
    facts = {**person, **NO, **more}
    return standing(ROUTES, score(INTERIM, person), {name: fact for name, fact in facts.items() if fact is not None})


def met(found):
    return [one.route.id for one in found.found if one.truth is Truth.MET]


def test_points_are_one_route_of_several():
    found = stands({})
    assert (found.certain, found.possible, found.best_question) == ("B", "B", "")
    assert met(found) == ["bachelor", "points_b"]


@pytest.mark.parametrize(("more", "person", "route"), [
    ({"founder": True}, {}, "founder"), ({"postdoc": True}, {"age": Decimal(39)}, "young"), ({"wage": Decimal(60_000)}, {}, "pay_six"),
    ({}, {"education": "doctor"}, "points_a"),
])  # fmt: skip
def test_any_route_to_the_best_class_is_enough(more, person, route):
    found = stands(more, PERSON | person)
    assert (found.certain, route in met(found)) == ("A", True)


def test_postdocs_of_forty_are_young_no_more():
    assert stands({"postdoc": True}, PERSON | {"age": Decimal(40)}).certain == "B"


def test_a_teacher_without_two_years_needs_a_paper():
    young = PERSON | {"years": Decimal(1), "pay": Decimal(10), "education": "bachelor", "background": frozenset()}
    teaching = {"teacher": True, "mother_tongue": True}
    assert [stands(teaching | more, young).certain for more in ({}, {"teaching_paper": True})] == ["C", "B"]


def test_what_is_unknown_leaves_the_better_class_open_and_names_the_question():
    found = stands({"wage": None, "founder": None})
    assert (found.certain, found.possible, found.best_question) == ("B", "A", "founder")
    opened = {one.route.id: one.open_facts for one in found.found if one.open_facts}
    assert opened == {"founder": ("founder",), "pay_six": ("wage",)}, "pay of four times leads to no better class than the certain one"


def test_points_that_may_reach_the_bar_are_unknown_not_unmet():
    found = stands({}, {name: fact for name, fact in PERSON.items() if name != "education"})
    assert [one.truth for one in found.found if one.route.id in {"points_a", "points_b"}] == [Truth.UNKNOWN, Truth.MET]
    assert found.best_question == "education"


def test_nobody_without_any_route_is_above_the_last_class():
    assert standing(ROUTES, score(INTERIM, {"age": Decimal(70)}), NO).certain == "C"


def test_files_that_cannot_be_used_are_refused():
    raw = ROUTES.model_dump(by_alias=True)
    first = raw["routes"][0]
    for wrong, said in (({"points": 3}, "a rule or points"), ({"class": "Z"}, "no class Z"), ({"rule": "age <"}, "age")):
        with pytest.raises((ValidationError, ValueError), match=said):
            Routes.model_validate(raw | {"routes": [first | wrong]})
    with pytest.raises(KeyError):
        routes_of("yl.none")
