"""A file's own tests, run on the engine's rules without a database: everyone who acts is a person of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from keheng.kernel.errors import Problem, problem
from keheng.kernel.working_days import WorkingCalendar, working_calendar
from keheng.matters.rules.calls import inner_problems
from keheng.matters.rules.citing import citing_problems
from keheng.matters.rules.files.parts import Matter, Step, Trial
from keheng.matters.rules.files.reading import Flaw, Read
from keheng.matters.rules.flow.situation import Situation, Wish, World, awaited, begun, hindrances, is_late, lapsed, moved
from keheng.matters.rules.form.answers import (
    eligibility_problems,
    facts_of,
    form_problems,
    material_needed,
    material_problems,
    settled,
    take,
)
from keheng.matters.rules.form.asked import answers_of_move

_OPINION = "测试意见"


class _Walk:
    """A case of a test, on its way."""

    def __init__(self, matter: Matter, trial: Trial) -> None:
        self.matter, self.trial, self.day = matter, trial, trial.start
        self.calendar: WorkingCalendar = working_calendar()
        self.holds: dict[str, bool] = {}
        self.applied: date | None = None
        self.at = replace(begun(matter, trial.start), answers=self._settled(matter.given(trial)))

    def _settled(self, given: Any) -> dict[str, Any]:
        return settled(self.matter.fields, take(self.matter.fields, given), self.day)

    def change(self, given: Any) -> None:
        """Other answers."""
        answers = {**self.at.answers, **take(self.matter.fields, given)}
        self.at = replace(self.at, answers=settled(self.matter.fields, answers, self.day))

    def world(self) -> World:
        """What the case sees."""
        return World(self.day, self.calendar, self.holds.get, self.lacking)

    def lacking(self) -> list[Problem]:
        """What the form and the materials lack: everything needed is handed in but what the test says is not.

        The day of the application counts, also for what is corrected later.
        """
        day = self.applied or self.day
        facts = facts_of(self.matter, self.at.answers, day)
        held = {one.id: one.min for one in self.matter.materials if one.id not in self.trial.lacks}
        needed = {name: count for name, count in held.items() if material_needed(self.matter, name, facts)}
        return [
            *form_problems(self.matter, self.at.answers, day),
            *eligibility_problems(self.matter, facts),
            *material_problems(self.matter, facts, needed, lambda _name: False),
            *citing_problems(self.matter, self.at.answers, lambda code: range(1, held.get(code, 0) + 1)),
            *inner_problems(self.matter, self.at.answers, facts),
        ]

    def wish(self, do: str, asked: Any) -> Wish:
        """The move, by the next person it waits for."""
        move = self.matter.move(self.at.state, do)
        role = next(iter(awaited(move, self.at)), "") if move is not None else ""
        given = answers_of_move(self.matter, move, asked, self.at.answers, self.day) if move is not None else {}
        return Wish(do, role, frozenset({role}), given, _OPINION, corrections=1, signed=True)

    def do(self, do: str, asked: Any) -> list[Problem]:
        """Make the move for everyone whose word it needs; what stood in the way."""
        while True:
            wish = self.wish(do, asked)
            found = hindrances(self.matter, self.at, wish, self.world())
            if found:
                return found
            made = moved(self.matter, self.at, wish, self.world())
            move = self.matter.move(self.at.state, do)
            if move is not None and move.complete and self.applied is None:
                self.applied = self.day
            self.at = made.situation
            if not made.agreed_only:
                return []

    def pass_to(self, day: date) -> None:
        """Time goes by, a day at a time: what lapses, lapses on its day."""
        while self.day < day:
            self.day = date.fromordinal(self.day.toordinal() + 1)
            while is_late(self.matter, self.at, self.world()):
                self.at = lapsed(self.matter, self.at, self.day).situation


def tried(read: Read) -> list[Flaw]:
    """What the file's own tests find wrong."""
    return [flaw for number, trial in enumerate(read.matter.tests) for flaw in _tried(read, number, trial)]


def _tried(read: Read, number: int, trial: Trial) -> Iterator[Flaw]:
    walk = _Walk(read.matter, trial)
    for n, step in enumerate(trial.path):
        for said in _step(walk, Step(do=step) if isinstance(step, str) else step):
            yield read.flaw(("tests", number, "path", n), problem("MATTER_FILE_TEST", name=trial.name, said=said))
            return
    if walk.at.state != trial.ends:
        said = f"停在 {walk.at.state}，应为 {trial.ends} / ended in {walk.at.state}"
        yield read.flaw(("tests", number, "ends"), problem("MATTER_FILE_TEST", name=trial.name, said=said))
    for clock, days in trial.used.items():
        used = used_days(read.matter, walk.at, clock, walk.day, walk.calendar)
        if used != days:
            said = f"{clock} 用了 {used} 天，应为 {days} / {clock} used {used} days"
            yield read.flaw(("tests", number, "used"), problem("MATTER_FILE_TEST", name=trial.name, said=said))


def used_days(matter: Matter, at: Situation, clock: str, day: date, calendar: WorkingCalendar) -> int:
    """Days used on a clock; 0 for one that never started."""
    run = at.runs.get(clock)
    return 0 if run is None else run.used(day, matter.clocks[clock].promise, calendar)


def _step(walk: _Walk, step: Step) -> Iterator[str]:
    walk.holds.update(step.holds)
    walk.change(step.set)
    if step.wait is not None:
        walk.pass_to(step.wait.after(walk.day, walk.calendar))
    if step.do is not None:
        yield from (f"{step.do}：{one.zh} / {one.en}" for one in walk.do(step.do, step.ask))
    if step.refused is not None and not walk.do(step.refused, step.ask):
        yield f"{step.refused} 本不应成功 / should have been refused"
    if step.state is not None and walk.at.state != step.state:
        yield f"在 {walk.at.state}，应在 {step.state} / is in {walk.at.state}"
    if step.due is not None:
        dues = [run.due(walk.matter.clocks[name].promise, walk.calendar) for name, run in walk.at.runs.items() if run.running]
        if step.due not in dues:
            yield f"到期日为 {'、'.join(map(str, dues)) or '无'}，应为 {step.due} / due on other days"
