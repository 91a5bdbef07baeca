"""The eight parts of a matter's file, as values: head, form, materials, states, clocks, review, outputs, words; and its own tests.

All texts are Chinese; ``words`` holds their translations, so that the structure reads in one language. Money is written in yuan,
spans as ``5wd`` or ``15d``, rules in the language of ``kernel.logic``. What a file says nothing of has the default given here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from keheng.matters.rules.files.attached import FromPolicy, Holder, Objection, Pays, Person, Plan, Quota, Review, Window
from keheng.matters.rules.files.part import Part
from keheng.matters.rules.files.seen import Checklist, Scale
from keheng.matters.rules.files.tables import Ledger, Market
from keheng.matters.rules.files.values import Calculation, Condition, Days, Dotted, MatterId, Name, ParentField, Term, Text

# 办件交换记录 of a government service case; each state of each matter carries one (definitions/matters/exchange.json has their source).
Std = Literal["申办", "网上预受理", "受理", "审批", "补正告知", "补正受理", "特别程序申请", "特别程序结果", "办结", "领取登记"]
FieldType = Literal[
    "text", "longtext", "integer", "decimal", "money", "date", "choice", "choices", "yesno", "table",
    "phone", "email", "id_number", "credit_code", "colleague",
]  # fmt: skip
PRIVATE_TYPES = frozenset({"phone", "email", "id_number"})
Prefill = Literal["unit.name", "unit.code", "unit.district", "person.name", "today"]
Outcome = Literal["granted", "refused", "withdrawn", "closed"]
STOP, NO_CLOCK = "stop", "none"


class Basis(Part):
    """A document the matter rests on; ``art`` its article, ``source`` where the text was read, ``confirmed`` no: 待核."""

    doc: Text
    art: Text = ""
    source: Text = ""
    confirmed: bool = True


class Role(Part):
    """Who acts: the applicant, whoever ``holds`` a permission within reach, or the colleague ``named`` in a field of the form.

    ``unit``: another person of the applicant's unit than who opened the case, who holds the permission there (单位审核).
    """

    zh: Text
    holds: Dotted | None = None
    named: Name | None = None
    unit: bool = False

    @property
    def applies(self) -> bool:
        """Whether it is the applicant."""
        return self.holds is None and self.named is None


class Clause(Part):
    """A condition of eligibility: the clause as people read it, the rule, its article."""

    say: Text
    rule: Condition
    art: Text = ""


class Parent(Part):
    """The matter a case must follow from, and the states its case must have reached; ``once``: one case at a time, and one granted.

    A matter of the office follows from any case its opener may see, every other one from a case of one's own. ``asked`` names the
    parent's answer that asks for such a case: others of the same parent whose moves wait for ``siblings.done`` wait for it.
    """

    matter: MatterId
    states: tuple[Name, ...] = Field(min_length=1)
    once: bool = False
    asked: Name | None = None


class FormField(Part):
    """A question. ``show`` and ``required`` may be rules; a ``formula`` is computed and never typed; ``private`` is kept sealed.

    ``min`` and ``max`` bound numbers (money in yuan), characters of texts, rows of tables. ``check`` must hold, or ``say`` is told.
    ``inherit`` names the parent's answer that stands here, ``fact`` a registered function that answers when a move is made: neither
    is ever typed.
    ``known`` is a fact of the matter's policy by the same name: a ``shared`` one is read from the platform and never typed, one that the
    unit ``told`` before is filled in and may be mended.
    A move's table has a row for each of the form's table that it is ``like``: columns of the same name are copied and never typed,
    and a column that ``begins`` as another one shows its value first.
    A table's column with ``evidence`` names a file of that material by its number (``rules/citing.py``).
    ``dupcheck``: what is written is compared with that of all cases of all years (review/queries/hits.py).
    """

    id: Name
    type: FieldType
    label: Text
    hint: Text = ""
    required: bool | Condition = Field(default=False, union_mode="left_to_right")
    show: Condition | None = None
    options: tuple[Text, ...] = ()
    min: Decimal | None = None
    max: Decimal | None = None
    unit: Text = ""
    formula: Calculation | None = None
    cols: tuple[FormField, ...] = ()
    check: Condition | None = None
    say: Text = ""
    prefill: Prefill | ParentField | None = None
    inherit: Name | None = None
    fact: Dotted | None = None
    known: Literal["shared", "told"] | None = None
    private: bool = False
    dupcheck: bool = False
    like: Name | None = None
    begins: Name | None = None
    evidence: Name | None = None

    @property
    def sealed(self) -> bool:
        """Whether its answers are kept sealed and shown masked."""
        return self.private or self.type in PRIVATE_TYPES


class Section(Part):
    """Questions that belong together."""

    section: Text
    fields: tuple[FormField, ...] = Field(min_length=1)


class Material(Part):
    """A document to hand in: always, as one likes, or where a rule asks for it; not at all where shared data suffice (``waive``).

    ``valid``: a day until which it is valid goes with it; where it may be ``endless``, that can be said instead.
    ``dupcheck``: the words of its documents are compared with those of all cases of all years.
    """

    id: Name
    title: Text
    hint: Text = ""
    need: Literal["always", "optional"] | Condition = Field(default="always", union_mode="left_to_right")
    accept: tuple[Literal["pdf", "docx", "xlsx", "jpg", "png", "ofd"], ...] = ("pdf",)
    max_mb: int = Field(default=20, ge=1, le=2048)
    min: int = Field(default=1, ge=1)
    max: int = Field(default=5, ge=1)
    valid: bool = False
    endless: bool = False
    dupcheck: bool = False
    waive: Dotted | None = None


class Agreement(Part):
    """Several who must agree (``all_of``, ``in_turn`` one after the other) or of whom one suffices (``any_of``)."""

    all_of: tuple[Name, ...] = ()
    any_of: tuple[Name, ...] = ()
    in_turn: bool = False

    @property
    def roles(self) -> tuple[str, ...]:
        """All that may speak."""
        return self.all_of or self.any_of


class Move(Part):
    """What may be done in a state; without ``to`` the case stays in it.

    ``complete``: the form and materials must be in order. ``ask``: answers that are given with the move. ``correct``: the collected
    corrections are told, once in a case's life where ``once`` says so. ``extend``: a clock gets its extension. ``tell``: what the
    applicant is told. ``phrases``: opinions ready to use. ``guard`` and ``effect`` are registered functions. ``takes``: a place of a
    quota is used up.
    """

    do: Name
    title: Text
    by: Name | Agreement = Field(union_mode="left_to_right")
    to: Name | None = None
    when: Condition | None = None
    complete: bool = False
    ask: tuple[FormField, ...] = ()
    reason: bool = False
    sign: bool = False
    once: bool = False
    correct: bool = False
    extend: Name | None = None
    outputs: tuple[Name, ...] = ()
    revoke: tuple[Name, ...] = ()
    guard: Dotted | None = None
    effect: Dotted | None = None
    takes: Name | None = None
    tell: Text = ""
    phrases: tuple[Text, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """Who may do it."""
        return (self.by,) if isinstance(self.by, str) else self.by.roles


class Anywhere(Move):
    """A move that all states have but the start, the ends, and ``but``."""

    but: tuple[Name, ...] = ()


class Auto(Part):
    """A move that the case makes by itself on entering a state."""

    to: Name
    when: Condition | None = None


class State(Part):
    """Where a case may stand. ``clock``: which one runs here; ``stop``: all stand still (特别程序, 补正), and ``why``.

    ``due``: the state's own term; once it is over the case goes to ``late``. ``edit``: what the applicant may change.
    ``review``: which review a case is in here; a state of that very name needs not say it.
    """

    id: Name
    title: Text
    std: Std
    clock: Name = NO_CLOCK
    why: Text = ""
    edit: Literal["none", "all", "asked"] = "none"
    moves: tuple[Move, ...] = ()
    auto: tuple[Auto, ...] = ()
    due: Days | None = None
    late: Name | None = None
    end: Outcome | None = None
    outputs: tuple[Name, ...] = ()
    review: Name | None = None


class Clock(Part):
    """A time limit: promised and legal, one extension, warnings in percent of the promise."""

    promise: Days
    law: Days
    extend: Days | None = None
    warn: tuple[int, ...] = (80, 100)


class Output(Part):
    """A letter or a certificate; ``series`` numbers it, ``valid`` is its term or a date field, ``shows`` the answers printed on it.

    ``text`` is what it says, ``objection`` how it may be objected to. ``listed`` ones are named to everybody, with what is printed on them.
    """

    title: Text
    kind: Literal["letter", "certificate"] = "letter"
    series: Name | None = None
    valid: Term | None = None
    until: Name | None = None
    shows: tuple[Name, ...] = ()
    text: Text = ""
    objection: Objection | None = None
    listed: bool = False


class Step(Part):
    """A step of a test: do a move, wait, change answers, lack materials, expect something, or find a move refused."""

    do: Name | None = None
    ask: Mapping[str, Any] = Field(default_factory=dict)
    wait: Days | None = None
    set: Mapping[str, Any] = Field(default_factory=dict)
    refused: Name | None = None
    state: Name | None = None
    due: date | None = None
    holds: Mapping[str, bool] = Field(default_factory=dict)


class Trial(Part):
    """A test of the file: answers, steps, and where it ends. ``lacks`` are materials not handed in.

    ``give`` comes over the file's ``sample``, answers that all its tests begin with; what the form does not ask is passed over.
    """

    name: Text
    start: date
    give: Mapping[str, Any] = Field(default_factory=dict)
    lacks: tuple[Name, ...] = ()
    path: tuple[Name | Step, ...] = Field(min_length=1)
    ends: Name
    used: Mapping[Name, int] = Field(default_factory=dict)


class Words(Part):
    """One text in other languages; what is missing is shown in Chinese."""

    en: Text = ""
    ja: Text = ""
    ko: Text = ""


class Matter(Part):
    """A matter's file. ``subject`` names the question whose answer says what a case is about; without it who applies stands there.

    ``needs`` are words in which people ask for it, in any language: it is found by them, no page says them.
    ``policy`` is the one it was made from. ``people`` and what the unit calls the case by (``own_code``) stand in one case of a call.
    The earlier permits of a ``holder`` are shown to the office.
    """

    id: MatterId
    version: date
    parts: tuple[Text, ...] = ()
    title: Text
    code: Text = ""
    subject: Name | None = None
    kind: Literal["promised", "instant", "joint", "office"] = "promised"
    audience: tuple[Literal["person", "unit", "staff"], ...] = Field(min_length=1)
    topics: tuple[Text, ...] = ()
    needs: tuple[Text, ...] = ()
    about: Text
    result: Text = ""
    fee: Text = "不收费"
    languages: tuple[Literal["en", "ja", "ko"], ...] = ()
    basis: tuple[Basis, ...] = Field(min_length=1)
    note: Text = ""
    roles: Mapping[Name, Role]
    eligible: tuple[Clause, ...] = ()
    policy: FromPolicy | None = None
    parent: Parent | None = None
    rate: bool = True
    archive: Term
    form: tuple[Section, ...] = Field(min_length=1)
    materials: tuple[Material, ...] = ()
    states: tuple[State, ...] = Field(min_length=2)
    anywhere: tuple[Anywhere, ...] = ()
    clocks: Mapping[Name, Clock] = Field(default_factory=dict)
    scale: Scale | None = None
    checklists: Mapping[Name, Checklist] = Field(default_factory=dict)
    open: tuple[Window, ...] = ()
    review: Mapping[Name, Review] = Field(default_factory=dict)
    people: tuple[Person, ...] = ()
    holder: Holder | None = None
    own_code: Name | None = None
    quotas: Mapping[Name, Quota] = Field(default_factory=dict)
    plan: Plan | None = None
    pays: Pays | None = None
    ledger: Ledger | None = None
    market: Market | None = None
    outputs: Mapping[Name, Output] = Field(default_factory=dict)
    words: Mapping[str, Words] = Field(default_factory=dict)
    sample: Mapping[str, Any] = Field(default_factory=dict)
    tests: tuple[Trial, ...] = Field(min_length=1)

    @cached_property
    def fields(self) -> tuple[FormField, ...]:
        """All questions in their order."""
        return tuple(field for section in self.form for field in section.fields)

    def given(self, trial: Trial) -> dict[str, Any]:
        """The answers that a test begins with."""
        return {**self.sample, **trial.give}

    @cached_property
    def asked(self) -> tuple[FormField, ...]:
        """All questions that come with moves."""
        found = {field.id: field for state in self.states for move in self.moves_of(state.id) for field in move.ask}
        return tuple(found.values())

    @cached_property
    def by_id(self) -> Mapping[str, FormField]:
        """Questions of the form and of moves by name."""
        return {field.id: field for field in (*self.asked, *self.fields)}

    @cached_property
    def state_of(self) -> Mapping[str, State]:
        """States by name."""
        return {state.id: state for state in self.states}

    @property
    def start(self) -> State:
        """The first state."""
        return self.states[0]

    def review_at(self, state: str) -> str | None:
        """The review that a case is in while it stands in a state."""
        return self.state_of[state].review or (state if state in self.review else None)

    @cached_property
    def _moves(self) -> Mapping[str, tuple[Move, ...]]:
        def everywhere(state: State) -> Iterator[Move]:
            if state is not self.start and state.end is None:
                yield from (move for move in self.anywhere if state.id not in move.but and move.to != state.id)

        return {state.id: (*state.moves, *everywhere(state)) for state in self.states}

    def moves_of(self, state: str) -> tuple[Move, ...]:
        """What may be done in a state, moves of everywhere last."""
        return self._moves[state]

    def move(self, state: str, do: str) -> Move | None:
        """The move of that name in a state."""
        return next((move for move in self.moves_of(state) if move.do == do), None)
