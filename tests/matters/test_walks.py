"""Random walks through every matter file: all moves, delays over holidays, corrections; nobody is ever stuck, no clock runs backwards."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matters.made_up import small

from keheng.kernel.money import Money
from keheng.kernel.working_days import working_calendar
from keheng.matters.rules.files.parts import Agreement
from keheng.matters.rules.files.reading import read_text
from keheng.matters.rules.files.shelf import matter_files, read_file
from keheng.matters.rules.flow.situation import Wish, World, begun, closed_now, hindrances, is_late, lapsed, moved, speaking_as
from keheng.matters.rules.form.answers import facts_of, form_problems, settled, take
from keheng.matters.rules.form.asked import answers_of_move

CALENDAR = working_calendar()
READS = [read_file(path) for path in matter_files()]
START = date(2026, 9, 21)


def answers_to(matter, move, answers):
    """What may be answered with a move: anything to everything, and whatever the file's own tests answer."""
    steps = [step for trial in matter.tests for step in trial.path if not isinstance(step, str)]
    given = [step.ask for step in steps if step.do == move.do and step.ask]
    return [{field.id: anything(field, answers) for field in move.ask}, *(given if move.ask else [])]


def anything(field, answers):
    """An answer to a question of a move: of a table, all that was asked for."""
    if field.like is None:
        return "1"
    return [{col.id: str(Money(row[col.begins])) for col in field.cols if col.begins} for row in answers[field.like]]


class Walker:
    """A case that somebody pushes about; it checks itself after each step."""

    def __init__(self, read, given, start=START):
        self.matter, self.day, self.start = read.matter, start, start
        answers = settled(self.matter.fields, take(self.matter.fields, given), start)
        self.at = replace(begun(self.matter, start), answers=answers)
        self.used = {}

    def world(self):
        return World(self.day, CALENDAR, lambda _name: True, lambda: form_problems(self.matter, self.at.answers, self.start))

    def wishes(self):
        """Everything anybody may do now."""
        for move in self.matter.moves_of(self.at.state):
            for role in move.roles:
                for typed in answers_to(self.matter, move, self.at.answers):
                    asked = answers_of_move(self.matter, move, typed, self.at.answers, self.start)
                    wish = Wish(move.do, role, frozenset({role}), asked, "意见", 1, signed=True)
                    if not hindrances(self.matter, self.at, wish, self.world()):
                        yield wish

    def push(self, wish):
        made = moved(self.matter, self.at, wish, self.world())
        move = self.matter.move(self.at.state, wish.do)
        assert made.agreed_only == (
            isinstance(move.by, Agreement) and bool(move.by.all_of) and len(self.at.voices) + 1 < len(move.by.all_of)
        )
        self.at = made.situation
        self.check()

    def wait(self, days):
        for _ in range(days):
            self.day += timedelta(days=1)
            while is_late(self.matter, self.at, self.world()):
                assert list(self.wishes()) == []
                self.at = lapsed(self.matter, self.at, self.day).situation
            self.check()

    def check(self):
        state = self.matter.state_of[self.at.state]
        running = [name for name, run in self.at.runs.items() if run.running]
        assert running == ([state.clock] if state.clock in self.matter.clocks else [])
        for name, run in self.at.runs.items():
            budget = self.matter.clocks[name].promise
            used = run.used(self.day, budget, CALENDAR)
            assert used >= self.used.get(name, 0)
            self.used[name] = used
            assert all(a.until is not None and a.since <= a.until <= b.since for a, b in zip(run.stops, run.stops[1:], strict=False))
            due = run.due(budget, CALENDAR)
            assert (due is None) <= run.standing
            if run.running and due is not None:
                total = budget.days + run.added
                assert (self.day > due) >= (used > total), (self.day, due, used)
                assert (self.day >= CALENDAR.add(due, 1)) == (used > total), (self.day, due, used)
        # Outside of a call nobody hands anything in: a draft waits for the next one.
        if state.end is None and not (state is self.matter.start and closed_now(self.matter, self.day)):
            assert list(self.wishes()) or is_late(self.matter, self.at, self.world()), f"nobody can do anything in {state.id}"


@pytest.mark.parametrize("read", READS, ids=lambda read: read.matter.id)
@settings(max_examples=40)
@given(data=st.data())
def test_no_walk_is_stuck(read, data):
    given_answers = data.draw(st.sampled_from([read.matter.given(trial) for trial in read.matter.tests]))
    walker = Walker(read, given_answers)
    if form_problems(walker.matter, walker.at.answers, START):
        return
    for _ in range(data.draw(st.integers(1, 25))):
        walker.wait(data.draw(st.sampled_from([0, 0, 0, 1, 2, 9, 30])))
        wishes = list(walker.wishes())
        if not wishes:
            assert walker.matter.state_of[walker.at.state].end is not None or closed_now(walker.matter, walker.day)
            break
        walker.push(data.draw(st.sampled_from(wishes)))


def copy_of(walker):
    other = Walker.__new__(Walker)
    other.matter, other.day, other.start, other.at, other.used = walker.matter, walker.day, walker.start, walker.at, dict(walker.used)
    return other


