"""The signed forms of a department on one page: money, results, what an output cost, and what it all speaks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median

from django.db.models import QuerySet

from keheng.kernel.documents import typeset
from keheng.performance.enums import EvaluationState, RectificationState
from keheng.performance.models import EvaluationRow, Project, Rectification, SelfEvaluation
from keheng.performance.queries.drawing import wan
from keheng.performance.queries.money import funds_of_all, in_all, rate_of
from keheng.performance.queries.projects import name_of
from keheng.performance.queries.standing import Standing, standing
from keheng.performance.rules.advice import Advised, advised
from keheng.performance.rules.library import policy
from keheng.performance.rules.money import Funds
from keheng.performance.rules.values import actual_text

_SHEET = Path(__file__).resolve().parents[1] / "documents" / "digest.typ"
_FEN_A_YUAN = Decimal(100)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What one unit of an output cost in yuan: the whole execution of the project through the actual value.

    ``before`` is last year's of the same project; ``middle`` the median of ``n`` projects of the year with the same indicator in the
    same unit, this one among them.
    """

    title: str
    actual: str
    yuan: Decimal
    before: Decimal | None
    middle: Decimal
    n: int

    @property
    def dear(self) -> bool:
        """Whether it lies far above its peers, of whom there must be some."""
        return self.n >= int(policy()["peers_least"]) and self.yuan > self.middle * Decimal(policy()["advice"]["cost_apart"])

    @property
    def change(self) -> Decimal | None:
        """The change against last year in percent."""
        return ((self.yuan / self.before - 1) * 100).quantize(_CENT) if self.before else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One signed form: what it counts for, its money, its costs, its open findings and tasks, the advice."""

    form: SelfEvaluation
    counts: Standing
    funds: Funds
    rate: Decimal | None
    costs: Sequence[UnitCost]
    findings: int
    tasks: int
    advised: Advised


@dataclass(frozen=True, slots=True)
class Digest:
    """A department's year."""

    department: int
    name: str
    year: int
    entries: Sequence[Entry]
    unsigned: Sequence[Project]

    @property
    def funds(self) -> Funds:
        """The money of the signed forms."""
        return sum((one.funds for one in self.entries), Funds())

    @property
    def mean(self) -> Decimal | None:
        """The mean total of the signed forms, re-checked ones as re-checked."""
        totals = [one.counts.total for one in self.entries if one.counts.total is not None]
        return (sum(totals, Decimal(0)) / len(totals)).quantize(_CENT) if totals else None


def digests(projects: QuerySet[Project], year: int) -> list[Digest]:
    """The year by department, as far as these projects go: a fixed number of queries."""
    found = list(projects.filter(year=year).select_related("department", "unit").order_by("department__name", "code"))
    numbers = [one.pk for one in found]
    earlier = {one.pk: one.previous_id for one in found if one.previous_id is not None}
    money = {pk: in_all(by) for pk, by in funds_of_all([*numbers, *earlier.values()]).items()}
    signed = (
        SelfEvaluation.objects.filter(project__in=money, state=EvaluationState.FROZEN)
        .defer("form")
        .select_related("project__unit", "recheck")
    )
    forms = {one.project_id: one for one in signed}
    outputs = _outputs([one.pk for one in forms.values()])
    costs = {pk: _costs(outputs.get(form.pk, []), money[pk]) for pk, form in forms.items()}
    peers: dict[tuple[str, str], list[Decimal]] = {}
    for pk in numbers:
        for name, (_, yuan) in costs.get(pk, {}).items():
            peers.setdefault(name, []).append(yuan)
    tasks = list(Rectification.objects.filter(project__in=numbers, state=RectificationState.OPEN).values_list("project", flat=True))

    def entry(pk: int) -> Entry:
        before = costs.get(earlier.get(pk, 0), {})
        return _entry(forms[pk], money[pk], _compared(costs[pk], before, peers), tasks.count(pk))

    groups: dict[tuple[int, str], list[Project]] = {}
    for one in found:
        groups.setdefault((one.department_id, one.department.name), []).append(one)
    return [
        Digest(*department, year, [entry(one.pk) for one in group if one.pk in forms], [one for one in group if one.pk not in forms])
        for department, group in groups.items()
    ]


def _outputs(forms: Sequence[int]) -> dict[int, list[EvaluationRow]]:
    """Rows that count what was put out, by form."""
    rows = EvaluationRow.objects.filter(
        evaluation__in=forms, actual__gt=0, indicator__level1="output", indicator__level2="quantity", indicator__value__isnull=False
    )
    found: dict[int, list[EvaluationRow]] = {}
    for row in rows.select_related("indicator").order_by("place"):
        found.setdefault(row.evaluation_id, []).append(row)
    return found


Costs = Mapping[tuple[str, str], tuple[EvaluationRow, Decimal]]


def _costs(rows: Sequence[EvaluationRow], funds: Funds) -> Costs:
    """Yuan for a unit, by what the row is known by and its unit; nothing where nothing was spent."""
    spent = Decimal(funds.executed) / _FEN_A_YUAN
    found = {(name_of(row.indicator), row.indicator.unit): (row, (spent / row.actual).quantize(_CENT)) for row in rows if row.actual}
    return found if spent > 0 else {}


def _compared(costs: Costs, before: Costs, peers: Mapping[tuple[str, str], Sequence[Decimal]]) -> list[UnitCost]:
    return [
        UnitCost(
            row.indicator.title, actual_text(row.actual, row.indicator.unit, row.words), yuan, before[name][1] if name in before else None,
            Decimal(median(peers[name])).quantize(_CENT), len(peers[name]),
        )
        for name, (row, yuan) in costs.items()
    ]  # fmt: skip


def _entry(form: SelfEvaluation, funds: Funds, costs: Sequence[UnitCost], tasks: int) -> Entry:
    rate, counts = rate_of(funds, form.layout), standing(form)
    said = advised(counts.grade, rate, open_tasks=tasks, dear=[one.title for one in costs if one.dear])
    return Entry(form, counts, funds, rate, costs, len(form.findings), tasks, said)


def digest_pdf(one: Digest) -> bytes:
    """The digest on paper: a landscape page."""
    data = {
        "title": f"{one.name} {one.year} 年绩效简报",
        "subtitle": "只含已签发的自评表；单位成本为项目全部支出除以完成值；预算建议供参考",
        "stats": [
            ["已签发", f"{len(one.entries)} / {len(one.entries) + len(one.unsigned)}"],
            ["全年预算（万元）", wan(one.funds.annual)],
            ["已执行（万元）", wan(one.funds.executed)],
            ["平均分", "—" if one.mean is None else str(one.mean)],
        ],
        "heads": ["项目", "实施单位", "预算（万元）", "执行率", "得分", "审核提示", "未完成整改", "预算建议", "理由"],
        "rows": [
            [
                each.form.project.title, each.form.project.unit.name, wan(each.funds.annual), "—" if each.rate is None else f"{each.rate}%",
                each.counts.text, str(each.findings), str(each.tasks), str(each.advised.advice.label),
                "；".join(each.advised.reasons),
            ]
            for each in one.entries
        ],
        "costs": [
            [each.form.project.title, cost.title, cost.actual, f"{cost.yuan:,}", "—" if cost.before is None else f"{cost.before:,}",
             "—" if cost.change is None else f"{cost.change:+}%", f"{cost.middle:,}", str(cost.n)]
            for each in one.entries for cost in each.costs
        ],
        "unsigned": [project.title for project in one.unsigned],
    }  # fmt: skip
    return typeset(_SHEET, data)
