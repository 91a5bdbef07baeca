"""``score``: a form under a policy; ``membership``: whether execution points belong to the printed total."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.numerals import normalise
from keheng.appraisal.policy import Policy
from keheng.appraisal.scoring.execution import score_execution
from keheng.appraisal.scoring.rounding import plain, rounded
from keheng.appraisal.scoring.rows import score_row
from keheng.appraisal.scoring.scorecard import Basis, ExecutionScore, Membership, RowScore, Scorecard, SectionScore

_ZERO = Decimal(0)


def total_of(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, or None when a value is missing: a sum of some is no sum."""
    result = _ZERO
    for value in values:
        if value is None:
            return None
        result += value
    return result


def side_of(rows: Decimal | None, printed: Decimal | None, extra: Decimal | None, tolerance: Decimal) -> Membership:
    """Whether a printed total holds the execution points (``extra``), by comparing it with the sum of the rows."""
    if rows is None or printed is None or not extra:
        return Membership.UNKNOWN
    if abs(rows + extra - printed) <= tolerance:
        return Membership.IN
    return Membership.OUT if abs(rows - printed) <= tolerance else Membership.NEITHER


def membership(form: EvaluationForm, tolerance: Decimal) -> Membership:
    """Decided by arithmetic on weights, and where they do not tell, on scores; never assumed."""
    if any(row.is_execution for row in form.rows):
        return Membership.INSIDE_TABLE
    execution = form.funds.total
    weights = side_of(total_of(row.weight.value for row in form.rows), form.weight_total.value, execution.weight.value, tolerance)
    if weights in (Membership.IN, Membership.OUT):
        return weights
    scores = side_of(total_of(row.score.value for row in form.rows), form.score_total.value, execution.score.value, tolerance)
    return scores if scores is not Membership.UNKNOWN else weights


def score(form: EvaluationForm, policy: Policy) -> Scorecard:
    """The scorecard of a form: same form and policy version, same card."""
    tolerance = policy.threshold("points")
    execution = score_execution(form, policy)
    rows = tuple(
        _execution_row(row, execution) if form.row(row.ordinal).is_execution else row for row in (score_row(r, policy) for r in form.rows)
    )
    member = membership(form, tolerance)
    counted = (
        member is not Membership.OUT and member is not Membership.INSIDE_TABLE and bool(form.funds.total.weight or form.funds.total.score)
    )
    extra = [execution] if counted else []
    low = total_of([*(r.legal_min if r.weight is not None else None for r in rows), *(e.legal_min for e in extra)])
    high = total_of([*(r.legal_max if r.weight is not None else None for r in rows), *(e.legal_max for e in extra)])
    expected = total_of([*(_best_guess(r) for r in rows), *(e.expected if e.expected is not None else e.given for e in extra)])
    cap = _cap(execution, policy)
    low, high, expected = (_capped(value, cap, policy) for value in (low, high, expected))
    return Scorecard(
        policy.id,
        policy.version,
        rows,
        execution,
        _sections(form, policy),
        member,
        total_of(row.weight.value for row in form.rows),
        total_of(row.score.value for row in form.rows),
        low,
        high,
        expected,
        cap,
        _printed_grade(form, policy),
        grade_of(form.score_total.value, policy),
    )


def _execution_row(row: RowScore, execution: ExecutionScore) -> RowScore:
    if row.weight is None or execution.expected is None:
        return row
    low, high = min(execution.legal_min, row.weight), min(execution.legal_max, row.weight)
    return RowScore(row.ordinal, row.given, row.weight, low, high, high, Basis.EXECUTION, execution.formula, execution.clause)


def _best_guess(row: RowScore) -> Decimal | None:
    """What a row should score: the expected value, else what was given as far as it is legal."""
    if row.expected is not None or row.weight is None:
        return row.expected
    return None if row.given is None else min(max(row.given, row.legal_min), row.legal_max)


def _cap(execution: ExecutionScore, policy: Policy) -> Decimal | None:
    if execution.rate is None:
        return None
    return min((most for below, most in policy.caps if execution.rate < below), default=None)


def _capped(value: Decimal | None, cap: Decimal | None, policy: Policy) -> Decimal | None:
    if value is None:
        return None
    return rounded(value if cap is None else min(value, cap), policy.total_round)


def _sections(form: EvaluationForm, policy: Policy) -> tuple[SectionScore, ...]:
    usual = {normalise(label): section.points for section in policy.sections for label in section.labels if len(section.labels) == 1}
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for row in form.rows:
        label = normalise(row.level1.text).partition("(")[0]
        weight, given = sums.get(label, (_ZERO, _ZERO))
        sums[label] = (weight + (row.weight.value or _ZERO), given + (row.score.value or _ZERO))
    return tuple(SectionScore(label, weight, given, usual.get(label)) for label, (weight, given) in sums.items())


def _printed_grade(form: EvaluationForm, policy: Policy) -> str | None:
    grade = normalise(form.grade.text)
    return policy.grade_names.get(grade, grade) or None


def grade_of(total: Decimal | None, policy: Policy) -> str | None:
    """The grade a total earns under the policy; None without a total or where the policy has no grades."""
    if total is None:
        return None
    return next((name for name, line in policy.grades if total >= line), None)


def compare(form: EvaluationForm, one: Policy, other: Policy) -> list[tuple[str, str, str]]:
    """Where two policies differ on a form: (what, under the one, under the other)."""
    a, b = score(form, one), score(form, other)
    lines = [("执行率得分", _text(a.execution.expected), _text(b.execution.expected))]
    for row, first, second in zip(form.rows, a.rows, b.rows, strict=True):
        lines.append((row.name.text, _range(first), _range(second)))
    lines.append(("总分", _text(a.total_expected), _text(b.total_expected)))
    lines.append(("总分上限", _text(a.cap), _text(b.cap)))
    return [line for line in lines if line[1] != line[2]]


def _text(value: Decimal | None) -> str:
    return "—" if value is None else plain(value)


def _range(row: RowScore) -> str:
    return plain(row.legal_min) if row.legal_min == row.legal_max else f"{plain(row.legal_min)}–{plain(row.legal_max)}"
