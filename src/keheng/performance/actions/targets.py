"""Targets are declared, submitted, approved by others than their makers, and adjusted by a new version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.timezone import now

from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.measures import UnknownScopeError, check_scope
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.performance.enums import GoalState
from keheng.performance.models import GoalVersion, Indicator, Project
from keheng.performance.queries.projects import goals_in_force, last_year, rows_of
from keheng.performance.queries.readings import measure_of
from keheng.performance.rules.lengths import long_problem, long_problems
from keheng.performance.rules.merging import merge
from keheng.performance.rules.targets import LONGEST_GOAL, IndicatorFacts, goal_problems, indicator_problems, put_facts, target_of

_COPIED = (
    "place", "key", "level1", "level2", "title", "kind", "op", "value", "high", "unit", "words", "direction", "weight", "evidence",
    "measure", "measure_version", "scope", "rule",
)  # fmt: skip


@act("goals.begin", Refused)
def begin_goals(*, actor: Actor, project: int, document: str = "") -> GoalVersion:
    """Begin targets: the first version from last year's, a later one from the version in force, with the document that asks for it."""
    row = Project.objects.select_for_update().get(pk=project)
    force = goals_in_force(row)
    if force is not None and not document.strip():
        raise Refused(problem("PERF_DOCUMENT", "document"))
    if wrong := long_problems(GoalVersion, {"document": document}):
        raise Refused(wrong)
    number = (GoalVersion.objects.filter(project=row).aggregate(n=Max("number"))["n"] or 0) + 1
    try:
        with transaction.atomic():
            made = GoalVersion.objects.create(project=row, number=number, document=document.strip(), maker=actor.account)
    except IntegrityError:
        raise Refused(problem("PERF_GOALS_OPEN")) from None
    before = force or (None if row.previous is None else goals_in_force(row.previous))
    if before is not None:
        GoalVersion.objects.filter(pk=made.pk).update(goal=before.goal)
        Indicator.objects.bulk_create([Indicator(goals=made, **{name: getattr(one, name) for name in _COPIED}) for one in rows_of(before)])
        made.refresh_from_db()
    record("goals.begin", actor=actor, target=f"goals:{made.pk}", after=digest_of({"project": row.pk, "number": number}))
    return made


def _draft(goals: int) -> GoalVersion:
    row = GoalVersion.objects.select_for_update().get(pk=goals)
    if row.state != GoalState.DRAFT:
        raise Refused(problem("PERF_STATE", state=GoalState(row.state).label))
    return row


@act("goals.write", Refused)
def write_goal(*, actor: Actor, goals: int, base: str, goal: str) -> GoalVersion:
    """Write the goal in words; ``base`` is the text the page showed."""
    row = _draft(goals)
    merged = merge({"goal": base}, {"goal": row.goal}, {"goal": goal.strip()})
    if merged.conflicts:
        raise Refused(problem("PERF_CONFLICT", "goal", theirs=row.goal[:200]))
    if wrong := long_problem("goal", merged.values["goal"], LONGEST_GOAL):
        raise Refused(wrong)
    row.goal, row.version = merged.values["goal"], row.version + 1
    row.save(update_fields=["goal", "version"])
    record("goals.write", actor=actor, target=f"goals:{row.pk}", after=digest_of({"goal": row.goal}))
    return row


def facts_of(row: Indicator) -> IndicatorFacts:
    """A stored row as it would be typed."""
    return IndicatorFacts(
        title=row.title, level1=row.level1, level2=row.level2, target=target_of(row).printed(), weight=row.weight, evidence=row.evidence,
        measure=row.measure, scope=dict(row.scope), rule=row.rule, key=row.key, direction=row.direction,
    )  # fmt: skip


@act("indicator.add", Refused)
def add_indicator(*, actor: Actor, goals: int, facts: IndicatorFacts) -> Indicator:
    """Add a row at the end."""
    row = _draft(goals)
    if found := _wrong(facts):
        raise Refused(found)
    place = (Indicator.objects.filter(goals=row).aggregate(n=Max("place"))["n"] or 0) + 1
    made = Indicator(goals=row, place=place)
    put_facts(made, facts, measure_of(facts.measure))
    made.save()
    record("indicator.add", actor=actor, target=f"indicator:{made.pk}", after=digest_of(facts.plain()))
    return made


