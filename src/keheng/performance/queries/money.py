"""The money of projects: by source and in all, at the start, after adjustments, spent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Sum

from keheng.performance.enums import Source
from keheng.performance.models import Adjustment, BudgetLine, Execution, Project
from keheng.performance.rules.money import Funds

BySource = Mapping[str, Funds]
_NOTHING = Funds()


def funds_of(project: Project, until: date | None = None) -> BySource:
    """The money of one project by source, in the order of the sources; up to a day (included) where one is given."""
    return funds_of_all([project.pk], until).get(project.pk, {})


def funds_of_all(projects: Collection[int], until: date | None = None) -> dict[int, dict[str, Funds]]:
    """The money of projects by source: three queries however many there are."""
    found: dict[int, dict[str, Funds]] = {pk: {} for pk in projects}
    adjusted, paid = Adjustment.objects.filter(project__in=projects), Execution.objects.filter(project__in=projects)
    if until is not None:
        adjusted, paid = adjusted.filter(decided_on__lte=until), paid.filter(paid_on__lte=until)
    lines = BudgetLine.objects.filter(project__in=projects).values_list("project", "source", "initial_fen")
    entries = [(pk, source, Funds(fen, fen)) for pk, source, fen in lines]
    entries += [
        (pk, source, Funds(0, fen))
        for pk, source, fen in adjusted.values_list("project", "source").annotate(fen=Sum("fen")).order_by("project", "source")
    ]
    entries += [
        (pk, source, Funds(0, 0, fen))
        for pk, source, fen in paid.values_list("project", "source").annotate(fen=Sum("fen")).order_by("project", "source")
    ]
    for pk, source, funds in entries:
        found[pk][source] = found[pk].get(source, _NOTHING) + funds
    return {pk: {one: by[one] for one in Source.values if one in by} for pk, by in found.items()}


def in_all(by_source: BySource) -> Funds:
    """The sum over sources."""
    return sum(by_source.values(), _NOTHING)
