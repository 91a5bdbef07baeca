"""Proving a signed form: everything on it is computed again from the records, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from keheng.appraisal.form_json import form_from_json
from keheng.appraisal.model import EvaluationForm, FundLine
from keheng.kernel.trail.record import digest_of
from keheng.performance.enums import EvaluationState
from keheng.performance.models import EvaluationRow, SelfEvaluation
from keheng.performance.queries.evaluations import rows_of_evaluation, sheet_of
from keheng.performance.queries.readings import again, measure_of, period_of, unit_of
from keheng.performance.rules.values import actual_text, converted

_AMOUNTS = {"initial": "年初预算数", "annual": "全年预算数", "executed": "全年执行数"}
_POINTS = {"rate": "执行率", "score": "执行得分"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: where it stands, what was signed, what the records say now, and why they differ ('' where they are equal).

    ``reading`` is the frozen reading behind it, None where it rests on stated evidence or on the project's money.
    """

    place: str
    then: str
    now: str
    why: str = ""
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
    sealed = digest_of(evaluation.form or {}) == evaluation.digest == _last_signature(evaluation)
    drawn = sheet_of(evaluation, rows).printed
    return Proof(evaluation, (*_funds(signed, drawn), *_rows(rows), *_texts(signed, drawn)), sealed)


def _last_signature(evaluation: SelfEvaluation) -> str:
    return evaluation.signatures.order_by("-at", "-pk").values_list("digest", flat=True).first() or ""


def _funds(signed: EvaluationForm, drawn: EvaluationForm) -> Iterator[Cell]:
    """Budget and execution from the lines, adjustments and vouchers of now."""
    for name, label in _AMOUNTS.items():
        then, now = getattr(signed.funds.total, name), getattr(drawn.funds.total, name)
        if then is not None or now is not None:
            texts = ("" if then is None else then.cell.text, "" if now is None else now.cell.text)
            yield Cell(label, *texts, "" if texts[0] == texts[1] else "预算或执行记录有变化")
    for name, label in _POINTS.items():
        yield _text(label, signed.funds.total, drawn.funds.total, name)


def _text(label: str, signed: FundLine, drawn: FundLine, name: str) -> Cell:
    then, now = getattr(signed, name).text, getattr(drawn, name).text
    return Cell(label, then, now, "" if then == now else "由预算和执行记录重新计算的结果不同")


def _rows(rows: Iterable[EvaluationRow]) -> Iterator[Cell]:
    for row in rows:
        label = f"第 {row.place} 行 {row.indicator.title}"
        then = actual_text(row.actual, row.indicator.unit, row.words)
        if row.reading is None:
            yield Cell(label, then, then)
            continue
        found, measure = again(row.reading), measure_of(row.reading.code)
        if found.now is None or measure is None:
            yield Cell(label, then, "", "系统指标已没有数据，或已停用", row.reading_id)
            continue
        value = converted(Decimal(found.now.value), unit_of(measure, period_of(row.reading), row.reading.scope), row.indicator.unit)
        now = actual_text(value, row.indicator.unit, "")
        why = "" if found.holds and now == then else _why(found.same_value, found.same_definition, now == then)
        yield Cell(label, then, now, why, row.reading_id)


def _why(same_value: bool, same_definition: bool, same_text: bool) -> str:  # noqa: FBT001 -- three answers about one reading
    if not same_definition:
        return "指标定义已改版"
    if same_value and not same_text:
        return "表中的值与冻结的读数不符"
    return "数值相同，但依据的记录有变化" if same_value else "依据的记录有变化"


def _texts(signed: EvaluationForm, drawn: EvaluationForm) -> Iterator[Cell]:
    """Scores, sums and texts as the rows of the platform give them."""
    for then, now in zip(signed.rows, drawn.rows, strict=True):
        if then.score.text != now.score.text or then.target.text != now.target.text or then.actual.text != now.actual.text:
            yield Cell(f"{then.name.text} 的行", _line(then), _line(now), "表中的行与平台记录不符")
    for name, label in (("score_total", "总分"), ("weight_total", "分值合计"), ("goal", "年度目标"), ("achieved", "完成情况")):
        a, b = getattr(signed, name).text, getattr(drawn, name).text
        yield Cell(label, a, b, "" if a == b else "与平台记录不符")


def _line(row: object) -> str:
    return " / ".join(getattr(row, name).text for name in ("target", "actual", "score"))


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