@act("indicator.change", Refused)
def change_indicator(*, actor: Actor, indicator: int, base: Mapping[str, Any], facts: IndicatorFacts) -> Indicator:
    """Change a row; ``base`` is what the page was made from. What others changed meanwhile stays, unless both changed one field."""
    found = Indicator.objects.select_for_update().select_related("goals").get(pk=indicator)
    _draft(found.goals_id)
    theirs = facts_of(found).plain()
    merged = merge(base, theirs, facts.plain())
    if merged.conflicts:
        raise Refused([problem("PERF_CONFLICT", name, theirs=str(value)) for name, value in merged.conflicts.items()])
    agreed = IndicatorFacts(**merged.values)
    if wrong := _wrong(agreed):
        raise Refused(wrong)
    put_facts(found, agreed, measure_of(agreed.measure))
    found.version += 1
    found.save()
    record("indicator.change", actor=actor, target=f"indicator:{found.pk}", before=digest_of(theirs), after=digest_of(agreed.plain()))
    return found


def _wrong(facts: IndicatorFacts) -> list[Problem]:
    measure = measure_of(facts.measure) if facts.evidence == "measure" else None
    found = indicator_problems(facts, measure)
    if measure is not None and facts.scope:
        try:
            check_scope(measure, facts.scope)
        except UnknownScopeError as error:
            found.append(problem("PERF_SCOPE", "scope", names="、".join(error.names), known="、".join(error.known) or "—"))
    return found


@act("indicator.remove", Refused)
def remove_indicator(*, actor: Actor, indicator: int) -> None:
    """Take a row out of a draft."""
    found = Indicator.objects.select_for_update().get(pk=indicator)
    _draft(found.goals_id)
    before = digest_of(facts_of(found).plain())
    found.delete()
    record("indicator.remove", actor=actor, target=f"indicator:{indicator}", before=before)


@act("goals.submit", Refused)
def submit_goals(*, actor: Actor, goals: int) -> GoalVersion:
    """Ask for approval; raises Refused with everything missing."""
    row = _draft(goals)
    project, rows = row.project, rows_of(row)
    found = goal_problems(row, rows, project.layout)
    before = last_year(project)
    found += [
        problem("PERF_DROPPED", "note", title=one.indicator.title)
        for name, one in before.items()
        if project.recurring and not row.note and name not in {known.key or known.title for known in rows}
    ]
    if found:
        raise Refused(found)
    row.state, row.submitted_at = GoalState.SUBMITTED, now()
    row.save(update_fields=["state", "submitted_at"])
    open_task(
        f"goals:{row.pk}", kind="performance.goals", title=f"批复绩效目标：{project.title}",
        url=f"/performance/projects/{project.pk}/targets/", permission="performance.goals.approve", unit=project.unit_id, not_by=row.maker,
    )  # fmt: skip
    record("goals.submit", actor=actor, target=f"goals:{row.pk}", after=digest_of({"rows": len(rows)}))
    return row


@act("goals.note", Refused)
def note_goals(*, actor: Actor, goals: int, note: str) -> GoalVersion:
    """Say why indicators of last year are left out."""
    row = _draft(goals)
    if wrong := long_problems(GoalVersion, {"note": note}):
        raise Refused(wrong)
    row.note = note.strip()
    row.save(update_fields=["note"])
    record("goals.note", actor=actor, target=f"goals:{row.pk}", after=digest_of({"note": row.note}))
    return row


@act("goals.decide", Refused)
def decide_goals(*, actor: Actor, goals: int, approved: bool, reason: str = "") -> GoalVersion:
    """Approve the targets, after which the version before is superseded; or send them back with a reason."""
    row = GoalVersion.objects.select_for_update().get(pk=goals)
    found = [] if row.state == GoalState.SUBMITTED else [problem("PERF_STATE", state=GoalState(row.state).label)]
    if actor.account == row.maker:
        found.append(problem("PERF_OWN_GOALS"))
    if not approved and not reason.strip():
        found.append(problem("PERF_REASON", "reason"))
    found += long_problems(GoalVersion, {"returned": reason}, returned="reason")
    if found:
        raise Refused(found)
    if approved:
        GoalVersion.objects.filter(project=row.project_id, state=GoalState.APPROVED).update(state=GoalState.SUPERSEDED)
        row.state, row.approver, row.approved_at = GoalState.APPROVED, actor.account, now()
    else:
        row.state, row.submitted_at, row.returned = GoalState.DRAFT, None, reason.strip()
        open_task(
            f"goals-back:{row.pk}", kind="performance.goals", title=f"修改绩效目标：{row.project.title}",
            url=f"/performance/projects/{row.project_id}/targets/", account=row.maker,
        )  # fmt: skip
    row.save()
    close_task(f"goals:{row.pk}")
    if approved:
        close_task(f"goals-back:{row.pk}")
    record("goals.decide", actor=actor, target=f"goals:{row.pk}", after=digest_of({"state": row.state}), reason=reason.strip())
    return row
