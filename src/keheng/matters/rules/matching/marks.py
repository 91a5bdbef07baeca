"""What is kept of a standing: which clauses are unmet and which unknown, a bit for each in their order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from keheng.matters.rules.matching.facts import Facts
from keheng.matters.rules.matching.matching import UNKNOWN, UNMET, judge
from keheng.matters.rules.matching.policy import Policy

Bits = npt.NDArray[np.int64]


def marks(policy: Policy, facts: Facts) -> tuple[Bits, Bits]:
    """For each enterprise the unmet clauses of a policy, and the unknown ones."""
    unmet, unknown = np.zeros(facts.count, dtype=np.int64), np.zeros(facts.count, dtype=np.int64)
    for place, clause in enumerate(policy.clauses):
        verdicts = judge(clause, facts)
        unmet |= (verdicts == UNMET).astype(np.int64) << place
        unknown |= (verdicts == UNKNOWN).astype(np.int64) << place
    return unmet, unknown


def places(bits: int) -> Iterator[int]:
    """The places of the clauses that are marked."""
    place = 0
    while bits >> place:
        if bits >> place & 1:
            yield place
        place += 1


def is_near(unmet: int, unknown: int) -> bool:
    """Whether one clause stands between an enterprise and a policy, and everything else is met."""
    return unknown == 0 and unmet.bit_count() == 1
