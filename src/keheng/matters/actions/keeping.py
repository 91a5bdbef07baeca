"""From a situation back to rows: the case by a conditional update, its clocks by their differences. Part of the acts around it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from datetime import date
from typing import Any

from django.utils.timezone import now

from keheng.kernel.accounts import accounts
from keheng.kernel.errors import Refused, problem
from keheng.kernel.working_days import WorkingCalendar, working_calendar
from keheng.matters.models import Case, Clock, Suspension
from keheng.matters.models.cases import SUBJECT_LENGTH
from keheng.matters.queries.cases import private_answers
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.flow.clocks import Run, Stop, columns
from keheng.matters.rules.flow.situation import Situation, running, term_of
from keheng.matters.rules.form.values import shown_as


def put_answers(case: Case, matter: Matter, answers: Mapping[str, Any]) -> None:
    """Open answers into the open column, the others into the sealed one, and what the case is about beside them; not saved yet."""
    sealed = {field.id for field in matter.by_id.values() if field.sealed}
    private = {name: value for name, value in answers.items() if name in sealed}
    case.answers = {name: value for name, value in answers.items() if name not in sealed}
    case.private = json.dumps(private, ensure_ascii=False) if private else ""
    case.subject = " ".join(_subject(case, matter).split())[:SUBJECT_LENGTH]


def _subject(case: Case, matter: Matter) -> str:
    if matter.subject is not None:
        return shown_as(matter.by_id[matter.subject], case.answers.get(matter.subject))
    # Who applies does not change while a form is typed.
    return case.subject or (case.unit.name if case.unit is not None else accounts().names([case.applicant]).get(case.applicant, ""))


def due_on(matter: Matter, at: Situation, calendar: WorkingCalendar) -> date | None:
    """The first day on which a running clock is due; None where none runs."""
    dues = (run.due(matter.clocks[name].promise, calendar) for name, run in running(matter, at))
    return min((due for due in dues if due is not None), default=None)


def note_touched(case: Case) -> None:
    """Something happened in a case that is no move: it comes first in the list of its applicant."""
    Case.objects.filter(pk=case.pk).update(touched_at=now())


def keep(case: Case, matter: Matter, before: Situation, after: Situation, seen: int) -> Case:
    """Write a situation over the one that was seen; raises Refused when somebody moved the case meanwhile."""
    state, calendar = matter.state_of[after.state], working_calendar()
    facts: dict[str, Any] = {
        "state": after.state,
        "std": state.std,
        "end": state.end or "",
        "version": seen + 1,
        "entered_on": after.entered,
        "touched_at": now(),
        "due_on": due_on(matter, after, calendar),
        "lapse_on": term_of(state, after, calendar) if state.late is not None else None,
        "spent": sorted(after.spent),
        "voices": [list(astuple(voice)) for voice in after.voices],
    }
    if state.end is not None and case.ended_at is None:
        facts["ended_at"] = now()
    given = {name: value for name, value in after.answers.items() if before.answers.get(name) != value}
    sealed = {name: value for name, value in given.items() if matter.by_id[name].sealed}
    if given:
        facts["answers"] = {**case.answers, **{name: value for name, value in given.items() if name not in sealed}}
    if sealed:
        facts["private"] = json.dumps({**private_answers(case), **sealed}, ensure_ascii=False)
    # Of two who move a case at once the database lets one through.
    changed = Case.objects.filter(pk=case.pk, state=before.state, version=seen).update(**facts)
    if not changed:
        raise Refused(problem("MATTER_MOVED_MEANWHILE"))
    for name, value in facts.items():
        setattr(case, name, value)
    _keep_clocks(case, matter, before.runs, after.runs, calendar)
    return case


def _keep_clocks(case: Case, matter: Matter, before: Mapping[str, Run], after: Mapping[str, Run], calendar: WorkingCalendar) -> None:
    for code, run in after.items():
        known = before.get(code)
        if run == known:
            continue
        facts = columns(run, matter.clocks[code], calendar)
        if known is None:
            clock = Clock.objects.create(case=case, code=code, **facts)
        else:
            clock = Clock.objects.get(case=case, code=code)
            if (known.added, known.ended) != (run.added, run.ended):
                Clock.objects.filter(pk=clock.pk).update(**facts)
        _keep_stops(clock, known.stops if known is not None else (), run)


def _keep_stops(clock: Clock, known: Iterable[Stop], run: Run) -> None:
    """A ledger only grows: the last suspension may end, others may come after it."""
    old = tuple(known)
    if old and old[-1].until is None and run.stops[len(old) - 1].until is not None:
        Suspension.objects.filter(clock=clock, until=None).update(until=run.stops[len(old) - 1].until)
    new = run.stops[len(old) :]
    Suspension.objects.bulk_create(Suspension(clock=clock, state=one.state, since=one.since, until=one.until) for one in new)