def states_walked_to(read, trial):
    """Every state that is reached from a test's answers, by everything that can be done or left undone."""
    seen, waiting = set(), [Walker(read, read.matter.given(trial), trial.start)]
    if form_problems(waiting[0].matter, waiting[0].at.answers, trial.start):
        return set()
    ways = {name for state in read.matter.states for auto in state.auto if auto.when is not None for name in auto.when.names}
    while waiting:
        walker = waiting.pop()
        place = (walker.at.state, walker.at.voices, walker.at.spent, *(str(walker.at.answers.get(name)) for name in sorted(ways)))
        if place in seen:
            continue
        seen.add(place)
        late = copy_of(walker)
        state = read.matter.state_of[walker.at.state]
        late.wait(16 + 2 * state.due.days if state.late is not None else 1)
        waiting.append(late)
        for wish in walker.wishes():
            other = copy_of(walker)
            other.push(wish)
            waiting.append(other)
    return {state for state, *_ in seen}


@pytest.mark.parametrize("read", READS, ids=lambda read: read.matter.id)
def test_every_state_is_walked_to_from_the_answers_of_the_files_own_tests(read):
    walked = set().union(*(states_walked_to(read, trial) for trial in read.matter.tests))
    # A state that a case always leaves by itself is passed, not stood in.
    passed = {state.id for state in read.matter.states if any(auto.when is None for auto in state.auto)}
    assert walked | passed == set(read.matter.state_of)


def of(text):
    return Walker(read_text(text, "small.yaml"), {"name": "甲"})


def codes(walker, do, roles, **given):
    wish = Wish(do, "somebody", frozenset(roles), **given)
    return [one.code for one in hindrances(walker.matter, walker.at, wish, walker.world())]


def test_everything_that_hinders_is_told_at_once():
    text = small(
        (
            "do: accept, title: 通过, by: clerk, to: done",
            "do: accept, title: 通过, by: boss, to: done, reason: true, sign: true, when: 'cost > 5', ask: [{id: mark, type: integer, label: 分, required: true}]",
        )
    )
    walker = of(text)
    walker.at = replace(walker.at, state="check")
    assert codes(walker, "accept", {"clerk"}) == ["MATTER_MOVE_WHO", "MATTER_REQUIRED", "MATTER_MOVE_WHEN", "MATTER_OPINION", "MATTER_SIGN"]
    assert codes(walker, "ask", {"clerk"}) == ["MATTER_CORRECTIONS_NONE"]
    assert codes(walker, "submit", {"apply"}) == ["MATTER_MOVE_NONE"]
    walker.at = replace(walker.at, spent=frozenset({"ask"}))
    assert codes(walker, "ask", {"clerk"}, corrections=2) == ["MATTER_ONCE"]
    walker.at = replace(walker.at, state="fix")
    walker.day += timedelta(days=40)
    assert codes(walker, "resend", {"apply"}) == ["MATTER_TERM_OVER"]


@pytest.mark.parametrize(("by", "first", "second", "third"), [
    ("{all_of: [clerk, boss]}", {"clerk", "boss"}, {"boss"}, None),
    ("{all_of: [clerk, boss], in_turn: true}", {"clerk"}, {"boss"}, None),
    ("{any_of: [clerk, boss]}", {"clerk", "boss"}, None, None),
])  # fmt: skip
def test_several_agree(by, first, second, third):
    walker = of(small(("by: clerk, to: done", f"by: {by}, to: done")))
    walker.at = replace(walker.at, state="check")
    move = walker.matter.move("check", "accept")

    def may():
        return {role for role in ("clerk", "boss") if speaking_as(move, walker.at, frozenset({role}))}

    assert may() == first
    walker.at = moved(walker.matter, walker.at, Wish("accept", "one", frozenset({"clerk"})), walker.world()).situation
    if second is None:
        assert walker.at.state == "done"
        return
    assert (walker.at.state, may()) == ("check", second)
    # Whoever has spoken for one does not speak for another.
    again = Wish("accept", "one", frozenset({"boss"}))
    assert [one.code for one in hindrances(walker.matter, walker.at, again, walker.world())] == ["MATTER_AGREED"]
    walker.at = moved(walker.matter, walker.at, Wish("accept", "two", frozenset({"boss"})), walker.world()).situation
    assert (walker.at.state, walker.at.voices) == ("done", ())


def test_a_guard_that_nobody_bound_is_not_met():
    walker = of(small(("by: clerk, to: done", "by: clerk, guard: review.done, to: done")))
    walker.at = replace(walker.at, state="check")
    wish = Wish("accept", "one", frozenset({"clerk"}))
    for answer, found in ((None, ["MATTER_GUARD"]), (False, ["MATTER_GUARD"]), (True, [])):
        world = replace(walker.world(), guard=lambda _name, answer=answer: answer)
        assert [one.code for one in hindrances(walker.matter, walker.at, wish, world)] == found


def test_facts_of_moves_are_known_to_rules():
    matter = next(read.matter for read in READS if read.matter.id == "yl.it-project")
    assert facts_of(matter, {"approved_total": 100}, START)["approved_total"] == 1
