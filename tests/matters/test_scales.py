"""Points tables: bands at their edges, ranges for what is unknown, both editions, what would lift to a class."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from keheng.matters.rules.scales.lift import lifts
from keheng.matters.rules.scales.score import score
from keheng.matters.rules.scales.table import PointsTable, edition_on, editions

TABLE = "yl.work-permit-points"
INTERIM, TRIAL = editions(TABLE)
D = Decimal
PERSON = {
    "pay": D(36), "education": "master", "years": D(8), "months": D(12), "chinese": frozenset({"hsk3"}), "region": "other",
    "age": D(38), "background": frozenset({"patent", "stay"}), "bonus": D(0),
}  # fmt: skip


def points(item, fact, table=INTERIM):
    line = next(line for line in score(table, {item: fact}).lines if line.item.id == item)
    return line.low if line.known else None


@pytest.mark.parametrize(("item", "fact", "interim", "trial"), [
    ("pay", D(45), 20, 20), ("pay", D("44.99"), 17, 17), ("pay", D(7), 8, 8), ("pay", D("4.99"), 0, 0), ("pay", D(0), 0, 0),
    ("years", D("1.9"), 0, 0), ("years", D(2), 5, 5), ("years", D(3), 6, 6), ("years", D(12), 15, 15), ("years", D(17), 20, 15),
    ("years", D(40), 20, 15), ("months", D(9), 15, 15), ("months", D("8.9"), 10, 10), ("months", D("2.5"), 0, 0),
    ("age", D(18), 10, 10), ("age", D("25.9"), 10, 0), ("age", D(25), 10, 0), ("age", D(26), 15, 15), ("age", D(45), 15, 0),
    ("age", D(46), 10, 10), ("age", D(55), 10, 0), ("age", D(60), 5, 0), ("age", D(61), 0, 0), ("age", D(17), 0, 0),
    ("chinese", frozenset(), 0, 0), ("chinese", frozenset({"hsk4", "hsk2"}), 4, 8), ("chinese", frozenset({"hsk5"}), 5, 10),
    ("education", "doctor", 20, 20), ("education", "none", 0, 0), ("region", "favoured", 10, 10), ("bonus", D(10), 10, 10),
    ("background", frozenset({"university", "patent"}), 5, 5),
])  # fmt: skip
def test_each_edge_of_both_editions(item, fact, interim, trial):
    assert (points(item, fact), points(item, fact, TRIAL)) == (interim, trial)


def test_both_editions_add_up_and_are_chosen_by_day():
    assert [(one.edition, sum(item.most for item in one.items)) for one in (INTERIM, TRIAL)] == [("interim", 120), ("trial", 120)]
    days = (date(2016, 1, 1), date(2017, 3, 31), date(2017, 4, 1), date(2026, 11, 21))
    assert [edition_on(TABLE, day).edition for day in days] == ["trial", "trial", "interim", "interim"]
    with pytest.raises(KeyError):
        editions("yl.none")


def test_a_person_has_points_and_a_class():
    found = score(INTERIM, PERSON)
    assert (found.low, found.high, found.worst, found.best, found.refused) == (
        D(17 + 15 + 11 + 15 + 3 + 0 + 15 + 5),
        D(81),
        "B",
        "B",
        False,
    )


def test_what_is_unknown_makes_a_range_and_the_class_may_be_sure_all_the_same():
    less = {name: fact for name, fact in PERSON.items() if name not in {"chinese", "background"}}
    found = score(INTERIM, less)
    assert (found.low, found.high, found.worst, found.best) == (D(73), D(83), "B", "B")
    assert [line.item.id for line in found.unknown] == ["chinese", "background"]
    nothing = score(INTERIM, {})
    assert (nothing.low, nothing.high, nothing.worst, nothing.best) == (0, 120, "C", "A")


def test_a_hole_of_the_table_is_told_and_a_child_is_refused():
    assert [line.item.id for line in score(TRIAL, PERSON | {"age": D(45)}).lines if line.hole] == ["age"]
    assert [line.hole for line in score(INTERIM, PERSON | {"age": D(45)}).lines] == [False] * 9
    assert (score(INTERIM, PERSON | {"age": D(17)}).refused, lifts(score(INTERIM, PERSON | {"age": D(17)}), "A")) == (True, [])


def ways(facts, to="A"):
    return [
        [(change.item.id, change.number if change.answer is None else change.answer.value, change.more) for change in way]
        for way in lifts(score(INTERIM, facts), to)
    ]


def test_the_fewest_and_smallest_changes_lift_to_a_class():
    assert ways(PERSON) == [[("education", "doctor", 5)]]
    assert ways(PERSON | {"pay": D(20)}) == [
        [("pay", D(35), 6), ("education", "doctor", 5)], [("pay", D(45), 9), ("chinese", "hsk4", 1)],
    ]  # fmt: skip
    assert ways(PERSON | {"education": "doctor"}) == []
    assert ways({name: fact for name, fact in PERSON.items() if name != "years"} | {"education": "doctor"}) == [[("years", D(7), 10)]]


@pytest.mark.parametrize(
    "facts", [{"pay": "much"}, {"education": "professor"}, {"chinese": frozenset({"hsk9"})}, {"bonus": D(11)}, {"age": "old"}]
)
def test_what_is_no_answer_is_told(facts):
    with pytest.raises(ValueError, match=next(iter(facts))):
        score(INTERIM, facts)


def test_a_table_that_does_not_add_up_is_refused():
    raw = INTERIM.model_dump(by_alias=True)
    with pytest.raises(ValidationError, match="add up"):
        PointsTable.model_validate(raw | {"total": 119})
    overlapping = [raw["items"][0] | {"rows": [{"from": 5, "points": 20}, {"from": 7, "points": 8}]}, *raw["items"][1:]]
    with pytest.raises(ValidationError, match="overlap"):
        PointsTable.model_validate(raw | {"items": overlapping})
    generous = [raw["items"][0] | {"rows": [{"from": 5, "points": 21}]}, *raw["items"][1:]]
    with pytest.raises(ValidationError, match="more than"):
        PointsTable.model_validate(raw | {"items": generous})


PAYS = st.decimals(0, 200, places=2)


@given(PAYS, PAYS, st.integers(18, 90), st.sampled_from([INTERIM, TRIAL]))
def test_more_pay_never_costs_points_and_nobody_has_more_than_the_total(one, other, age, table):
    low, high = sorted((one, other))
    facts = PERSON | {"age": D(age)}
    assert score(table, facts | {"pay": low}).low <= score(table, facts | {"pay": high}).low <= table.total


@given(st.sets(st.sampled_from(sorted(PERSON))))
def test_a_range_holds_what_comes_out_when_all_is_told(told):
    part = score(INTERIM, {name: PERSON[name] for name in told})
    assert part.low <= score(INTERIM, PERSON).low <= part.high


@given(PAYS, st.integers(0, 30), st.integers(18, 70))
def test_a_way_that_is_told_leads_there_and_no_smaller_step_does(pay, years, age):
    facts = PERSON | {"pay": pay, "years": D(years), "age": D(age)}
    base = score(INTERIM, facts)
    for way in lifts(base, "A"):
        changed = dict(facts)
        for change in way:
            changed[change.item.id] = (
                change.number
                if change.answer is None
                else frozenset({change.answer.value})
                if change.item.kind == "best"
                else change.answer.value
            )
        reached = score(INTERIM, changed)
        assert reached.worst == "A"
        assert reached.low - base.low == sum(change.more for change in way)
