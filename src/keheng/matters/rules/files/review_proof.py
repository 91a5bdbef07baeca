"""Proof that reviews take place: whoever waits for one was put into it, its judges have something to read, and are told no names."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from keheng.kernel.errors import problem
from keheng.matters.rules.files.parts import Matter, State
from keheng.matters.rules.files.reading import Flaw, Path, Read

BEGIN, DONE = "review.begin", "review.done"


def begun_flaws(read: Read) -> Iterator[Flaw]:
    """A state that is left only once its review is done must have one, and be entered by ``review.begin`` on every way."""
    matter = read.matter
    for number, state in enumerate(matter.states):
        if not _waits(state):
            continue
        path: Path = ("states", number)
        name = matter.review_at(state.id)
        if name is None or (name in matter.review and not matter.review[name].shows):
            yield read.flaw(path, problem("MATTER_FILE_REVIEW_BLANK", name=state.id))
        if missing := [] if _begins_here(state) else sorted(_ways_without(matter, state)):
            yield read.flaw(path, problem("MATTER_FILE_REVIEW_UNBEGUN", name=state.id, moves="、".join(missing)))


def _waits(state: State) -> bool:
    onward = [move for move in state.moves if move.to is not None]
    return bool(onward) and state.late is None and all(move.guard == DONE for move in onward)


def _begins_here(state: State) -> bool:
    return any(move.effect == BEGIN and move.to is None for move in state.moves)


def _ways_without(matter: Matter, state: State) -> set[str]:
    """Moves, and terms that run out, that bring a case here from elsewhere without beginning its review."""
    found = set()
    for other in matter.states:
        if other is state:
            continue
        ways = [(move.title, move.to, move.effect) for move in matter.moves_of(other.id)]
        ways.append((f"{other.title}（逾期）", other.late, None))
        found |= {title for title, to, effect in ways if to is not None and effect != BEGIN and state.id in _landings(matter, to)}
    return found


def _landings(matter: Matter, to: str) -> Collection[str]:
    """Where a case may stand after a move: there, or wherever it goes by itself from there."""
    found, waiting = {to}, [to]
    while waiting:
        one = matter.state_of.get(waiting.pop())
        onward = {auto.to for auto in one.auto} - found if one is not None else set()
        found |= onward
        waiting += onward
    return found
