"""Policies against enterprises: three values, shared clauses, who is told, what to ask."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from keheng.kernel.logic import Truth, compile_rule
from keheng.matters.rules.matching.facts import facts_of
from keheng.matters.rules.matching.matching import best_questions, changed, matches, standing
from keheng.matters.rules.matching.policy import Clause, Policy


def clause(fact, op, value, **more):
    return Clause(say=f"{fact} {op}", fact=fact, op=op, value=value, art="第一条", **more)


def policy(*clauses, name="p"):
    return Policy.model_validate({
        "id": name, "version": date(2026, 1, 1), "title": "政策", "office": "云岭市", "from": date(2026, 1, 1), "gives": "补贴",
        "clauses": clauses, "source": {"doc": "虚构"},
    })  # fmt: skip


ROWS = [
    {"people": 300, "share": Decimal("5.0"), "district": "990101", "high_tech": True},
    {"people": 301, "share": Decimal("4.6"), "district": "990102", "high_tech": False},
    {"people": None, "share": Decimal("9.9"), "district": None, "high_tech": None},
]
FACTS = facts_of(ROWS)


def verdicts(*clauses):
    return next(matches([policy(*clauses)], FACTS)).verdicts.tolist()


@pytest.mark.parametrize(("one", "expected"), [
    (clause("people", "<=", Decimal(300)), [2, 0, 1]), (clause("people", "<", Decimal(301)), [2, 0, 1]),
    (clause("share", ">=", Decimal(5)), [2, 0, 2]), (clause("share", ">", Decimal(5)), [0, 0, 2]),
    (clause("district", "==", "990101"), [2, 0, 1]), (clause("district", "in", ("990102", "990199")), [0, 2, 1]),
    (clause("district", "not in", ("990102",)), [2, 0, 1]), (clause("high_tech", "is", True), [2, 0, 1]),
    (clause("high_tech", "is", False), [0, 2, 1]), (clause("nobody_knows", ">", Decimal(0)), [1, 1, 1]),
])  # fmt: skip
def test_each_operator_in_three_values(one, expected):
    assert verdicts(one) == expected


def test_one_unmet_clause_decides_and_an_unknown_one_leaves_it_open():
    assert verdicts(clause("share", ">=", Decimal(5)), clause("people", "<=", Decimal(300))) == [2, 0, 1]
    assert verdicts(clause("share", ">=", Decimal(10)), clause("people", "<=", Decimal(300))) == [0, 0, 0]


def test_why_and_what_to_ask():
    one = policy(clause("share", ">=", Decimal(5), cure="研发占比达到 5%"), clause("people", "<=", Decimal(300)))
    assert [(part.fact, verdict) for part, verdict in standing(one, FACTS, 1)] == [("share", 0), ("people", 0)]
    other = policy(clause("people", ">", Decimal(10)), clause("district", "==", "990101"), name="two unknown")
    third = policy(clause("high_tech", "is", True), clause("share", ">", Decimal(1)), name="q")
    fourth = policy(clause("people", ">", Decimal(5)), name="r")
    found = list(matches([one, other, third, fourth], FACTS))
    assert best_questions(found, FACTS, 2) == [("people", 2), ("high_tech", 1)]
    assert best_questions(found, FACTS, 0) == []


def test_only_those_whose_standing_changed_are_told():
    before = next(matches([policy(clause("people", "<=", Decimal(300)))], FACTS)).verdicts
    now = facts_of([ROWS[0], ROWS[1] | {"people": 299}, ROWS[2] | {"people": 400}])
    after = next(matches([policy(clause("people", "<=", Decimal(300)))], now)).verdicts
    assert changed(before, after).tolist() == [1, 2]


def test_kinds_that_do_not_fit_are_refused():
    for op, value in ((">=", "much"), ("is", Decimal(1)), ("in", "990101"), ("==", True)):
        with pytest.raises(ValidationError):
            clause("share", op, value)
    for one in (clause("district", ">", Decimal(1)), clause("share", "==", "much")):
        with pytest.raises(TypeError):
            list(matches([policy(one)], FACTS))
    with pytest.raises(TypeError, match="word for some"):
        facts_of([{"a": 1}, {"a": "one"}])
    with pytest.raises(ValidationError):
        policy()


NUMBERS = st.one_of(st.none(), st.integers(-5, 5))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8), st.integers(-5, 5), st.integers(-5, 5))
def test_columns_agree_with_the_rule_language(rows, first, second):
    told = facts_of([{"a": a, "b": b} for a, b in rows])
    one = policy(clause("a", ">=", Decimal(first)), clause("b", "<", Decimal(second)))
    rule = compile_rule(f"a >= {first} and b < {second}")
    truths = [rule({name: Decimal(value) for name, value in (("a", a), ("b", b)) if value is not None}) for a, b in rows]
    expected = [{Truth.MET: 2, Truth.UNKNOWN: 1, Truth.UNMET: 0}[truth] for truth in truths]
    assert np.array_equal(next(matches([one], told)).verdicts, expected)
