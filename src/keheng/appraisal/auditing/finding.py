"""One finding: what does not hold, where it is printed, how it was recomputed, and how sure we are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from keheng.appraisal.auditing.codes import code_entry
from keheng.appraisal.model import Cell, EvaluationForm, Row


class Severity(StrEnum):
    """critical: money or grade cannot stand; high: points hang on it; medium: needs explanation; low, info: style."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for critical … 4 for info."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding on one form.

    ``rows`` are 1-based ordinals of indicator rows, empty when the form as a whole is meant. ``place`` names what the
    finding is anchored to: ``form``, ``goal``, ``achieved``, ``grade``, ``weight_total``, ``score_total``, ``funds`` or one of
    its fields (``funds.rate`` …), or the column of its rows (``actual`` …). ``values`` fills the sentence of ``variant``
    in the code's definition; ``formula`` is the recomputation in words; ``points`` is what the score would change by.
    ``related`` names other forms compared with, as (file, form_index, rows).
    """

    code: str
    severity: Severity
    file: str
    form_index: int
    rows: tuple[int, ...] = ()
    place: str = "form"
    cells: tuple[Cell, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    variant: str = "default"
    formula: str = ""
    clause: str = ""
    points: Decimal | None = None
    confidence: float = 1.0
    related: tuple[tuple[str, int, tuple[int, ...]], ...] = ()


def find(  # noqa: PLR0913 -- a finding is told by its parts, all of them named
    form: EvaluationForm,
    code: str,
    *,
    rows: Iterable[Row] = (),
    severity: Severity | None = None,
    place: str = "form",
    cells: Iterable[Cell] = (),
    values: Mapping[str, str] | None = None,
    variant: str = "default",
    formula: str = "",
    clause: str = "",
    points: Decimal | None = None,
    confidence: float = 1.0,
    related: tuple[tuple[str, int, tuple[int, ...]], ...] = (),
) -> Finding:
    """A finding on ``form``; the severity is the code's default unless given, the confidence never above the rows'."""
    rows = tuple(rows)
    surest = min((row.confidence for row in rows), default=form.confidence)
    return Finding(
        code=code,
        severity=severity or Severity(code_entry(code)["severity"]),
        file=form.file,
        form_index=form.form_index,
        rows=tuple(row.ordinal for row in rows),
        place=place,
        cells=tuple(cells),
        values=values or {},
        variant=variant,
        formula=formula,
        clause=clause,
        points=points,
        confidence=round(min(confidence, surest), 3),
        related=related,
    )
