"""Where a case stands, and what follows from a move: values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from keheng.kernel.errors import Problem, problem
from keheng.kernel.logic import Truth
from keheng.kernel.working_days import WorkingCalendar
from keheng.matters.rules.files.attached import window_on
from keheng.matters.rules.files.parts import NO_CLOCK, STOP, Agreement, Matter, Move, State
from keheng.matters.rules.flow.clocks import Run
from keheng.matters.rules.form.answers import facts_of, problems_of


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody's agreement to a move that needs several."""

    do: str
    role: str
    account: str


@dataclass(frozen=True, slots=True)
class Situation:
    """A case at a moment: its state and since when, answers with those of moves, single moves that are spent, agreements, clocks."""

    state: str
    entered: date
    answers: Mapping[str, Any] = field(default_factory=dict)
    spent: frozenset[str] = frozenset()
    voices: tuple[Voice, ...] = ()
    runs: Mapping[str, Run] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """What a case sees of the rest: the day, the working calendar, registered guards, and what its form and materials still lack.

    ``reasons`` tells why a guard is not met; nothing where it cannot say more than that.
    """

    day: date
    calendar: WorkingCalendar
    guard: Callable[[str], bool | None]
    lacking: Callable[[], list[Problem]]
    reasons: Callable[[str], list[Problem]] = lambda _name: []


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to do: a move, as whom, with which answers, opinion, and how many corrections were collected."""

    do: str
    account: str
    roles: frozenset[str]
    asked: Mapping[str, Any] = field(default_factory=dict)
    opinion: str = ""
    corrections: int = 0
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What a move led to: the situation after it, the states it came through, and whether it only added an agreement."""

    situation: Situation
    through: tuple[str, ...] = ()
    agreed_only: bool = False


def begun(matter: Matter, day: date) -> Situation:
    """A case that has just been opened."""
    return _entered(Situation(matter.start.id, day), matter.start, day)


def speaking_as(move: Move, situation: Situation, roles: frozenset[str]) -> str | None:
    """The role in which somebody would do a move now; None when it is not theirs, or not their turn."""
    by = move.by
    if isinstance(by, str):
        return by if by in roles else None
    if by.any_of:
        return next((role for role in by.any_of if role in roles), None)
    spoken = {voice.role for voice in situation.voices if voice.do == move.do}
    waiting = [role for role in by.all_of if role not in spoken]
    candidates = waiting[:1] if by.in_turn else waiting
    return next((role for role in candidates if role in roles), None)


def awaited(move: Move, situation: Situation) -> tuple[str, ...]:
    """The roles that a move waits for."""
    by = move.by
    if isinstance(by, str):
        return (by,)
    spoken = {voice.role for voice in situation.voices if voice.do == move.do}
    waiting = tuple(role for role in by.roles if role not in spoken)
    return waiting[:1] if by.in_turn else waiting


def term_of(state: State, situation: Situation, calendar: WorkingCalendar) -> date | None:
    """The last day of the state's own term; None where it has none."""
    return state.due.after(situation.entered, calendar) if state.due is not None else None


def is_late(matter: Matter, situation: Situation, world: World) -> bool:
    """Whether the state's term is over and the case must go where the file says."""
    state = matter.state_of[situation.state]
    term = term_of(state, situation, world.calendar)
    return state.late is not None and term is not None and world.day > term


def hindrances(matter: Matter, situation: Situation, wish: Wish, world: World) -> list[Problem]:
    """Everything that stands in the way of a move; nothing when it can be made."""
    move = matter.move(situation.state, wish.do)
    if move is None:
        return [problem("MATTER_MOVE_NONE", do=wish.do, state=matter.state_of[situation.state].title)]
    if is_late(matter, situation, world):
        return [problem("MATTER_TERM_OVER", state=matter.state_of[situation.state].title)]
    found = standing_hindrances(matter, situation, move, wish.account, wish.roles, world)
    if move.complete:
        found += closed_now(matter, world.day) if situation.state == matter.start.id else []
        found += world.lacking()
    facts = facts_of(matter, {**situation.answers, **wish.asked}, world.day)
    found += problems_of(move.ask, wish.asked, facts)
    if move.when is not None and move.when(facts) is not Truth.MET:
        found.append(problem("MATTER_MOVE_WHEN", title=move.title, rule=move.when.source))
    if move.reason and not wish.opinion.strip():
        found.append(problem("MATTER_OPINION", "opinion", title=move.title))
    if move.correct and not wish.corrections:
        found.append(problem("MATTER_CORRECTIONS_NONE"))
    if move.sign and not wish.signed:
        found.append(problem("MATTER_SIGN", "signed", title=move.title))
    return found


