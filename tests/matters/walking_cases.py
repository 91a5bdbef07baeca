"""Cases that walk through the database: everything is done by the acts that pages and jobs use, and foretold by the engine's values.

A walk opens a case, answers its form, hands files in, and makes moves that are offered to people who may make them; between them time
goes by, jobs run, corrections are told, rounds are judged and published, cases that it waits for walk too. Each step is checked: the
database came to where the values say, no clock runs backwards, copies of dates agree, each move left one event.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from matters.walking_forms import Filling
from matters.walking_ground import of_move

from keheng.kernel.errors import attempt
from keheng.kernel.powers import Principal
from keheng.kernel.trail import heads
from keheng.kernel.trail.record import Actor
from keheng.kernel.trail.record import now as trail_now
from keheng.kernel.trail.seal import seal_pending
from keheng.kernel.working_days import working_calendar
from keheng.matters.models import Case, CaseEvent, PackageCheck, Tick
from keheng.matters.queries.cases import loaded, world_of
from keheng.matters.queries.checklists import applying
from keheng.matters.rules.acting import roles_of
from keheng.matters.rules.files.shelf import all_in_force, in_force
from keheng.matters.rules.flow.situation import Wish, closed_now, hindrances, is_late, moved, speaking_as, standing_hindrances
from keheng.matters.rules.form.asked import answers_of_move
from keheng.matters.service import (
    MoveWish,
    archive_case,
    follow_calendar,
    lapse_due,
    move_case,
    note_correction,
    open_case,
    remind_due,
    tick_step,
)
from keheng.review.enums import RoundState, rubric_from
from keheng.review.models import Round, Seat
from keheng.review.service import combine_round, decide_objection, file_objection, standings_of, submit_scores
from keheng.site.demo_rounds import draw_judges

CALENDAR = working_calendar()
PATIENCE = 90


def distances(matter, goals):
    """How many steps lie between each state and the goals, whatever conditions say; nothing for states without a way."""
    known, found = dict.fromkeys(goals, 0), True
    while found:
        found = False
        for state in matter.states:
            ways = {auto.to for auto in state.auto} | {move.to for move in matter.moves_of(state.id)} | {state.late}
            near = min((known[to] + 1 for to in ways if to in known), default=None)
            if near is not None and near < known.get(state.id, near + 1):
                known[state.id], found = near, True
    return known


@dataclass(frozen=True)
class Option:
    """A move that somebody may make now: as whom, what is typed with it, and where the values say that it leads."""

    do: str
    actor: Principal
    typed: dict = field(compare=False)
    foretold: object = field(compare=False)


class Walk(Filling):
    """A case on its way; ``goals`` are the states it makes for, where it has any."""

    def __init__(self, read, chance, cast, clock, *, parent=None, goals=()):
        self.read, self.matter, self.chance, self.cast, self.clock = read, read.matter, chance, cast, clock
        self.near, self.goals = distances(read.matter, goals) if goals else {}, frozenset(goals)
        self.used, self.files = {}, 0
        self.actor = cast.applicant(self.matter)
        if self.matter.review:
            cast.fill_pool()
        if self.matter.policy is not None:
            cast.meet(self.matter)
        case = open_case(actor=self.actor, matter=self.matter.id, parent=parent.pk if parent is not None else None)
        self.pk = case.pk
        assert case.edition_id == read.digest
        self.fill(case)

    # What stands in the database.
    def case(self):
        return Case.objects.select_related("edition").get(pk=self.pk)

    def one(self):
        return loaded(self.case())

    # What others do, so that the case can go on.
    def prepare(self):
        one = self.one()
        state = self.matter.state_of[one.at.state]
        if state.edit != "none":
            self.edit(one, state)
        for name, checklist in applying(self.matter, dict(one.at.answers)) if one.case.submitted_at and not state.end else ():
            self.tick(one, name, checklist)
        if self.matter.review_at(one.at.state) is not None:
            self.review()
        guards = {move.guard for move in self.matter.moves_of(one.at.state)}
        if "children.done" in guards:
            self.children(one)
        if "siblings.done" in guards:
            self.siblings(one)

    def tick(self, one, name, checklist):
        done = set(Tick.objects.filter(case=self.pk, checklist=name).values_list("step", flat=True))
        actor = next((who for who in self.cast.everyone(self.matter) if checklist.by in roles_of(who, one.case, self.matter)), None)
        for step in checklist.steps:
            if step.id not in done and self.chance.random() < 0.8:
                tick_step(actor=actor, case=self.pk, checklist=name, step=step.id, remark="核对一致")

    def review(self):
        """The round the case is in goes a step on: drawn, read, combined, objected to."""
        row = Round.objects.get(pk=standings_of(f"case:{self.pk}")[0].round)
        officer = Principal("walk-officer")
        drawn = row.state == RoundState.DRAFT
        if drawn:
            row = draw_judges(officer, row)
        if row.state == RoundState.SCORING and (self.goals or not drawn):
            share = Decimal("0.9") if self.goals else self.chance.choice([Decimal("0.9"), Decimal("0.85"), Decimal("0.7"), Decimal("0.4")])
            points = {each.code: each.most * share for each in rubric_from(row.rubric).criteria}
            for seat in Seat.objects.filter(entry__round=row, state="open").select_related("panelist"):
                submit_scores(actor=Actor(seat.panelist.account), seat=seat.pk, points=points, comment="依据充分。")
            combine_round(actor=officer, pk=row.pk)
        elif row.state == RoundState.PUBLIC and not self.goals and self.chance.random() < 0.2 and row.objections_until >= self.clock.day:
            entry = row.entries.get(reference=f"case:{self.pk}")
            if not entry.proposed:
                return
            made = file_objection(
                actor=Actor(""), entry=entry.pk, name="钱一人", phone="19900000001", body="该项目与去年验收的项目相同，请核查。"
            )
            decide_objection(
                actor=Principal("walk-leader"), objection=made.pk, upheld=self.chance.random() < 0.3, answer="已核查，答复如下。"
            )

    def children(self, one):
        """The cases that this one waits for walk to their ends."""
        for read in all_in_force(self.clock.day):
            above = read.matter.parent
            if above is None or above.matter != self.matter.id or one.at.state not in above.states:
                continue
            if not Case.objects.filter(parent=one.case, matter=read.matter.id).exists():
                Walk(read, self.chance, self.cast, self.clock, parent=one.case).to_the_end(8)

    def siblings(self, one):
        """What else the parent's answers ask for is done first."""
        for read in all_in_force(self.clock.day):
            above = read.matter.parent
            if above is None or above.asked is None or above.matter != self.matter.parent.matter or read.matter.id == self.matter.id:
                continue
            if one.case.parent.answers.get(above.asked) and not Case.objects.filter(parent=one.case.parent, matter=read.matter.id).exists():
                granted = [state.id for state in read.matter.states if state.end == "granted"]
                Walk(read, self.chance, self.cast, self.clock, parent=one.case.parent, goals=granted).to_the_end(12)

    # Moves.
    def options(self):
        """Everything that is offered to somebody, each with an answer that the values accept."""
        one = self.one()
        found = []
        for actor in self.cast.everyone(self.matter):
            roles = frozenset(roles_of(actor, one.case, self.matter))
            for move in self.matter.moves_of(one.at.state) if roles else ():
                if speaking_as(move, one.at, roles) is None or standing_hindrances(
                    self.matter, one.at, move, actor.account, roles, world_of(one)
                ):
                    continue
                found += self.answered(one, move, actor, roles)
        return found

    def answered(self, one, move, actor, roles):
        world = world_of(one)
        for typed in self.typed_with(move, one):
            facts = {each.id: self.fact(each) for each in move.ask if each.fact is not None}
            asked = answers_of_move(self.matter, move, {**typed, **facts}, one.at.answers, self.clock.day)
            wish = Wish(move.do, actor.account, roles, asked, "意见", 1, signed=True)
            if not hindrances(self.matter, one.at, wish, world):
                yield Option(move.do, actor, typed, moved(self.matter, one.at, wish, world))
                if not self.near:
                    return

    def fact(self, each):
        standing = standings_of(f"case:{self.pk}")[0]
        return {"review.score": str(standing.official), "review.proposed": "yes" if standing.proposed else "no"}[each.fact]

    def typed_with(self, move, one):
        if not move.ask:
            return [{}]
        steps = [step for trial in self.matter.tests for step in trial.path if not isinstance(step, str)]
        given = [dict(step.ask) for step in steps if step.do == move.do and step.ask]
        self.chance.shuffle(given)
        made = {each.id: of_move(each, one.at.answers, self.chance, self.clock.day) for each in move.ask}
        return [*given, made, {**made, **{each.id: "1" for each in move.ask if each.like is None}}]

    def choose(self, options):
        """Mostly nearer to where it goes, and mostly not by giving up; without a goal ends are less likely, so that walks are long."""
        ends = [self.matter.state_of[one.foretold.situation.state].end for one in options]
        if not self.near:
            return self.chance.choices(options, [0.2 if end else 9 for end in ends])[0]
        steps = [self.near[one.foretold.situation.state] + 2 * (end == "withdrawn") for one, end in zip(options, ends, strict=True)]
        return options[steps.index(min(steps))] if self.goals else self.chance.choices(options, [6.0**-one for one in steps])[0]

    def go(self, option):
        """Make a move, and find the case where the values said."""
        before = self.one()
        move = self.matter.move(before.at.state, option.do)
        for number in range(self.chance.randint(1, 3) if move.correct else 0):
            target = self.chance.choice(["", *(one.id for one in self.matter.fields if one.formula is None)])
            note_correction(actor=option.actor, case=self.pk, target=target, text=f"请补正第 {number + 1} 处")
        self.wrong_ones(before, option)
        wish = MoveWish(option.do, before.case.version, option.typed, "意见", signed=True)
        refused = attempt(lambda: move_case(actor=option.actor, case=self.pk, wish=wish))
        assert refused == (), (self.matter.id, before.at.state, option.do, refused)
        after = self.one()
        assert (after.at.state, after.at.runs, after.at.spent, after.at.voices) == (
            option.foretold.situation.state, option.foretold.situation.runs, option.foretold.situation.spent,
            option.foretold.situation.voices,
        )  # fmt: skip
        self.check()

    def wrong_ones(self, before, option):
        """Now and then somebody tries what is not theirs, or what was seen is old: nothing happens."""
        if self.chance.random() > 0.2:
            return
        for actor, seen in ((Principal("walk-stranger"), before.case.version), (option.actor, before.case.version + 7)):
            wish = MoveWish(option.do, seen, option.typed, "意见", signed=True)
            refused = attempt(lambda actor=actor, wish=wish: move_case(actor=actor, case=self.pk, wish=wish))
            assert [one.code for one in refused] in (["MATTER_CASE_GONE"], ["MATTER_MOVED_MEANWHILE"])
        assert self.case().version == before.case.version

    # Time.
    def wait(self, days):
        """Days go by; jobs run each day, or only on the last one, as after a standstill."""
        every_day = self.chance.random() < 0.5
        for place in range(days):
            self.clock.to(self.clock.day + timedelta(days=1))
            if every_day or place == days - 1:
                lapse_due()
                remind_due()
                assert follow_calendar() == 0
                assert remind_due() == 0
        assert not is_late(self.matter, self.one().at, world_of(self.one()))
        self.check()

    # What holds at every moment.
    def check(self):
        one = self.one()
        state, day = self.matter.state_of[one.at.state], self.clock.day
        running = [name for name, run in one.at.runs.items() if run.running]
        assert running == ([state.clock] if state.clock in self.matter.clocks else [])
        for name, run in one.at.runs.items():
            promise = self.matter.clocks[name].promise
            used = run.used(day, promise, CALENDAR)
            assert used >= self.used.get(name, 0), (name, used, self.used)
            self.used[name] = used
            assert all(a.until is not None and a.since <= a.until <= b.since for a, b in pairwise(run.stops))
            assert run.ended is None or state.end is not None
        events = list(CaseEvent.objects.filter(case=self.pk).order_by("version").values_list("version", "before", "after"))
        assert [version for version, _, _ in events] == list(range(1, one.case.version + 1))
        assert all(first[2] == then[1] for first, then in pairwise(events))
        assert (events[-1][2] if events else self.matter.start.id) == one.at.state
        assert (one.case.std, one.case.end, one.case.ended_at is not None) == (state.std, state.end or "", state.end is not None)

    def waits_for_something(self, one):
        """Whether time or others lead on: a term that runs, a review and its publicity, a list to be ticked, a call that opens again."""
        state = self.matter.state_of[one.at.state]
        ticking = bool(self.matter.checklists) and one.case.submitted_at is not None
        closed = state is self.matter.start and bool(closed_now(self.matter, self.clock.day))
        return state.late is not None or ticking or closed or self.matter.review_at(one.at.state) is not None

    def only_ends(self, options):
        return all(self.matter.state_of[one.foretold.situation.state].end is not None for one in options)

    # The whole way.
    def to_the_end(self, steps, end=None):
        """So many moves by chance, then towards an end of the file, one by chance where none is named, or by whatever way is left.

        Returns the case, which has ended or reached a goal.
        """
        ends = [state.id for state in self.matter.states if state.end is not None]
        waited = made = 0
        while made < steps + PATIENCE and waited < PATIENCE:
            one = self.one()
            if one.at.state in self.goals or (self.matter.state_of[one.at.state].end is not None and not self.near.get(one.at.state)):
                break
            if made == steps and not self.near:
                self.near = distances(self.matter, [end or self.chance.choice(ends)])
            if self.near and not self.goals and (one.at.state not in self.near or made > steps + 30 or waited > PATIENCE // 3):
                self.near = distances(self.matter, ends)
            self.prepare()
            if not self.near and self.chance.random() < 0.4:
                self.wait(self.chance.choice([1, 1, 2, 3, 9]))
            elif option := self.next_move(one):
                self.go(option)
                made += 1
            else:
                waited += 1
                self.wait(1)
        case = self.case()
        way = list(CaseEvent.objects.filter(case=case).order_by("version").values_list("do", flat=True))
        assert case.ended_at is not None or case.state in self.goals, f"{self.matter.id} is stuck in {case.state} after {way}"
        self.packed(case)
        return case

    def next_move(self, one):
        """The next move, None where it is better to wait; somebody can do something, or time and others lead on."""
        options, late, idle = self.options(), self.matter.state_of[one.at.state].late, self.waits_for_something(one)
        assert options or idle or one.case.ended_at, f"{self.matter.id}: nobody can do anything in {one.at.state}"
        if idle and not self.near and self.only_ends(options):
            return self.choose(options) if options and self.chance.random() < 0.1 else None
        nearer = [each for each in options if not self.near or each.foretold.situation.state in self.near]
        if not nearer:
            return None
        chosen = self.choose(nearer)
        if late in self.near and self.near[late] < self.near.get(chosen.foretold.situation.state, 0):
            return None
        return chosen

    def packed(self, case):
        """What ended makes a package that is sound."""
        if case.ended_at is None:
            return
        assert is_late(self.matter, self.one().at, world_of(self.one())) is False
        assert archive_case(case=self.pk)
        findings = PackageCheck.objects.get(package__case=self.pk).findings
        assert [one for one in findings if not one["holds"]] == []
        assert not archive_case(case=self.pk)


def way_to(matter_id, chance, cast, clock):
    """The case that a matter follows from, walked to where it must stand; None for a matter that begins by itself."""
    read = in_force(matter_id, clock.day)
    above = read.matter.parent
    if above is None:
        return None
    parent = in_force(above.matter, clock.day)
    return Walk(parent, chance, cast, clock, parent=way_to(above.matter, chance, cast, clock), goals=above.states).to_the_end(30)


def trail_is_clean(folder):
    """Everything that does not hold in the audit trail."""
    seal_pending(trail_now())
    return list(heads.problems(folder))
