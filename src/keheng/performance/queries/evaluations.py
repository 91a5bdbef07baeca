"""Self-evaluations as forms: drawn anew while they are worked on, as they were signed afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from keheng.appraisal.form_json import form_from_json, form_to_json
from keheng.appraisal.model import Cell, EvaluationForm, FormKind
from keheng.appraisal.scoring.scorecard import RowScore, Scorecard
from keheng.kernel.trail.record import digest_of
from keheng.performance.models import EvaluationRow, GoalVersion, Indicator, Project, SelfEvaluation
from keheng.performance.queries.audit import Told, findings_of
from keheng.performance.queries.drawing import Drawn, Story, as_printed, drawn_form, scorecard, with_account
from keheng.performance.queries.money import BySource, funds_of, in_all
from keheng.performance.queries.sources import signed_of, sources_of
from keheng.performance.rules.evaluations import filled
from keheng.performance.rules.library import keeps_execution_row
from keheng.performance.rules.targets import policy_for
from keheng.performance.rules.values import actual_text

RATE, TOTAL = "执行率", "总分"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A self-evaluation with its rows, its form (with target and actual of every row) and the points each row may have."""

    evaluation: SelfEvaluation
    rows: Sequence[EvaluationRow]
    form: EvaluationForm
    card: Scorecard
    values: Mapping[str, str]

    @property
    def scored(self) -> dict[int, RowScore]:
        """Points by the row's place, without the execution row."""
        first = 1 if keeps_execution_row(self.evaluation.layout) else 0
        return {row.place: self.card.rows[first + index] for index, row in enumerate(self.rows)}

    @property
    def printed(self) -> EvaluationForm:
        """The form as its layout prints it."""
        return as_printed(self.form)


def rows_of_evaluation(evaluation: SelfEvaluation) -> list[EvaluationRow]:
    """Rows with their indicators and readings, in order: one query."""
    return list(evaluation.rows.select_related("indicator", "reading").order_by("place"))


def sheet_of(evaluation: SelfEvaluation, rows: Sequence[EvaluationRow] | None = None) -> Sheet:
    """The self-evaluation as a form, drawn from its rows."""
    found = rows_of_evaluation(evaluation) if rows is None else rows
    project = evaluation.project
    drawn = [Drawn(one.indicator, text_of(one), one.score, one.reason) for one in found]
    funds = funds_of(project)
    values = {str(one.place): text_of(one) for one in found}
    prior = None if project.previous is None else in_all(funds_of(project.previous))
    bare = drawn_form(project, evaluation.layout, drawn, funds, Story(evaluation.goals.goal), prior=prior)
    values |= {RATE: bare.funds.total.rate.text, TOTAL: bare.score_total.text}
    form = with_account(bare, filled(evaluation.achieved, values))
    return Sheet(evaluation, found, form, scorecard(form, evaluation.layout), values)


def text_of(row: EvaluationRow) -> str:
    """The actual value as printed."""
    return actual_text(row.actual, row.indicator.unit, row.words)


def form_of(evaluation: SelfEvaluation) -> EvaluationForm:
    """The form as printed: the signed one where there is one."""
    return form_from_json(evaluation.form) if evaluation.form else sheet_of(evaluation).printed


def content_digest(sheet: Sheet) -> str:
    """What is signed: the digest of the form as it is printed, with what proves its rows."""
    return digest_of(signed_of(form_to_json(sheet.printed), sources_of(sheet.rows)))


def findings_on(sheet: Sheet) -> list[Told]:
    """What the audit says of a form before it is submitted."""
    return findings_of(sheet.printed, policy_for(sheet.evaluation.layout))


def targets_form(project: Project, goals: GoalVersion, rows: Sequence[Indicator], funds: BySource) -> EvaluationForm:
    """The declaration of targets as a form: no actual values, no scores."""
    return as_printed(drawn_form(project, project.layout, [Drawn(row) for row in rows], funds, Story(goals.goal), kind=FormKind.TARGETS))


def drafted(rows: Sequence[EvaluationRow]) -> str:
    """An account of results from the figures: every row is named, its figure stands as a reference."""
    parts = [f"{row.indicator.title}{{{row.place}}}" for row in rows]
    return f"全年预算执行率{{{RATE}}}。" + "，".join(parts) + "。" if parts else ""


_PHONE, _ID, _MAIL = re.compile(r"(?<!\d)1\d{10}(?!\d)"), re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_MASK = "＊＊＊"


def disclosed(form: EvaluationForm) -> EvaluationForm:
    """The form without telephone and identity numbers and addresses of mail in its texts, and without the office inside the unit."""

    def masked(cell: Cell) -> Cell:
        return replace(cell, text=_MAIL.sub(_MASK, _PHONE.sub(_MASK, _ID.sub(_MASK, cell.text))))

    rows = tuple(
        replace(row, reason=masked(row.reason), actual=masked(row.actual), explanation=masked(row.explanation)) for row in form.rows
    )
    extras = {name: masked(one) for name, one in form.extras.items() if name != "office"}
    return replace(form, rows=rows, goal=masked(form.goal), achieved=masked(form.achieved), extras=extras)
