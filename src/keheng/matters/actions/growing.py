"""Many cases at once: walked by the engine as single ones are, then written in batches. Part of the acts around it.

A single act takes some 20 ms a move, which is too long for thousands of cases; here the same situations become the same rows. Only
the trail has one entry for all of them instead of one for each move, and nobody is sent a message.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import get_current_timezone, localdate, now

from keheng.kernel.desk.tasks import open_tasks
from keheng.kernel.numbers import draw, draw_many, written
from keheng.kernel.trail.record import SYSTEM, Actor, digest_of, record
from keheng.kernel.working_days import WorkingCalendar, working_calendar
from keheng.matters.actions.calls import take_places
from keheng.matters.actions.editions import kept_edition
from keheng.matters.actions.keeping import due_on, put_answers
from keheng.matters.actions.moving import SERIES
from keheng.matters.actions.telling import tasks_of
from keheng.matters.enums import End
from keheng.matters.models import Case, CaseEvent, Clock, Correction, Material, Output, Party, Rating, Suspension, Taken
from keheng.matters.queries.calls import Allowance, allowance
from keheng.matters.rules.calls import call_of, wanted
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.flow.clocks import columns
from keheng.matters.rules.flow.situation import Situation, Wish, World, begun, moved, term_of
from keheng.matters.rules.form.answers import facts_of, settled, take
from keheng.matters.rules.form.asked import answers_of_move
from keheng.matters.rules.form.values import shown_as

_BATCH = 500
_MORNING = 9


@dataclass(frozen=True, slots=True)
class Step:
    """A move: by which account in which role, so many working days after the one before, with what was typed and corrections told.

    ``minutes`` after the one before, for who answers on the same day; without them the day's steps stand at equal distances.
    """

    do: str
    by: str
    role: str
    after: int = 0
    typed: Mapping[str, Any] = field(default_factory=dict)
    opinion: str = ""
    corrections: Sequence[tuple[str, str]] = ()
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """Who applied, for which unit, when, with which answers; ``named`` are the accounts of colleagues in the form by role.

    ``at`` is the moment of everything; without it the steps have moments of their working days.
    """

    applicant: str
    day: date
    typed: Mapping[str, Any]
    unit: int | None = None
    district: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(slots=True)
class Grown:
    """A case with everything that hangs on it, not written yet."""

    read: Read
    case: Case
    at: Situation
    start: Situation
    events: list[CaseEvent] = field(default_factory=list)
    corrections: list[tuple[CaseEvent, Correction]] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    rating: int = 0
    parent: Grown | None = None


def grow(read: Read, how: Begun, steps: Iterable[Step]) -> Grown:
    """Walk a case through its steps as far as today; raises ValueError for a step that the file does not have there."""
    matter, calendar = read.matter, working_calendar()
    at = begun(matter, how.day)
    at = replace(at, answers=settled(matter.fields, take(matter.fields, how.typed), how.day))
    case = Case(
        edition_id=read.digest, matter=matter.id, title=matter.title, applicant=how.applicant, unit_id=how.unit, district=how.district,
        opened_at=how.at or _moment(how.day, 0), named=dict(how.named),
    )  # fmt: skip
    made, day = Grown(read, case, at, at), how.day
    for step in steps:
        day = calendar.add(day, step.after) if step.after else day
        if day > localdate():
            break
        at_once = made.events[-1].at + timedelta(minutes=step.minutes) if made.events and step.minutes is not None else None
        _walk(made, step, how.at or min(at_once or _moment(day, len(made.events)), now()), day, calendar)
    _settle(made, calendar)
    return made


def _moment(day: date, number: int) -> datetime:
    """A moment of a working day, later for later steps, never after now."""
    at = datetime.combine(day, time(_MORNING), get_current_timezone()) + timedelta(minutes=50 * number)
    return min(at, now())


def _walk(made: Grown, step: Step, at: datetime, day: date, calendar: WorkingCalendar) -> None:
    matter, case, before = made.read.matter, made.case, made.at
    move = matter.move(before.state, step.do)
    if move is None:
        raise ValueError(f"{matter.id}: no {step.do} in {before.state}")
    asked = answers_of_move(matter, move, step.typed, before.answers, day)
    wish = Wish(step.do, step.by, frozenset({step.role}), asked, step.opinion, len(step.corrections), signed=True)
    done = moved(matter, before, wish, World(day, calendar, lambda _name: True, list))
    made.at = done.situation
    sealed = {one.id for one in matter.by_id.values() if one.sealed}
    given = asked or (before.answers if move.complete else {})
    event = CaseEvent(
        version=len(made.events) + 1, at=at, do=move.do, title=move.title, by=step.by, role=step.role,
        before=before.state, after=made.at.state, opinion=step.opinion, given={key: one for key, one in given.items() if key not in sealed},
        signature=digest_of({"case": case.title, "do": move.do, "answers": before.answers}) if move.sign else "",
    )  # fmt: skip
    made.events.append(event)
    if move.complete and case.submitted_at is None:
        case.submitted_at = event.at
    made.corrections += [(event, Correction(target=target, text=text, by=step.by, at=event.at)) for target, text in step.corrections]
    arriving = [name for state in done.through for name in matter.state_of[state].outputs]
    made.outputs += [_output(made, code, event.at) for code in ([] if done.agreed_only else [*move.outputs, *arriving])]


def _output(made: Grown, code: str, at: datetime) -> Output:
    matter = made.read.matter
    one = matter.outputs[code]
    content = [[matter.by_id[name].label, shown_as(matter.by_id[name], made.at.answers.get(name))] for name in one.shows]
    rows = [row for row in content if row[1]]
    return Output(code=code, title=one.title, kind=one.kind, content=rows, token=secrets.token_urlsafe(15), issued_at=at)


def _settle(made: Grown, calendar: WorkingCalendar) -> None:
    """The case's row as the last step left it."""
    case, matter, at = made.case, made.read.matter, made.at
    state = matter.state_of[at.state]
    put_answers(case, matter, at.answers)
    case.state, case.std, case.end, case.version, case.entered_on = at.state, state.std, state.end or "", len(made.events), at.entered
    case.touched_at = made.events[-1].at if made.events else case.opened_at
    case.ended_at = made.events[-1].at if state.end is not None else None
    case.due_on = due_on(matter, at, calendar)
    case.lapse_on = term_of(state, at, calendar) if state.late is not None else None
    case.spent = sorted(at.spent)
    case.voices = [[voice.do, voice.role, voice.account] for voice in at.voices]


