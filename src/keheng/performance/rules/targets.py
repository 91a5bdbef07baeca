"""Whether targets may be saved and submitted: all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from keheng.appraisal.policy import Policy, load_policy, policy_ids
from keheng.kernel.errors import Problem, problem
from keheng.kernel.measures import Measure
from keheng.performance.enums import EvidenceKind
from keheng.performance.models import GoalVersion, Indicator
from keheng.performance.rules.lengths import long_problems
from keheng.performance.rules.library import by_title, classes, keeps_execution_row, library
from keheng.performance.rules.values import Target, converted, target_from

LONGEST_GOAL = 2000
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFacts:
    """A row of the targets as it is typed; ``target`` as people write it (``≥1000万次``)."""

    title: str
    level1: str
    level2: str = ""
    target: str = ""
    weight: Decimal = Decimal(0)
    evidence: str = EvidenceKind.FILE
    measure: str = ""
    scope: dict[str, str] = field(default_factory=dict)
    rule: str = ""
    key: str = ""
    direction: str = "more"

    def plain(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


def policy_for(layout: str) -> Policy:
    """The scoring policy in force for a template: the first that names it, else the national default."""
    found = (load_policy(one) for one in policy_ids())
    return next((one for one in found if layout in one.templates), None) or load_policy("mof-2020")


def target_of(row: Indicator) -> Target:
    """The target of a row."""
    return Target(row.kind, row.op, row.value, row.high, row.unit, row.words)


def put_facts(row: Indicator, facts: IndicatorFacts, measure: Measure | None) -> None:
    """Write what was typed into a row; ``measure`` is the one that the facts name."""
    target = target_from(facts.target)
    known = library().get(facts.key) or by_title().get(facts.title.strip())
    bound = measure if facts.evidence == EvidenceKind.MEASURE else None
    row.key = known.key if known else ""
    row.title, row.level1, row.level2, row.rule = facts.title.strip(), facts.level1, facts.level2, facts.rule.strip()
    row.kind, row.op, row.value, row.high, row.unit, row.words = (
        target.kind, target.op, target.value, target.high, target.unit, target.words,
    )  # fmt: skip
    row.weight, row.evidence, row.scope = facts.weight, facts.evidence, dict(facts.scope) if bound else {}
    row.direction = {"≥": "more", ">": "more", "≤": "less", "<": "less"}.get(target.op) or (known.direction if known else facts.direction)
    row.measure, row.measure_version = (bound.code, bound.version) if bound else ("", None)


def indicator_problems(facts: IndicatorFacts, measure: Measure | None) -> list[Problem]:
    """What is wrong with a row by itself."""
    found: list[Problem] = []
    if not facts.title.strip():
        found.append(problem("PERF_TITLE", "title"))
    found += long_problems(Indicator, {"title": facts.title, "rule": facts.rule, "words": facts.target}, words="target")
    found += _class_problems(facts)
    if not facts.target.strip():
        found.append(problem("PERF_NO_TARGET", "target"))
    if not 0 < facts.weight <= _HUNDRED:
        found.append(problem("PERF_WEIGHT", "weight"))
    return found + _proof_problems(facts, measure)


def _class_problems(facts: IndicatorFacts) -> list[Problem]:
    found = [] if facts.level1 in classes()["level1"] else [problem("PERF_CLASS", "level1")]
    within = classes()["level2"].get(facts.level2, {}).get("within")
    if facts.level2 and within != facts.level1:
        found.append(problem("PERF_CLASS", "level2"))
    return found


def _proof_problems(facts: IndicatorFacts, measure: Measure | None) -> list[Problem]:
    if facts.evidence not in EvidenceKind.values:
        return [problem("PERF_EVIDENCE_PLAN", "evidence")]
    if facts.evidence != EvidenceKind.MEASURE:
        return []
    if measure is None:
        return [problem("PERF_NO_MEASURE", "measure", measure=facts.measure or "—")]
    target = target_from(facts.target)
    if target.value is not None and converted(Decimal(1), measure.unit, target.unit) is None:
        return [problem("PERF_UNITS", "target", unit=target.unit or "—", measured=measure.unit)]
    return []


def weight_wanted(layout: str) -> Decimal:
    """The points that rows share: 100 less those of budget execution (财预〔2020〕10号: 10; of the templates of 2019: 8)."""
    return _HUNDRED - policy_for(layout).execution.points


def goal_problems(goals: GoalVersion, rows: Sequence[Indicator], layout: str) -> list[Problem]:
    """What keeps targets from being submitted: no goal, no rows, weights that do not add up, a row without satisfaction's survey."""
    found: list[Problem] = []
    if not goals.goal.strip():
        found.append(problem("PERF_GOAL", "goal"))
    if not rows:
        return [*found, problem("PERF_NO_ROWS")]
    total, wanted = weight_sum(rows), weight_wanted(layout)
    if total != wanted:
        found.append(problem("PERF_WEIGHTS", "weight", total=f"{total:.2f}", wanted=f"{wanted:.2f}", execution=f"{_HUNDRED - wanted:.2f}"))
    twice = sorted({row.title for row in rows if [one.title for one in rows].count(row.title) > 1})
    if twice:
        found.append(problem("PERF_TWICE", "title", titles="、".join(twice)))
    if not keeps_execution_row(layout) and any(row.level1 in {"management", "influence"} for row in rows):
        found.append(problem("PERF_CLASS_OF_TEMPLATE", "level1"))
    return found


def weight_sum(rows: Iterable[Indicator]) -> Decimal:
    """The points of all rows."""
    return sum((row.weight for row in rows), Decimal(0))


def section_sums(rows: Iterable[Indicator]) -> dict[str, Decimal]:
    """The points of each first level, in the order of the classes."""
    sums = dict.fromkeys(classes()["level1"], Decimal(0))
    for row in rows:
        sums[row.level1] = sums.get(row.level1, Decimal(0)) + row.weight
    return {code: total for code, total in sums.items() if total}
