"""The money of projects: by source and in all, at the start, after adjustments, spent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum, Value

from keheng.appraisal.scoring.rounding import rounded
from keheng.performance.enums import Source
from keheng.performance.models import Adjustment, BudgetLine, Execution, Project
from keheng.performance.rules.money import Funds
from keheng.performance.rules.targets import policy_for

BySource = Mapping[str, Funds]
_NOTHING = Funds()


def funds_of(project: Project, until: date | None = None) -> BySource:
    """The money of one project by source, in the order of the sources; up to a day (included) where one is given."""
    return funds_of_all([project.pk], until).get(project.pk, {})


def funds_of_all(projects: Collection[int], until: date | None = None) -> dict[int, dict[str, Funds]]:
    """The money of projects by source: one query however many there are."""
    found: dict[int, dict[str, Funds]] = {pk: {} for pk in projects}
    adjusted, paid = Adjustment.objects.filter(project__in=projects), Execution.objects.filter(project__in=projects)
    if until is not None:
        adjusted, paid = adjusted.filter(decided_on__lte=until), paid.filter(paid_on__lte=until)
    initial = _summed(BudgetLine.objects.filter(project__in=projects), "initial_fen", 0)
    for pk, source, part, fen in initial.union(_summed(adjusted, "fen", 1), _summed(paid, "fen", 2), all=True):
        found[pk][source] = found[pk].get(source, _NOTHING) + _PARTS[part](fen)
    return {pk: {one: by[one] for one in Source.values if one in by} for pk, by in found.items()}


_PARTS = (lambda fen: Funds(fen, fen), lambda fen: Funds(0, fen), lambda fen: Funds(0, 0, fen))


def _summed(rows: QuerySet[Any], field: str, part: int) -> QuerySet[Any, tuple[int, str, int, int]]:
    """Sums by project and source, each with the part of the money that it is."""
    sums = rows.order_by().values("project_id", "source").annotate(part=Value(part), total=Sum(field))
    found: QuerySet[Any, tuple[int, str, int, int]] = sums.values_list("project_id", "source", "part", "total")
    return found


def in_all(by_source: BySource) -> Funds:
    """The sum over sources."""
    return sum(by_source.values(), _NOTHING)


def rate_of(funds: Funds, layout: str = "") -> Decimal | None:
    """Execution in percent, rounded as the policy of the template does, so that every page shows what the form prints.

    Sums of several projects have no template: the national policy rounds them. None without a budget.
    """
    if funds.annual <= 0:
        return None
    return rounded(Decimal(funds.executed) / Decimal(funds.annual) * 100, policy_for(layout).execution.rate_round)
