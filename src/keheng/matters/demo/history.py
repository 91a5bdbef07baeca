"""Cases of the past year as the engine would have moved them, written in bulk as an installation takes over its old cases.

The moves are made by ``rules/flow`` on the days they stand for; what goes around them in an act (messages, tasks, an entry on the
trail for each) is left out, and one entry tells of all.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils.timezone import get_current_timezone, localdate, now

from keheng.kernel.numbers import draw, written
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM, record
from keheng.kernel.working_days import WorkingCalendar, working_calendar
from keheng.matters.actions.keeping import put_answers
from keheng.matters.models import Case, CaseEvent, Clock, Correction, Edition, Output, Rating, Suspension
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.rules.flow.clocks import columns
from keheng.matters.rules.flow.situation import Situation, Wish, World, begun, moved
from keheng.matters.rules.form.answers import settled, take
from keheng.matters.rules.form.values import shown_as

_CHUNK = 400
Way = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A case as it went: its answers, the moves with the working days that passed before each, how it was rated (0: not)."""

    matter: str
    day: date
    typed: Mapping[str, Any]
    way: Way
    stars: int


@dataclass(slots=True)
class _Made:
    """The rows of a chunk; those that hang on others come with them."""

    cases: list[Case] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    stops: list[Suspension] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    asked: list[tuple[CaseEvent, Correction]] = field(default_factory=list)


class History:
    """Cases of one applicant, worked on by one office."""

    def __init__(self, firm: Principal, office: Mapping[str, str], seed: int) -> None:
        self.firm, self.office, self.chance = firm, office, Random(seed)  # noqa: S311 -- the same city every time, nothing secret
        self.calendar: WorkingCalendar = working_calendar()
        self.today = localdate()
        self.read: dict[str, Read] = {}

    def write(self, plans: Sequence[Plan]) -> Iterator[int]:
        """Write cases chunk by chunk; how many are written."""
        for begin in range(0, len(plans), _CHUNK):
            with transaction.atomic():
                made = _Made()
                for plan in plans[begin : begin + _CHUNK]:
                    self._case(plan, made)
                _keep(made)
                record("case.take_over", actor=SYSTEM, target="cases", reason=f"{len(made.cases)} 件历史办件")
            yield begin + len(made.cases)

    def _of(self, matter: str) -> Read:
        if matter not in self.read:
            read = in_force(matter, self.today)
            if read is None:
                raise LookupError(matter)
            facts = {"matter": read.matter.id, "version": read.matter.version, "text": read.text}
            Edition.objects.get_or_create(digest=read.digest, defaults=facts)
            self.read[matter] = read
        return self.read[matter]

    def _case(self, plan: Plan, made: _Made) -> None:
        read = self._of(plan.matter)
        matter = read.matter
        answers = settled(matter.fields, take(matter.fields, plan.typed), plan.day)
        at = replace(begun(matter, plan.day), answers=answers)
        case = Case(
            number=written("BJ", plan.day.year, draw("matters.case", plan.day.year)), edition_id=read.digest, matter=matter.id,
            title=matter.title, applicant=self.firm.account, unit_id=int(self.firm.unit) if self.firm.unit else None,
            opened_at=self._moment(plan.day), submitted_at=self._moment(plan.day),
        )  # fmt: skip
        put_answers(case, matter, answers)
        made.cases.append(case)
        day = plan.day
        for do, days in plan.way:
            day = min(self.calendar.add(day, days) if days else day, self.today)
            at = self._moved(made, case, matter, at, do, day)
        self._finish(made, case, matter, at, day, plan.stars)

    def _moment(self, day: date) -> datetime:
        spoken = time(9 + self.chance.randrange(8), self.chance.randrange(60))
        return min(datetime.combine(day, spoken, get_current_timezone()), now())

    def _moved(self, made: _Made, case: Case, matter: Matter, at: Situation, do: str, day: date) -> Situation:
        move = matter.move(at.state, do)
        if move is None or not isinstance(move.by, str):
            raise LookupError(f"{matter.id}: {do} in {at.state}")
        account = self.firm.account if matter.roles[move.by].applies else self.office[move.by]
        asked = {one.id: one.options[0] for one in move.ask}
        wish = Wish(do, account, frozenset({move.by}), asked, "", 1, signed=True)
        after = moved(matter, at, wish, World(day, self.calendar, lambda _name: True, list))
        case.version += 1
        event = CaseEvent(
            case=case, version=case.version, at=self._moment(day), do=do, title=move.title, by=account, role=move.by, before=at.state,
            after=after.situation.state, opinion="材料不齐。" if move.reason else "",
        )  # fmt: skip
        made.events.append(event)
        if move.correct:
            text, target = "请补交清晰的扫描件", matter.materials[0].id
            made.asked.append((event, Correction(case=case, target=target, text=text, by=account, at=event.at)))
        for code in (*move.outputs, *(one for state in after.through for one in matter.state_of[state].outputs)):
            made.outputs.append(_issued(case, matter, after.situation, code, event.at))
        return after.situation

    def _finish(self, made: _Made, case: Case, matter: Matter, at: Situation, day: date, stars: int) -> None:
        state = matter.state_of[at.state]
        ended = next((one.at for one in made.events if one.case is case and matter.state_of[one.after].end), None)
        case.state, case.std, case.end, case.entered_on, case.ended_at = state.id, state.std, state.end or "", at.entered, ended
        case.touched_at = next((one.at for one in reversed(made.events) if one.case is case), case.opened_at)
        case.spent = sorted(at.spent)
        for code, run in at.runs.items():
            clock = Clock(case=case, code=code, **columns(run, matter.clocks[code], self.calendar))
            made.clocks.append(clock)
            made.stops += [Suspension(clock=clock, state=one.state, since=one.since, until=one.until) for one in run.stops]
        if stars:
            made.ratings.append(Rating(case=case, stars=stars, by=case.applicant, at=self._moment(day)))


def _issued(case: Case, matter: Matter, at: Situation, code: str, moment: datetime) -> Output:
    output = matter.outputs[code]
    series = f"{matter.id.partition('.')[0].upper()}-{(output.series or code).upper()}"
    content = [[matter.by_id[name].label, shown_as(matter.by_id[name], at.answers.get(name))] for name in output.shows]
    until = at.answers.get(output.until or "")
    valid = date.fromisoformat(until) if isinstance(until, str) else output.valid.after(moment.date()) if output.valid else None
    return Output(
        case=case, code=code, number=written(series, moment.year, draw(f"matters.{series}", moment.year)), title=output.title,
        kind=output.kind, content=[row for row in content if row[1]], token=secrets.token_urlsafe(15), issued_at=moment, valid_until=valid,
    )  # fmt: skip


def _keep(made: _Made) -> None:
    Case.objects.bulk_create(made.cases)
    CaseEvent.objects.bulk_create(made.events)
    for event, correction in made.asked:
        correction.told = event
    Correction.objects.bulk_create([correction for _, correction in made.asked])
    Clock.objects.bulk_create(made.clocks)
    Suspension.objects.bulk_create(made.stops)
    Output.objects.bulk_create(made.outputs)
    Rating.objects.bulk_create(made.ratings)


def working_days_of_a_year(today: date, calendar: WorkingCalendar) -> list[date]:
    """The working days from the first of the month a year ago up to yesterday."""
    begins = today.replace(year=today.year - 1, day=1)
    return [day for number in range((today - begins).days) if calendar.is_working(day := begins + timedelta(days=number))]
