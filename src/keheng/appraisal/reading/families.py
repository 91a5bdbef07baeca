"""Which template family a form follows, told from what it prints."""

from __future__ import annotations

from dataclasses import replace

from keheng.appraisal.model import Column, EvaluationForm, FormKind
from keheng.appraisal.numerals import normalise

_FIRST_GRADED = 2023


def family_of(form: EvaluationForm) -> EvaluationForm:
    """The form with its ``template`` set; ``unknown`` when nothing tells."""
    return replace(form, template=_family(form))


def _family(form: EvaluationForm) -> str:
    columns = form.columns
    if form.kind is FormKind.TARGETS:
        return "targets"
    if form.kind is FormKind.TRANSFER:
        return "transfer"
    if Column.EXPLANATION in columns and Column.TARGET not in columns:
        return "sh-2019-b" if Column.RULE in columns else "sh-2019-a"
    if Column.OPERATOR in columns or Column.UNIT in columns:
        return "yunnan" if form.grade and Column.REASON in columns and "conclusion" not in form.labels else "sichuan"
    if {Column.TARGET, Column.ACTUAL, Column.WEIGHT, Column.SCORE} <= columns:
        return _national(form)
    if {Column.TARGET, Column.ACTUAL, Column.SCORE} <= columns:
        return "hubei"
    return "unknown"


def _national(form: EvaluationForm) -> str:
    if not normalise(form.title.text).startswith("财政项目支出"):
        return "mof"
    if form.grade or (form.year or 0) >= _FIRST_GRADED:
        return "sh-2023"
    return "sh-2022" if form.funds.unit == "元" else "sh-2020"