def write(grown: Sequence[Grown], files: Sequence[str] = (), *, actor: Actor = SYSTEM, target: str = "case:demo") -> None:
    """Put cases into the database, numbered by the day they were handed in.

    ``files`` are digests of what stands for their materials; cases get one after another. ``actor`` and ``target`` stand on the trail.
    """
    for read in {one.read.digest: one.read for one in grown}.values():
        kept_edition(read)
    order = sorted(grown, key=lambda one: (one.case.submitted_at or one.case.opened_at, one.parent is not None))
    with transaction.atomic():
        _number(order)
        for one in order:
            if one.parent is not None:
                numbers = [each.id for each in one.read.matter.fields if each.prefill == "parent.number"]
                one.case.answers |= dict.fromkeys(numbers, one.parent.case.number)
        for children in (False, True):
            some = [one for one in order if (one.parent is not None) == children]
            for one in some:
                one.case.parent = one.parent.case if one.parent is not None else None
            Case.objects.bulk_create([one.case for one in some], _BATCH)
        _write_parts(order, files)
        record("case.load", actor=actor, target=target, after=digest_of({"cases": [one.case.number for one in order]}))
        open_tasks(
            task for one in order if not one.case.end and one.case.submitted_at is not None
            for task in tasks_of(one.case, one.read.matter, one.at)
        )  # fmt: skip


