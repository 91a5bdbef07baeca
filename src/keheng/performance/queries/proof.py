"""Proving a signed form: everything on it is computed again from the records, cell by cell, with what proves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from keheng.appraisal.form_json import form_from_json
from keheng.appraisal.model import EvaluationForm, FundLine
from keheng.kernel.trail.record import digest_of
from keheng.performance.enums import EvaluationState
from keheng.performance.models import EvaluationRow, FrozenReading, SelfEvaluation
from keheng.performance.queries.evaluations import rows_of_evaluation, sheet_of
from keheng.performance.queries.readings import again, measure_of, period_of, unit_of
from keheng.performance.queries.sources import reading_file_faults, signed_of, source_faults, sources_of
from keheng.performance.rules.values import actual_text, converted

_AMOUNTS = {"initial": "年初预算数", "annual": "全年预算数", "executed": "全年执行数"}
_POINTS = {"rate": "执行率", "score": "执行得分"}
_SUMS = {"score_total": "总分", "weight_total": "分值合计", "goal": "年度目标", "achieved": "完成情况"}
_PRINTED = ("target", "actual", "weight", "score", "reason")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: where it stands, what was signed, what the records say now, and why they differ ('' where they are equal).

    ``part`` names it for a page that opens it: ``initial``, ``rate``, ``row-3``, ``score_total``. ``reading`` is the frozen reading
    behind it, None where it rests on stated evidence or on the project's money.
    """

    place: str
    then: str
    now: str
    why: str = ""
    part: str = ""
    reading: int | None = None

    @property
    def equal(self) -> bool:
        """Whether it holds."""
        return not self.why


@dataclass(frozen=True, slots=True)
class Proof:
    """A form with all its cells. ``sealed`` is false where the stored form is not the one that was signed."""

    evaluation: SelfEvaluation
    cells: tuple[Cell, ...]
    sealed: bool

    @property
    def equal(self) -> bool:
        """Whether every cell holds and the form is the signed one."""
        return self.sealed and all(one.equal for one in self.cells)

    @property
    def wrong(self) -> list[Cell]:
        """The cells that do not hold."""
        return [one for one in self.cells if not one.equal]


def proof_of(evaluation: SelfEvaluation) -> Proof:
    """Compute a signed form again."""
    rows, signed = rows_of_evaluation(evaluation), form_from_json(evaluation.form)
    sealed = digest_of(signed_of(evaluation.form or {}, evaluation.sources)) == evaluation.digest == _last_signature(evaluation)
    drawn = sheet_of(evaluation, rows).printed
    return Proof(evaluation, (*_funds(signed, drawn), *_rows(evaluation, rows), *_texts(signed, drawn)), sealed)


def _last_signature(evaluation: SelfEvaluation) -> str:
    return evaluation.signatures.order_by("-at", "-pk").values_list("digest", flat=True).first() or ""


def _funds(signed: EvaluationForm, drawn: EvaluationForm) -> Iterator[Cell]:
    """Budget and execution from the lines, adjustments and vouchers of now."""
    for name, label in _AMOUNTS.items():
        then, now = getattr(signed.funds.total, name), getattr(drawn.funds.total, name)
        if then is not None or now is not None:
            texts = ("" if then is None else then.cell.text, "" if now is None else now.cell.text)
            yield Cell(label, *texts, "" if texts[0] == texts[1] else "预算或执行记录有变化", name)
    for name, label in _POINTS.items():
        yield _text(label, signed.funds.total, drawn.funds.total, name)


def _text(label: str, signed: FundLine, drawn: FundLine, name: str) -> Cell:
    then, now = getattr(signed, name).text, getattr(drawn, name).text
    return Cell(label, then, now, "" if then == now else "由预算和执行记录重新计算的结果不同", name)


def _rows(evaluation: SelfEvaluation, rows: Sequence[EvaluationRow]) -> Iterator[Cell]:
    """Actual values from their records, with what proves them as it was signed."""
    signed, standing = evaluation.sources, sources_of(rows)
    for row in rows:
        place = str(row.place)
        faults = source_faults(None if signed is None else signed.get(place), standing[place])
        yield _stated(row, faults) if row.reading is None else _measured(row, row.reading, faults)


def _label(row: EvaluationRow) -> str:
    return f"第 {row.place} 行 {row.indicator.title}"


def _stated(row: EvaluationRow, faults: list[str]) -> Cell:
    then = actual_text(row.actual, row.indicator.unit, row.words)
    return Cell(_label(row), then, then, "；".join(faults), f"row-{row.place}")


def _measured(row: EvaluationRow, reading: FrozenReading, faults: list[str]) -> Cell:
    """A value whose records are read again. What is wrong with the records comes first."""
    then, part = actual_text(row.actual, row.indicator.unit, row.words), f"row-{row.place}"
    found, measure = again(reading), measure_of(reading.code)
    if found.now is None or measure is None:
        return Cell(_label(row), then, "", "；".join(["系统指标已没有数据，或已停用", *faults]), part, reading.pk)
    value = converted(Decimal(found.now.value), unit_of(measure, period_of(reading), reading.scope), row.indicator.unit)
    now = actual_text(value, row.indicator.unit, "")
    moved = [] if found.holds and now == then else [_why(found.same_value, found.same_definition, now == then)]
    why = "；".join([*moved, *faults, *reading_file_faults(reading)])
    return Cell(_label(row), then, now, why, part, reading.pk)


def _why(same_value: bool, same_definition: bool, same_text: bool) -> str:  # noqa: FBT001 -- three answers about one reading
    if not same_definition:
        return "指标定义已改版"
    if same_value and not same_text:
        return "表中的值与冻结的读数不符"
    return "数值相同，但依据的记录有变化" if same_value else "依据的记录有变化"


def _texts(signed: EvaluationForm, drawn: EvaluationForm) -> Iterator[Cell]:
    """Scores, reasons, sums and texts as the rows of the platform give them."""
    for then, now in zip(signed.rows, drawn.rows, strict=True):
        if any(getattr(then, name).text != getattr(now, name).text for name in _PRINTED):
            yield Cell(f"{then.name.text} 的行", _line(then), _line(now), "表中的行与平台记录不符", f"score-{then.ordinal}")
    for name, label in _SUMS.items():
        a, b = getattr(signed, name).text, getattr(drawn, name).text
        yield Cell(label, a, b, "" if a == b else "与平台记录不符", name)


def _line(row: object) -> str:
    return " / ".join(getattr(row, name).text for name in _PRINTED)


def signed_forms(named: str = "") -> list[SelfEvaluation]:
    """Signed forms by year and code; ``named`` is a project's code, ``year/code``, or the number of a form."""
    found = SelfEvaluation.objects.filter(state=EvaluationState.FROZEN).select_related("project__unit", "project__department", "goals")
    year, _, code = named.rpartition("/")
    if named.isdigit() and not found.filter(project__code=named).exists():
        found = found.filter(pk=int(named))
    elif named:
        found = found.filter(project__code=code)
    if year.isdigit():
        found = found.filter(project__year=int(year))
    return list(found.order_by("project__year", "project__code"))


def prove(named: str = "") -> Iterator[Proof]:
    """Prove one form, or all of them."""
    for one in signed_forms(named):
        yield proof_of(one)
