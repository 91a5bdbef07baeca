"""The self-evaluation form as a value: cells with their sources, rows, funds, the whole form.

Everything here is immutable and knows nothing of files, policies or rules. Numbers are ``Decimal``, money is
integer fen; the printed text always stays beside the parsed value. A blank cell is ``BLANK``, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from keheng.appraisal.quantity import Quantity, parse_quantity


class Column(StrEnum):
    """What a column of an indicator table holds, whatever it is called and wherever it stands."""

    ORDINAL = "ordinal"
    LEVEL1 = "level1"
    LEVEL2 = "level2"
    NAME = "name"
    EXPLANATION = "explanation"
    OPERATOR = "operator"
    TARGET = "target"
    UNIT = "unit"
    ACTUAL = "actual"
    WEIGHT = "weight"
    SCORE = "score"
    RULE = "rule"
    REASON = "reason"
    RECHECK = "recheck"
    NOTE = "note"


class FormKind(StrEnum):
    """Self-evaluations carry actual values; target declarations do not; transfer payments carry no points."""

    SELF_EVALUATION = "self-evaluation"
    TARGETS = "targets"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell: its text, where it stands, and the number it holds if it holds one.

    ``line`` is 1-based in text files; ``page`` is 1-based in paged files and 0 elsewhere; ``column`` is 1-based in
    gridded files and 0 where the text flows. ``value`` is None when the cell is blank, words or unreadable.
    """

    text: str
    line: int = 0
    page: int = 0
    column: int = 0
    value: Decimal | None = None

    def __bool__(self) -> bool:
        return bool(self.text)


BLANK = Cell("")


@dataclass(frozen=True, slots=True)
class PrintedMoney:
    """An amount in fen beside the cell it was printed in; ``slack`` is half the last printed place, in fen."""

    fen: int
    cell: Cell
    slack: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class FundLine:
    """One line of the funds table; ``rate.value`` is in percent, ``weight`` and ``score`` in points."""

    label: Cell
    initial: PrintedMoney | None = None
    annual: PrintedMoney | None = None
    executed: PrintedMoney | None = None
    weight: Cell = BLANK
    rate: Cell = BLANK
    score: Cell = BLANK


@dataclass(frozen=True, slots=True)
class Funds:
    """The funds table: ``unit`` as printed (元, 万元 or empty), the total line, its 其中 parts, last year's budget.

    ``parts`` holds the printed part lines even when their amounts are blank; it is empty where the template has none.
    """

    unit: str = ""
    total: FundLine = field(default_factory=lambda: FundLine(BLANK))
    parts: tuple[FundLine, ...] = ()
    prior_year: PrintedMoney | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator row. ``level1`` and ``level2`` are carried down; ``ordinal`` is 1-based within the form.

    ``is_execution`` marks the budget-execution row of templates that keep it inside the table (2019).
    """

    ordinal: int
    name: Cell
    level1: Cell = BLANK
    level2: Cell = BLANK
    target: Cell = BLANK
    actual: Cell = BLANK
    weight: Cell = BLANK
    score: Cell = BLANK
    reason: Cell = BLANK
    explanation: Cell = BLANK
    rule: Cell = BLANK
    recheck: Cell = BLANK
    is_execution: bool = False
    confidence: float = 1.0

    @property
    def wanted(self) -> Quantity:
        """The target as a quantity (operator, number or range, unit), or as words, or blank."""
        return parse_quantity(self.target.text)

    @property
    def reached(self) -> Quantity:
        """The actual value as a quantity, words or blank."""
        return parse_quantity(self.actual.text)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something on the page that could not be understood: reported, never guessed."""

    what: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class EvaluationForm:
    """One form as it was understood.

    ``template`` is the family id (``sh-2023``, ``mof``, ``unknown`` …); ``columns`` are the columns its indicator table
    prints; ``labels`` are the head labels that were printed, whether filled or not (``goal``, ``achieved``, ``year`` …);
    ``extras`` holds further labelled cells (``office``, ``recurring``, ``results``, ``problems``, ``improvements``).
    ``first_line`` and ``last_line`` delimit the form in its file.
    """

    file: str
    form_index: int
    template: str = "unknown"
    kind: FormKind = FormKind.SELF_EVALUATION
    title: Cell = BLANK
    year: int | None = None
    project: Cell = BLANK
    department: Cell = BLANK
    unit: Cell = BLANK
    funds: Funds = field(default_factory=Funds)
    goal: Cell = BLANK
    achieved: Cell = BLANK
    rows: tuple[Row, ...] = ()
    columns: frozenset[Column] = frozenset()
    labels: frozenset[str] = frozenset()
    weight_total: Cell = BLANK
    score_total: Cell = BLANK
    grade: Cell = BLANK
    extras: Mapping[str, Cell] = field(default_factory=dict)
    first_line: int = 0
    last_line: int = 0
    confidence: float = 1.0
    unread: tuple[Unread, ...] = ()

    @property
    def execution(self) -> FundLine:
        """The total line of the funds table, where rate, points and score of budget execution stand."""
        return self.funds.total

    def row(self, ordinal: int) -> Row:
        """The indicator row with this 1-based ordinal."""
        return self.rows[ordinal - 1]
