"""Projects, targets and self-evaluations as the form of ``appraisal``: what is audited, scored and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from keheng.appraisal.model import BLANK, Cell, Column, EvaluationForm, FormKind, FundLine, PrintedMoney, Row
from keheng.appraisal.model import Funds as PrintedFunds
from keheng.appraisal.policy import Policy
from keheng.appraisal.scoring.engine import grade_of, score, total_of
from keheng.appraisal.scoring.execution import score_execution
from keheng.appraisal.scoring.rounding import rounded
from keheng.appraisal.scoring.scorecard import Scorecard
from keheng.performance.enums import Source
from keheng.performance.models import Indicator, Project
from keheng.performance.queries.money import BySource, in_all
from keheng.performance.rules.library import keeps_execution_row, label_of, layouts
from keheng.performance.rules.money import Funds
from keheng.performance.rules.targets import policy_for, target_of
from keheng.performance.rules.values import cell, points_text

_FEN_A_YUAN, _FEN_A_WAN = Decimal(100), Decimal(1_000_000)
_SLACK = {"元": Decimal("0.5"), "万元": Decimal(5_000)}
_TITLES = {"target": Column.TARGET, "actual": Column.ACTUAL, "reason": Column.REASON, "rule": Column.RULE, "note": Column.NOTE}
EXECUTION = "预算执行率"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row to be drawn: its indicator, the actual value as printed, the score, and why a target was missed."""

    indicator: Indicator
    actual: str = ""
    score: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """The texts of a form: the goal, the account of results."""

    goal: str
    achieved: str = ""


def drawn_form(
    project: Project, layout: str, rows: Sequence[Drawn], funds: BySource, story: Story, *, kind: FormKind = FormKind.SELF_EVALUATION,
    prior: Funds | None = None,
) -> EvaluationForm:  # fmt: skip
    """The form of a project in a layout. ``rows`` without scores stay without; totals are there once every row has its score."""
    policy, shape = policy_for(layout), layouts()[layout]
    inside = keeps_execution_row(layout)
    printed = tuple(_row(place, one, layout, shape) for place, one in enumerate(rows, 1))
    money = _funds(funds, shape["unit"], policy, inside=inside)
    form = EvaluationForm(
        file=project.code, form_index=1, template=layout, kind=kind, title=cell(shape["title"]), year=project.year,
        project=cell(project.title), department=cell(project.department.name), unit=cell(project.unit.name),
        funds=replace(money, prior_year=None if prior is None else _money(prior.annual, shape["unit"])),
        goal=Cell(story.goal), achieved=Cell(story.achieved), rows=printed, columns=_columns(shape),
        labels=frozenset({"goal", "achieved", "year"}),
        extras={
            "office": cell(project.office), "recurring": cell("是" if project.recurring else "否"), "results": Cell(story.achieved),
        },
    )  # fmt: skip
    return _totalled(_with_execution(form, policy, inside=inside), policy, inside=inside)


def with_account(form: EvaluationForm, achieved: str) -> EvaluationForm:
    """The form with its account of results, which may name figures of the form itself."""
    return replace(form, achieved=Cell(achieved), extras={**form.extras, "results": Cell(achieved)})


def _columns(shape: object) -> frozenset[Column]:
    names = [name for _, name in shape["table"]]  # type: ignore[index]  # a layout is a mapping of data
    return frozenset(Column(name) for name in names)


def _row(place: int, one: Drawn, layout: str, shape: object) -> Row:
    names = {name for _, name in shape["table"]}  # type: ignore[index]  # a layout is a mapping of data
    row = one.indicator
    target = target_of(row).printed()
    told = BLANK if "target" in names else cell(_told(target, one.actual))
    return Row(
        place, cell(row.title), level1=cell(label_of("level1", row.level1, layout)), level2=cell(label_of("level2", row.level2, layout)),
        target=cell(target), actual=cell(one.actual), weight=cell(points_text(row.weight)), score=cell(points_text(one.score)),
        reason=cell(one.reason), rule=cell(row.rule) if "rule" in names else BLANK, explanation=told,
    )  # fmt: skip


def _told(target: str, actual: str) -> str:
    """Target and actual value in words, for templates without columns for them."""
    return f"目标 {target}" + (f"，实际 {actual}" if actual else "")


def _money(fen: int, unit: str) -> PrintedMoney:
    amount = Decimal(fen) / (_FEN_A_WAN if unit == "万元" else _FEN_A_YUAN)
    return PrintedMoney(fen, cell(f"{amount:.2f}"), _SLACK[unit])


