"""All projects of a year on one page: money, targets, lamps, what is late, what changed; every figure from the same rows as elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localdate

from keheng.performance.enums import EvaluationState, Lamp, RectificationState
from keheng.performance.models import (
    EvaluationRow,
    Execution,
    MonitorPoint,
    MonitorRow,
    Project,
    Rectification,
    SelfEvaluation,
)
from keheng.performance.queries.drawing import percent
from keheng.performance.queries.money import funds_of_all, in_all, rate_of
from keheng.performance.queries.progress import Progress, progress
from keheng.performance.queries.standing import Standing, standing
from keheng.performance.queries.week import Change, week_of
from keheng.performance.rules.library import policy
from keheng.performance.rules.money import Funds


@dataclass(frozen=True, slots=True)
class Line:
    """One project of the year: its money, the lamps of its latest point, its form."""

    project: Project
    funds: Funds
    lamps: tuple[MonitorRow, ...] = ()
    evaluation: SelfEvaluation | None = None

    @property
    def rate(self) -> Decimal | None:
        """The execution rate in percent."""
        return rate_of(self.funds, self.project.layout)

    @property
    def counts(self) -> Standing | None:
        """What its form counts for."""
        return standing(self.evaluation) if self.evaluation else None


@dataclass(frozen=True, slots=True)
class Late:
    """Something that should be done by now."""

    what: str
    project: Project
    since: date
    url: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The year: lines by project, sums, lamps, months of execution, late things, the week's changes."""

    year: int
    lines: Sequence[Line]
    months: Sequence[int]
    late: Sequence[Late]
    changes: Sequence[Change]
    indicators: Sequence[EvaluationRow] = field(default_factory=tuple)
    progress: Sequence[Progress] = field(default_factory=tuple)

    @property
    def funds(self) -> Funds:
        """The money of all projects."""
        return sum((one.funds for one in self.lines), Funds())

    @property
    def rate(self) -> Decimal | None:
        """The execution rate of all projects in percent, rounded as their template does where they share one."""
        layouts = {one.project.layout for one in self.lines}
        return rate_of(self.funds, layouts.pop() if len(layouts) == 1 else "")

    def lamps(self) -> list[tuple[Lamp, int]]:
        """How many indicators stand under each lamp at their latest point."""
        lit = [row.lamp for line in self.lines for row in line.lamps]
        return [(lamp, lit.count(lamp)) for lamp in Lamp]

    def signed(self) -> int:
        """How many forms are signed."""
        return sum(one.evaluation is not None and one.evaluation.state == EvaluationState.FROZEN for one in self.lines)


def overview(projects: QuerySet[Project], year: int) -> Overview:
    """The year as far as these projects go: a fixed number of queries."""
    rounds = SelfEvaluation.objects.exclude(state=EvaluationState.RETURNED).select_related("recheck")
    found = list(
        projects.filter(year=year)
        .select_related("unit")
        .prefetch_related(Prefetch("evaluations", queryset=rounds.defer("form", "findings"), to_attr="current"))
        .order_by("code")
    )
    numbers = [one.pk for one in found]
    money, lamps = funds_of_all(numbers), _latest(numbers)
    lines = [Line(one, in_all(money[one.pk]), tuple(lamps.get(one.pk, ())), next(iter(getattr(one, "current", ())), None)) for one in found]
    by_number = {one.pk: one for one in found}
    rows = EvaluationRow.objects.filter(evaluation__project__in=numbers, evaluation__state=EvaluationState.FROZEN, proposed__isnull=False)
    indicators = list(rows.exclude(actual=None).select_related("indicator", "evaluation").order_by("evaluation__project", "place"))
    return Overview(year, lines, _months(numbers, year), _late(by_number), week_of(by_number), indicators, progress(numbers, indicators))


def _latest(projects: Sequence[int]) -> dict[int, list[MonitorRow]]:
    """The rows of each project's latest point that was taken."""
    points = MonitorPoint.objects.filter(project__in=projects, taken_at__isnull=False).order_by("on")
    latest = dict(points.values_list("project", "pk"))
    rows: dict[int, list[MonitorRow]] = {}
    for row in MonitorRow.objects.filter(point__in=latest.values()).select_related("indicator", "point"):
        rows.setdefault(row.point.project_id, []).append(row)
    return rows