def closed_now(matter: Matter, day: date) -> list[Problem]:
    """Applications are taken during calls: outside of them the dates are told."""
    if not matter.open or window_on(matter.open, day) is not None:
        return []
    dates = "；".join(f"{one.title} {one.since} – {one.until}" for one in matter.open if one.until >= day) or "—"
    return [problem("MATTER_CLOSED_NOW", title=matter.title, dates=dates)]


def standing_hindrances(
    matter: Matter, situation: Situation, move: Move, account: str, roles: frozenset[str], world: World
) -> list[Problem]:
    """What stands in the way whatever is filled in: the wrong person, a spent move, an extended clock, a guard that is not met."""
    found = []
    if speaking_as(move, situation, roles) is None:
        found.append(problem("MATTER_MOVE_WHO", title=move.title, who="、".join(matter.roles[one].zh for one in awaited(move, situation))))
    if any(voice.do == move.do and voice.account == account for voice in situation.voices):
        found.append(problem("MATTER_AGREED", title=move.title))
    if move.once and move.do in situation.spent:
        found.append(problem("MATTER_ONCE", title=move.title))
    if move.extend is not None:
        run = situation.runs.get(move.extend)
        if run is None or not run.running:
            found.append(problem("MATTER_CLOCK_STANDS", title=move.title))
        elif run.added:
            found.append(problem("MATTER_EXTENDED", title=move.title))
    if move.guard is not None and world.guard(move.guard) is not True:
        found += world.reasons(move.guard) or [problem("MATTER_GUARD", title=move.title)]
    return found


def moved(matter: Matter, situation: Situation, wish: Wish, world: World) -> Made:
    """What a move leads to, automatic moves included; the caller asked for hindrances before."""
    move = matter.move(situation.state, wish.do)
    role = None if move is None else speaking_as(move, situation, wish.roles)
    if move is None or role is None:
        raise ValueError(f"{wish.do} cannot be done here: ask for hindrances first")
    now = replace(situation, answers={**situation.answers, **wish.asked})
    if isinstance(move.by, Agreement) and move.by.all_of:
        voices = (*now.voices, Voice(move.do, role, wish.account))
        if {voice.role for voice in voices if voice.do == move.do} != set(move.by.all_of):
            return Made(replace(now, voices=voices), agreed_only=True)
    now = replace(now, voices=tuple(voice for voice in now.voices if voice.do != move.do))
    if move.once:
        now = replace(now, spent=now.spent | {move.do})
    if move.extend is not None:
        extension = matter.clocks[move.extend].extend
        days = extension.days if extension is not None else 0
        now = replace(now, runs={**now.runs, move.extend: now.runs[move.extend].extended(days)})
    return Made(now) if move.to is None else arrived(matter, now, move.to, world.day)


def lapsed(matter: Matter, situation: Situation, day: date) -> Made:
    """The state's term is over: where the case goes by itself."""
    late = matter.state_of[situation.state].late
    if late is None:
        raise ValueError(f"{situation.state} goes nowhere by itself")
    return arrived(matter, situation, late, day)


def arrived(matter: Matter, situation: Situation, to: str, day: date) -> Made:
    """In another state, and on through its automatic moves as far as they lead."""
    through: list[str] = []
    now = situation
    following: str | None = to
    while following is not None:
        through.append(following)
        state = matter.state_of[following]
        now = _entered(replace(now, state=following, entered=day, voices=()), state, day)
        facts = facts_of(matter, now.answers, day) if state.auto else {}
        following = next((auto.to for auto in state.auto if auto.when is None or auto.when(facts) is Truth.MET), None)
    return Made(now, tuple(through))


def _entered(now: Situation, state: State, day: date) -> Situation:
    """Its clocks as the state has them: one runs, the others stand still, at the end all are over."""
    runs: dict[str, Run] = dict(now.runs)
    for name, run in runs.items():
        if name != state.clock:
            runs[name] = run.over(day) if state.end is not None else run.stopped(state.id, day)
    if state.clock not in {STOP, NO_CLOCK}:
        runs[state.clock] = runs[state.clock].resumed(day) if state.clock in runs else Run(day)
    return replace(now, runs=runs)


def running(matter: Matter, situation: Situation) -> Sequence[tuple[str, Run]]:
    """The clocks on which time passes now, by the order of the file."""
    return [(name, situation.runs[name]) for name in matter.clocks if name in situation.runs and situation.runs[name].running]