def enter_cases(grown: Sequence[Grown], *, actor: Actor, target: str) -> None:
    """Write cases of a call, with the people, codes and places they take, as one transaction.

    Raises IntegrityError or Refused where others were first meanwhile; then nothing is written.
    """
    counted: Counter[Allowance] = Counter()
    matters = {}
    with transaction.atomic():
        write(grown, actor=actor, target=target)
        rows = []
        for one in grown:
            matter, case, day = one.read.matter, one.case, localdate(one.case.submitted_at)
            matters[matter.id] = matter
            for event in one.events:
                move = matter.move(event.before, event.do)
                if move is not None and move.takes is not None:
                    counted[allowance(matter, move.takes, case.unit_id, case.district, one.at.answers, day)] += 1
            if case.end in {"", End.GRANTED}:
                facts = facts_of(matter, one.at.answers, day)
                asked, call = wanted(matter, one.at.answers, case.unit_id, facts), call_of(matter, day)
                rows += [Taken(case=case, matter=matter.id, call=call, kind=kind, value=value) for kind, value in asked]
        # In one order everywhere, so that no two that meet wait for each other.
        Taken.objects.bulk_create(sorted(rows, key=lambda row: (row.kind, row.value)), _BATCH)
        for places, count in sorted(counted.items(), key=lambda one: (one[0].quota, one[0].holder)):
            take_places(matters[places.matter], places, count)


def _number(order: Sequence[Grown]) -> None:
    years: dict[int, list[Case]] = {}
    for one in order:
        if one.case.submitted_at is not None:
            years.setdefault(one.case.submitted_at.year, []).append(one.case)
    for year, cases in years.items():
        for case, number in zip(cases, draw_many("matters.case", year, len(cases)), strict=True):
            case.number = written(SERIES, year, number)
    for matter, output in [(one.read.matter, output) for one in order for output in one.outputs]:
        named = matter.outputs[output.code].series
        if named:
            series, year = f"{matter.id.partition('.')[0].upper()}-{named.upper()}", output.issued_at.year
            output.number = written(series, year, draw(f"matters.{series}", year))


def _write_parts(order: Sequence[Grown], files: Sequence[str]) -> None:
    for one in order:
        parts: list[CaseEvent | Correction | Output] = [*one.events, *(row for _event, row in one.corrections), *one.outputs]
        for part in parts:
            part.case = one.case
    CaseEvent.objects.bulk_create([event for one in order for event in one.events], _BATCH)
    for one in order:
        for event, row in one.corrections:
            row.told = event
    Correction.objects.bulk_create([row for one in order for _event, row in one.corrections], _BATCH)
    Output.objects.bulk_create([output for one in order for output in one.outputs], _BATCH)
    parties = {(account, one.case.pk): one.case for one in order for account in one.case.named.values()}
    Party.objects.bulk_create([Party(case=case, account=account) for (account, _pk), case in parties.items()], _BATCH)
    rated = [one for one in order if one.rating and one.case.end]
    Rating.objects.bulk_create(
        [Rating(case=one.case, stars=one.rating, by=one.case.applicant, at=one.case.ended_at or now()) for one in rated], _BATCH
    )
    Material.objects.bulk_create([row for place, one in enumerate(order) for row in _materials(one, place, files)], _BATCH)
    calendar = working_calendar()
    clocks = [(Clock(case=one.case, code=code, **columns(run, one.read.matter.clocks[code], calendar)), run) for one in order
              for code, run in one.at.runs.items()]  # fmt: skip
    Clock.objects.bulk_create([clock for clock, _run in clocks], _BATCH)
    Suspension.objects.bulk_create(
        [Suspension(clock=clock, state=stop.state, since=stop.since, until=stop.until) for clock, run in clocks for stop in run.stops],
        _BATCH,
    )


def _materials(one: Grown, place: int, files: Sequence[str]) -> Iterable[Material]:
    for number, material in enumerate(one.read.matter.materials, place):
        if material.need == "always":
            at, file = one.case.submitted_at or one.case.opened_at, files[number % len(files)]
            yield Material(case=one.case, code=material.id, name=f"{material.title}.pdf", file_id=file, by=one.case.applicant, at=at)