def _months(projects: Sequence[int], year: int) -> list[int]:
    """What was spent in each month, in fen."""
    spent = [0] * 12
    for day, fen in Execution.objects.filter(project__in=projects, paid_on__year=year).values_list("paid_on", "fen"):
        spent[day.month - 1] += fen
    return spent


def _late(projects: Mapping[int, Project]) -> list[Late]:
    """Points not taken, deviations past their day, rectifications past theirs."""
    today = localdate()
    points = MonitorPoint.objects.filter(project__in=projects, taken_at=None, on__lt=today)
    found = [Late(f"监控未读取：{one.stage}", projects[one.project_id], one.on, f"/performance/monitoring/{one.pk}/") for one in points]
    rows = MonitorRow.objects.filter(point__project__in=projects, due_on__lt=today, settled_at=None).select_related("indicator", "point")
    found += [
        Late(f"整改逾期：{one.indicator.title}", projects[one.point.project_id], one.due_on, f"/performance/monitoring/{one.point_id}/")
        for one in rows
        if one.due_on is not None
    ]
    asked = Rectification.objects.filter(project__in=projects, state=RectificationState.OPEN, due_on__lt=today)
    found += [
        Late(f"复核整改逾期：{one.text[:30]}", projects[one.project_id], one.due_on, f"/performance/projects/{one.project_id}/")
        for one in asked
    ]
    return sorted(found, key=lambda one: (one.since, one.project.pk))


@dataclass(frozen=True, slots=True)
class Peer:
    """One unit among its peers in a year, from signed forms. Shares are in percent; ``n`` is how many rows stand behind them."""

    unit: str
    forms: int
    n: int
    mean: Decimal | None
    words: Decimal | None
    full: Decimal | None
    over: Decimal | None

    @property
    def enough(self) -> bool:
        """Whether there are forms enough to be ranked."""
        return self.forms >= int(policy()["peers_least"])


def peers(projects: QuerySet[Project], year: int) -> list[Peer]:
    """Units by their signed forms: mean total as re-checked, share of points on words, of rows at full points, of rows far above target."""
    forms = SelfEvaluation.objects.filter(project__in=projects.filter(year=year), state=EvaluationState.FROZEN).defer("form", "findings")
    by_unit: dict[str, list[SelfEvaluation]] = {}
    for one in forms.select_related("project__unit", "recheck").order_by("project__unit__name"):
        by_unit.setdefault(one.project.unit.name, []).append(one)
    rows: dict[int, list[EvaluationRow]] = {}
    for row in EvaluationRow.objects.filter(evaluation__in=forms).select_related("indicator"):
        rows.setdefault(row.evaluation_id, []).append(row)
    return [_peer(unit, group, [row for one in group for row in rows.get(one.pk, [])]) for unit, group in by_unit.items()]


def _peer(unit: str, forms: Sequence[SelfEvaluation], rows: Sequence[EvaluationRow]) -> Peer:
    totals = [counts.total for counts in map(standing, forms) if counts.total is not None]
    points = sum((row.indicator.weight for row in rows), Decimal(0))
    words = sum((row.indicator.weight for row in rows if row.indicator.value is None), Decimal(0))
    full = sum(row.score == row.indicator.weight for row in rows)
    over = Decimal(policy()["lamps"]["over"])
    far = sum(
        row.actual is not None and row.indicator.value is not None and row.indicator.direction == "more" and row.indicator.value > 0
        and row.actual >= row.indicator.value * over
        for row in rows
    )  # fmt: skip
    mean = (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.01")) if totals else None
    return Peer(
        unit, len(forms), len(rows), mean, percent(int(words * 100), int(points * 100)), percent(full, len(rows)), percent(far, len(rows))
    )


def trend(project: Project) -> list[SelfEvaluation]:
    """Signed forms of a project and of those before it, the earliest first; at most ten years."""
    found: list[SelfEvaluation] = []
    at: Project | None = project
    for _ in range(10):
        if at is None:
            break
        found += SelfEvaluation.objects.filter(project=at, state=EvaluationState.FROZEN).select_related("project", "recheck")
        at = at.previous
    return found[::-1]
