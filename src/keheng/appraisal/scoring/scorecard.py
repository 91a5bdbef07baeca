"""The result of scoring: per row, execution and total what was given and what is legal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Basis(StrEnum):
    """What an interval rests on."""

    MET = "met"
    PROPORTIONAL = "proportional"
    LEVEL = "level"
    BANDS = "bands"
    EXECUTION = "execution"
    UNKNOWN = "unknown"


class Membership(StrEnum):
    """Whether the execution points are part of the printed total, as the sums tell."""

    IN = "in"
    OUT = "out"
    INSIDE_TABLE = "inside-table"
    NEITHER = "neither"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RowScore:
    """One row in points: ``given`` as printed, the closed legal interval, the expected value, how and by which clause.

    ``weight`` is None when it could not be read; then nothing else is known. ``ratio`` is attained share of the target
    (at most as measured, not clipped), None where there is none.
    """

    ordinal: int
    given: Decimal | None
    weight: Decimal | None
    legal_min: Decimal
    legal_max: Decimal
    expected: Decimal | None
    basis: Basis
    formula: str
    clause: str
    ratio: Decimal | None = None

    @property
    def known(self) -> bool:
        """True when the rule says more than 'between nothing and everything'."""
        return self.basis is not Basis.UNKNOWN


@dataclass(frozen=True, slots=True)
class ExecutionScore:
    """Budget execution: ``rate`` exact as a fraction, ``rate_percent`` rounded as the policy says, points as intervals."""

    rate: Decimal | None
    rate_percent: Decimal | None
    points: Decimal | None
    given: Decimal | None
    legal_min: Decimal
    legal_max: Decimal
    expected: Decimal | None
    formula: str
    clause: str


@dataclass(frozen=True, slots=True)
class SectionScore:
    """A level-1 section: sums of weights and scores, and the points the policy usually gives it."""

    label: str
    weight: Decimal
    given: Decimal
    usual: Decimal | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A whole form under one policy. Sums are None when a part of them could not be read."""

    policy: str
    version: int
    rows: tuple[RowScore, ...]
    execution: ExecutionScore
    sections: tuple[SectionScore, ...]
    membership: Membership
    weight_sum: Decimal | None
    score_sum: Decimal | None
    total_min: Decimal | None
    total_max: Decimal | None
    total_expected: Decimal | None
    cap: Decimal | None
    grade_printed: str | None
    grade_expected: str | None
