"""Projects and what belongs to them, as far as an actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import QuerySet

from keheng.kernel.powers import Principal, Reach
from keheng.performance.enums import EvaluationState, GoalState, RectificationState
from keheng.performance.models import EvaluationRow, GoalVersion, Indicator, Project, Rectification, SelfEvaluation

SEE, EDIT = "performance.project.see", "performance.project.edit"


def projects_for(actor: Principal, permission: str = SEE) -> QuerySet[Project]:
    """Projects that a permission of the actor reaches."""
    return Project.objects.filter(actor.within(permission, unit="unit", district="unit__district"))


def years() -> list[int]:
    """Years that have projects, the latest first."""
    return list(Project.objects.order_by("-year").values_list("year", flat=True).distinct())


def goals_in_force(project: Project) -> GoalVersion | None:
    """The approved targets."""
    return GoalVersion.objects.filter(project=project, state=GoalState.APPROVED).first()


def standing_goals(project: Project) -> tuple[GoalVersion | None, GoalVersion | None]:
    """The approved targets and those worked on."""
    found = {one.state: one for one in GoalVersion.objects.filter(project=project).exclude(state=GoalState.SUPERSEDED)}
    return found.get(GoalState.APPROVED), found.get(GoalState.DRAFT) or found.get(GoalState.SUBMITTED)


def current_evaluation(project: Project) -> SelfEvaluation | None:
    """The self-evaluation that is worked on or frozen, with its targets."""
    return SelfEvaluation.objects.filter(project=project).exclude(state=EvaluationState.RETURNED).select_related("goals", "recheck").first()


def may(actor: Principal, permission: str, project: Project) -> bool:
    """Whether a permission of the actor reaches a project that is at hand with its unit: what ``projects_for`` says, without a query."""
    return any(
        power.reach is Reach.ALL
        or (power.reach is Reach.UNIT and power.unit == project.unit_id)
        or (power.reach is Reach.DISTRICT and power.district == project.unit.district)
        for power in actor.powers
        if power.permission == permission
    )


def rows_of(goals: GoalVersion) -> list[Indicator]:
    """The indicator rows in their order."""
    return list(goals.indicators.all())


def name_of(row: Indicator) -> str:
    """What a row is known by from year to year: its key in the library, else its title."""
    return row.key or row.title


def last_year(project: Project) -> Mapping[str, EvaluationRow]:
    """Last year's rows by what they are known by: target, result, score."""
    if project.previous_id is None:
        return {}
    rows = EvaluationRow.objects.filter(
        evaluation__project=project.previous_id, evaluation__state=EvaluationState.FROZEN
    ).select_related("indicator")  # fmt: skip
    return {name_of(row.indicator): row for row in rows}


def open_rectifications(project: Project) -> list[Rectification]:
    """What this project or last year's has to put right still."""
    wanted = [project.pk] + ([project.previous_id] if project.previous_id else [])
    return list(Rectification.objects.filter(project__in=wanted, state=RectificationState.OPEN).order_by("due_on", "pk"))


def below_last_year(row: Indicator, before: EvaluationRow | None) -> Decimal | None:
    """Last year's result where the new target falls short of it; None otherwise, or where they cannot be compared."""
    if before is None or before.actual is None or row.value is None or before.indicator.unit != row.unit:
        return None
    worse = row.value > before.actual if row.direction == "less" else row.value < before.actual
    return before.actual if worse and row.direction != "either" else None
