"""Every policy against every enterprise: met, unmet or unknown, with the clauses behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keheng.matters.rules.matching.facts import Facts, Names, Numbers
from keheng.matters.rules.matching.policy import Clause, Policy

UNMET, UNKNOWN, MET = np.int8(0), np.int8(1), np.int8(2)
Verdicts = npt.NDArray[np.int8]
_COMPARE = {">=": np.greater_equal, "<=": np.less_equal, ">": np.greater, "<": np.less}


@dataclass(frozen=True, slots=True)
class Match:
    """A policy and what became of it for each enterprise, in the order of the facts."""

    policy: Policy
    verdicts: Verdicts


def matches(policies: Sequence[Policy], facts: Facts) -> Iterator[Match]:
    """Each policy against all enterprises. Kleene's logic: one unmet clause decides, else one unknown leaves it open.

    Clauses that several policies share are judged once. Memory: a byte for each enterprise and policy that is kept.
    """
    times = Counter(_key(clause) for policy in policies for clause in policy.clauses)
    judged: dict[tuple[str, str, object], Verdicts] = {}
    for policy in policies:
        verdicts = np.full(facts.count, MET, dtype=np.int8)
        for clause in policy.clauses:
            key = _key(clause)
            one = judged.get(key)
            if one is None:
                one = judge(clause, facts)
                if times[key] > 1:
                    judged[key] = one
            np.minimum(verdicts, one, out=verdicts)
        yield Match(policy, verdicts)


def _key(clause: Clause) -> tuple[str, str, object]:
    return clause.fact, clause.op, clause.value


def judge(clause: Clause, facts: Facts) -> Verdicts:
    """One clause for every enterprise; raises TypeError where words are compared as numbers or the reverse."""
    column = facts.columns.get(clause.fact)
    if column is None:
        return np.full(facts.count, UNKNOWN, dtype=np.int8)
    verdicts = holds(clause, facts).view(np.int8) << np.int8(1)
    # Of what is unknown nothing is met: adding its mark makes it unknown.
    verdicts += column.unknown
    return verdicts


def holds(clause: Clause, facts: Facts) -> npt.NDArray[np.bool_]:
    """For whom a clause is met; not for those of whom its fact is unknown. Raises TypeError as ``judge`` does."""
    column = facts.columns.get(clause.fact)
    if column is None:
        return np.zeros(facts.count, dtype=np.bool_)
    numeric = clause.numeric or clause.op == "is"
    if numeric == isinstance(column, Names):
        raise TypeError(f"{clause.fact} is a {'word' if numeric else 'number'}, and {clause.op} is asked of it")
    return _of_words(clause, column) if isinstance(column, Names) else _of_numbers(clause, column)


def _of_numbers(clause: Clause, column: Numbers) -> npt.NDArray[np.bool_]:
    wanted = float(clause.value)  # type: ignore[arg-type]  # the policy's own check has seen that it is a number or yes
    compare = np.equal if clause.op == "is" else _COMPARE[clause.op]
    # NaN, which stands for unknown, compares false.
    return np.asarray(compare(column.values, wanted))


def _of_words(clause: Clause, column: Names) -> npt.NDArray[np.bool_]:
    among = set(clause.value) if isinstance(clause.value, tuple) else {clause.value}
    told = [(word in among) != (clause.op == "not in") for word in column.words]
    return np.array([*told, False], dtype=np.bool_)[column.places]


def standing(policy: Policy, facts: Facts, place: int) -> list[tuple[Clause, int]]:
    """Why one enterprise stands as it does: each clause with its verdict."""
    return [(clause, int(judge(clause, facts)[place])) for clause in policy.clauses]


def changed(before: Verdicts, after: Verdicts) -> npt.NDArray[np.int64]:
    """Places whose verdict is another: who is told."""
    return np.flatnonzero(before != after)


def best_questions(found: Sequence[Match], facts: Facts, place: int) -> list[tuple[str, int]]:
    """Facts that an enterprise could tell, with how many open policies each alone would settle; the most first."""
    counts: Counter[str] = Counter()
    for one in found:
        if one.verdicts[place] == UNKNOWN:
            lacking = {clause.fact for clause, verdict in standing(one.policy, facts, place) if verdict == UNKNOWN}
            if len(lacking) == 1:
                counts.update(lacking)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
