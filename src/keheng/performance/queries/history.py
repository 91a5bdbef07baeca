"""What a project's indicators came to over the years, from its signed forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keheng.performance.models import EvaluationRow, SelfEvaluation
from keheng.performance.queries.evaluations import text_of
from keheng.performance.rules.targets import target_of


@dataclass(frozen=True, slots=True)
class Past:
    """An indicator over the years: for each form its target and actual value as printed; None where a form has no such row."""

    title: str
    years: Sequence[tuple[str, str] | None]


def history(forms: Sequence[SelfEvaluation]) -> list[Past]:
    """Indicators in the order of the latest form that has them; one is known over the years by its place in the library, or its name."""
    found: dict[str, dict[int, EvaluationRow]] = {}
    rows = EvaluationRow.objects.filter(evaluation__in=forms).select_related("indicator", "evaluation__project")
    for row in rows.order_by("-evaluation__project__year", "place"):
        found.setdefault(row.indicator.key or row.indicator.title, {})[row.evaluation_id] = row
    return [_past(by_form, forms) for by_form in found.values()]


def _past(by_form: dict[int, EvaluationRow], forms: Sequence[SelfEvaluation]) -> Past:
    latest = next(iter(by_form.values()))
    cells = [by_form.get(one.pk) for one in forms]
    return Past(latest.indicator.title, [None if row is None else (target_of(row.indicator).printed(), text_of(row)) for row in cells])