def _funds(funds: BySource, unit: str, policy: Policy, *, inside: bool) -> PrintedFunds:
    parts = () if inside else tuple(_line(one, Source(source).label, unit) for source, one in funds.items())
    total = _line(in_all(funds), "年度资金总额", unit)
    if not inside:
        total = replace(total, weight=cell(points_text(policy.execution.points)))
    return PrintedFunds(unit, total, parts)


def _line(funds: Funds, label: str, unit: str) -> FundLine:
    return FundLine(cell(label), _money(funds.initial, unit), _money(funds.annual, unit), _money(funds.executed, unit))


def _with_execution(form: EvaluationForm, policy: Policy, *, inside: bool) -> EvaluationForm:
    """The rate and points of budget execution: in the funds table, or as the table's own row (2019)."""
    if inside:
        row = Row(0, cell(EXECUTION), level1=cell("投入与管理"), weight=cell(points_text(policy.execution.points)), is_execution=True)
        rows = tuple(replace(one, ordinal=place) for place, one in enumerate((row, *form.rows), 1))
        form = replace(form, rows=rows)
    if form.kind is not FormKind.SELF_EVALUATION:
        return replace(form, funds=replace(form.funds, total=replace(form.funds.total, executed=None)))
    scored = score_execution(form, policy)
    if scored.rate_percent is None:
        return form
    rate = Cell(f"{scored.rate_percent:.2f}%", value=scored.rate_percent)
    points = cell(points_text(scored.expected))
    total = replace(form.funds.total, rate=rate, score=BLANK if inside else points)
    form = replace(form, funds=replace(form.funds, total=total))
    if not inside:
        return form
    told = cell(f"执行率 {rate.text}")
    return replace(form, rows=(replace(form.rows[0], score=points, explanation=told), *form.rows[1:]))


def _totalled(form: EvaluationForm, policy: Policy, *, inside: bool) -> EvaluationForm:
    """The sums of weights and, where every score is there, of scores; the grade that the total earns."""
    execution = form.funds.total
    weights = total_of([*(row.weight.value for row in form.rows), *([] if inside else [execution.weight.value])])
    scores = total_of([*(row.score.value for row in form.rows), *([] if inside else [execution.score.value])])
    if scores is not None:
        scores = rounded(_capped(scores, form, policy), policy.total_round)
    grade = grade_of(scores, policy)
    return replace(form, weight_total=cell(points_text(weights)), score_total=cell(points_text(scores)), grade=cell(grade or ""))


def _capped(total: Decimal, form: EvaluationForm, policy: Policy) -> Decimal:
    rate = score_execution(form, policy).rate
    caps = [most for below, most in policy.caps if rate is not None and rate < below]
    return min([total, *caps])


def as_printed(form: EvaluationForm) -> EvaluationForm:
    """The form without what its layout has no place for, so that the written file says all of it."""
    shape = layouts()[form.template]
    names = {name for _, name in shape["table"]}
    heads = {name for line in [*shape["head"], *shape.get("pairs", ())] for name in line[1::2]} | {
        name for _, name in shape.get("lines", ())
    }
    bare: dict[str, Any] = {name: BLANK for name in ("target", "actual", "reason", "level2") if name not in names}
    total = form.funds.total if "funds" in shape else replace(form.funds.total, initial=None)
    return replace(
        form, rows=tuple(replace(row, **bare) for row in form.rows), funds=replace(form.funds, total=total),
        department=form.department if "department" in heads else BLANK, achieved=form.achieved if "narrative" in shape else BLANK,
        grade=form.grade if shape.get("grade") or "grade" in heads else BLANK,
    )  # fmt: skip


def scorecard(form: EvaluationForm, layout: str) -> Scorecard:
    """What each row may and should score under the layout's policy."""
    return score(form, policy_for(layout))


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent, two places; None of nothing."""
    return rounded(Decimal(part) / Decimal(whole) * 100, ("half_up", 2)) if whole else None


def share_of(actual: Decimal | None, target: Decimal | None) -> Decimal | None:
    """An actual value in percent of its target; None without both, or of nothing."""
    return rounded(actual / target * 100, ("half_up", 2)) if actual is not None and target else None


def wan(fen: int) -> str:
    """Fen in 万元, as people read it."""
    return f"{Decimal(fen) / _FEN_A_WAN:,.2f}"
