"""What is to be said of targets while they are typed: the audit rules on the draft as it would be, last year beside it, the proof."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from keheng.performance.enums import EvidenceKind
from keheng.performance.models import EvaluationRow, GoalVersion, Indicator
from keheng.performance.queries.audit import Told, findings_of
from keheng.performance.queries.evaluations import targets_form
from keheng.performance.queries.money import funds_of
from keheng.performance.queries.projects import below_last_year, last_year, name_of, rows_of
from keheng.performance.queries.readings import measure_of
from keheng.performance.rules.library import keeps_execution_row, library
from keheng.performance.rules.targets import IndicatorFacts, put_facts
from keheng.performance.rules.values import actual_text


def warnings_of(row: Indicator, before: Mapping[str, EvaluationRow]) -> list[str]:
    """Below last year's result; no measure, or one in the library that is not used."""
    low = below_last_year(row, before.get(name_of(row)))
    found = [] if low is None else [f"低于上年实际 {actual_text(low, row.unit, '')}"]
    if row.evidence != EvidenceKind.MEASURE:
        known = library().get(row.key)
        found.append("指标库中有系统指标可用" if known and known.measure else "没有系统指标，需要附依据")
    return found


def on_row(goals: GoalVersion, facts: IndicatorFacts, indicator: int | None) -> tuple[list[str], list[Told]]:
    """Warnings and findings on a row as it is typed: a new one, or one that is changed."""
    rows = rows_of(goals)
    known = {one.mark for one in _findings(goals, rows)} if rows else set()
    typed = next((one for one in rows if one.pk == indicator), None) or Indicator(goals=goals, place=len(rows) + 1)
    put_facts(typed, facts, measure_of(facts.measure))
    drafted = rows if typed.pk else [*rows, typed]
    # Among the form's rows that of the budget's execution stands first, where the layout keeps one.
    place = drafted.index(typed) + 1 + keeps_execution_row(goals.project.layout)
    found = [one for one in _findings(goals, drafted) if place in one.rows or one.mark not in known]
    return warnings_of(typed, last_year(goals.project)), found


def on_goal(goals: GoalVersion, text: str) -> list[Told]:
    """Findings that the goal as it is typed brings, above all where it says another figure than the table."""
    rows = rows_of(goals)
    typed, without = copy(goals), copy(goals)
    typed.goal, without.goal = text, ""
    known = {one.mark for one in _findings(without, rows)}
    return [one for one in _findings(typed, rows) if one.mark not in known]


def _findings(goals: GoalVersion, rows: list[Indicator]) -> list[Told]:
    return findings_of(targets_form(goals.project, goals, rows, funds_of(goals.project)))
