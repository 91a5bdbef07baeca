"""A matter and a case in the words of a page's language: questions with their answers, steps, clocks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from keheng.kernel.logic import Truth
from keheng.kernel.personal.masks import mask
from keheng.kernel.spoken import Translated
from keheng.kernel.working_days import working_calendar
from keheng.matters.queries.cases import Loaded
from keheng.matters.rules.files.parts import FormField, Matter
from keheng.matters.rules.files.texts import said
from keheng.matters.rules.flow.clocks import Run
from keheng.matters.rules.form.answers import Judged, facts_of, is_required, is_shown
from keheng.matters.rules.form.asked import copied
from keheng.matters.rules.form.values import shown_as, typed_as

# What was typed must come back whatever it was: a number input would drop what is no number.
_INPUTS = {"date": "date", "email": "email", "phone": "tel"}
_BLANK_ROWS = 1
_NUMBERS = frozenset({"integer", "decimal", "money"})


def words(matter: Matter, text: str) -> str:
    """A text of the file as the page says it: translated, or in Chinese and marked so by ``in_chinese``."""
    found = said(matter, text, get_language() or "")
    return Translated(found) if found != text else text


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: its value and its words."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a page shows it. ``name`` is the input's; ``value`` as typed, ``said`` in words; ``mark`` counts changes."""

    name: str
    kind: str
    input: str
    label: str
    hint: str
    unit: str
    value: Any
    said: str
    required: bool
    shown: bool
    locked: bool
    mark: int
    options: tuple[Option, ...] = ()
    cols: tuple[str, ...] = ()
    rows: tuple[tuple[Question, ...], ...] = ()


def questions(one: Loaded, fields: Sequence[FormField], editable: Collection[str], more_rows: str = "") -> list[Question]:
    """The questions of a section with what stands in them; ``more_rows`` names a table that gets another empty row."""
    facts = facts_of(one.matter, one.at.answers, localdate())
    return [_question(one, field, facts, editable, more_rows) for field in fields]


def _question(one: Loaded, field: FormField, facts: dict[str, Any], editable: Collection[str], more_rows: str) -> Question:
    value = one.at.answers.get(field.id)
    locked = field.formula is not None or field.id not in editable
    rows: tuple[tuple[Question, ...], ...] = ()
    if field.type == "table":
        kept = value if isinstance(value, list) else []
        blank = 0 if locked else max(_BLANK_ROWS + (1 if more_rows == field.id or not kept else 0), int(field.min or 0) - len(kept))
        rows = tuple(_row(one.matter, field, number, row, locked=locked) for number, row in enumerate([*kept, *[{}] * blank]))
    made = _made(one.matter, field, field.id, value, locked=locked)
    return Question(
        **{**made, "required": is_required(field, facts), "shown": is_shown(field, facts), "mark": one.case.marks.get(field.id, 0)},
        cols=tuple(words(one.matter, col.label) for col in field.cols),
        rows=rows,
    )


def _row(matter: Matter, field: FormField, number: int, row: Mapping[str, Any], *, locked: bool) -> tuple[Question, ...]:
    return tuple(
        Question(**_made(matter, col, f"{field.id}-{number}-{col.id}", row.get(col.id), locked=locked or col.formula is not None))
        for col in field.cols
    )


def _made(matter: Matter, field: FormField, name: str, value: Any, *, locked: bool) -> dict[str, Any]:
    typed = typed_as(field, value)
    chosen = typed if isinstance(typed, list) else [typed]
    return {
        "name": name,
        "kind": field.type,
        "input": _INPUTS.get(field.type, "text"),
        "label": words(matter, field.label),
        "hint": words(matter, field.hint),
        "unit": words(matter, field.unit),
        "value": typed,
        "said": words(matter, answer_words(field, value)) if field.options else answer_words(field, value),
        "required": field.required is True,
        "shown": True,
        "locked": locked,
        "mark": 0,
        "options": tuple(Option(text, words(matter, text), text in chosen) for text in field.options),
    }


def answer_words(field: FormField, value: Any, *, masked: bool = False) -> str:
    """An answer in words; what is sealed is masked where ``masked``."""
    if masked and field.sealed and value is not None:
        return mask(field.type if field.type in {"phone", "email", "id_number"} else "text", str(value))
    return shown_as(field, value)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell or head of a table; numbers are aligned as such. ``head`` is said of a cell where a row stands alone."""

    said: str
    number: bool
    head: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and its answer, for reading; ``asked`` what a correction says of it."""

    label: str
    said: str
    name: str
    cols: tuple[Cell, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    asked: str = ""


def read_sections(one: Loaded, *, masked: bool, asked: Mapping[str, str] | None = None) -> Iterator[tuple[str, list[Answer]]]:
    """The answered form in its sections, questions that are not asked left out."""
    facts = facts_of(one.matter, one.at.answers, localdate())
    for section in one.matter.form:
        shown = [field for field in section.fields if is_shown(field, facts)]
        yield words(one.matter, section.section), [_answer(one, field, asked or {}, masked=masked) for field in shown]


def _answer(one: Loaded, field: FormField, asked: Mapping[str, str], *, masked: bool) -> Answer:
    value = one.at.answers.get(field.id)
    rows = value if field.type == "table" and isinstance(value, list) else []
    cols = tuple(Cell(words(one.matter, col.label), col.type in _NUMBERS) for col in field.cols)
    cells = tuple(
        tuple(Cell(shown_as(col, row.get(col.id)), head.number, head.said) for col, head in zip(field.cols, cols, strict=True))
        for row in rows
    )
    said_so = "" if cols else answer_words(field, value, masked=masked)
    return Answer(words(one.matter, field.label), said_so, field.id, cols, cells, asked.get(field.id, ""))


def moves_section(one: Loaded) -> list[tuple[str, list[Answer]]]:
    """What was filled in with moves, as a section; none where nothing was."""
    given = [_answer(one, field, {}, masked=True) for field in one.matter.asked if field.id in one.at.answers]
    return [("办理时填写", given)] if given else []


@dataclass(frozen=True, slots=True)
class ClockSaid:
    """A clock in words for anyone: its tone, how much is left, when it is due."""

    title: str
    said: str | Promise
    tone: str
    due: date | None
    law_due: date | None
    provisional: bool


def clocks_said(one: Loaded) -> list[ClockSaid]:
    """The clocks that matter now: the running one, or what stands still and why."""
    if one.case.ended_at is not None:
        return []
    runs = one.at.runs.items()
    running = [(name, run) for name, run in runs if run.running]
    standing = [(name, run) for name, run in runs if run.standing and run.stops[-1].state == one.at.state]
    return [_clock_said(one, name, run) for name, run in running or standing]


def _clock_said(one: Loaded, name: str, run: Run) -> ClockSaid:
    limit, calendar, today = one.matter.clocks[name], working_calendar(), localdate()
    state = one.matter.state_of[one.at.state]
    title = words(one.matter, state.title)
    due, law_due = run.due(limit.promise, calendar), run.due(limit.law, calendar)
    if due is None:
        why = words(one.matter, state.why) if state.why else ""
        return ClockSaid(title, _("暂停计时：%(why)s") % {"why": why} if why else _("暂停计时"), "warn", None, None, provisional=False)
    left = limit.promise.passed(today, due, calendar)
    if today > due:
        return ClockSaid(title, _("已超过承诺期限"), "bad", due, law_due, calendar.is_provisional(due))
    if limit.promise.working:
        text = ngettext("还有 %(n)s 个工作日", "还有 %(n)s 个工作日", left)
    else:
        text = ngettext("还有 %(n)s 天", "还有 %(n)s 天", left)
    return ClockSaid(title, text % {"n": left}, "ok" if left > 1 else "warn", due, law_due, calendar.is_provisional(due))


@dataclass(frozen=True, slots=True)
class StepSaid:
    """A stage of the way anyone understands: 申请, 受理, 审查, 决定."""

    title: str | Promise
    done: bool
    current: bool


_STAGES: tuple[tuple[str | Promise, frozenset[str]], ...] = (
    (_("填写"), frozenset({"申办"})),
    (_("收件"), frozenset({"网上预受理", "补正告知", "补正受理"})),
    (_("办理"), frozenset({"受理", "审批", "特别程序申请", "特别程序结果"})),
    (_("办结"), frozenset({"办结", "领取登记"})),
)


def steps_said(one: Loaded) -> list[StepSaid]:
    """The four stages with where the case stands."""
    here = next(number for number, (_title, codes) in enumerate(_STAGES) if one.case.std in codes)
    return [StepSaid(title, number < here, number == here) for number, (title, _codes) in enumerate(_STAGES)]


@dataclass(frozen=True, slots=True)
class EventSaid:
    """What happened, for a timeline."""

    at: Any
    title: str
    opinion: str
    who: str
    state: str


def timeline(one: Loaded, names: Mapping[str, str], *, office: bool) -> list[EventSaid]:
    """Events, the latest first; an applicant reads the roles, the office the names, and opinions of steps inside stay inside."""
    found = []
    for event in reversed(one.events):
        role = one.matter.roles.get(event.role)
        before, after = one.matter.state_of.get(event.before), one.matter.state_of.get(event.after)
        who = names.get(event.by, "") if office else ""
        move = one.matter.move(event.before, event.do) if before else None
        shown = (
            office
            or (role is not None and role.applies)
            or (move is not None and bool(move.tell or move.correct))
            or bool(after is not None and after.end)
        )
        found.append(
            EventSaid(
                event.at,
                words(one.matter, event.title),
                event.opinion if shown else "",
                "；".join(filter(None, [who, f"代 {names.get(event.instead_of, '')}" if event.instead_of and office else ""]))
                or (words(one.matter, role.zh) if role is not None else str(_("系统"))),
                words(one.matter, after.title) if after is not None else "",
            )
        )
    return found


def judged_said(matter: Matter, judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Clauses of eligibility with their truth in words."""
    tones = {Truth.MET: ("ok", _("符合")), Truth.UNMET: ("bad", _("不符合")), Truth.UNKNOWN: ("warn", _("待定"))}
    return [
        {
            "say": words(matter, one.clause.say),
            "art": one.clause.art,
            "tone": tones[one.trace.truth][0],
            "said": tones[one.trace.truth][1],
            "missing": [words(matter, matter.by_id[name].label) for name in one.trace.missing if name in matter.by_id],
        }
        for one in judged
    ]


def loose_questions(
    matter: Matter, fields: Sequence[FormField], typed: Mapping[str, Any], answers: Mapping[str, Any] | None = None
) -> list[Question]:
    """Questions that stand outside a case, as a move's and those of a first check, with what was typed.

    ``answers`` are the case's: the rows that a move's table stands beside.
    """
    made = []
    for field in fields:
        if field.fact is not None:
            continue
        facts = _made(matter, field, field.id, None, locked=field.formula is not None)
        given = typed.get(field.id, "")
        if field.like is not None:
            rows = tuple(_rows_beside(matter, field, given, (answers or {}).get(field.like)))
            made.append(Question(**{**facts, "locked": True}, cols=tuple(words(matter, col.label) for col in field.cols), rows=rows))
            continue
        options = tuple(Option(one.value, one.label, one.value == given) for one in facts["options"])
        made.append(Question(**{**facts, "value": given, "options": options}))
    return made


def _rows_beside(matter: Matter, field: FormField, given: Any, rows: Any) -> Iterator[tuple[Question, ...]]:
    same = copied(matter, field)
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        said = given[number] if isinstance(given, list) and number < len(given) else None
        cells = []
        for col in field.cols:
            locked = col.id in same or col.formula is not None
            value = row.get(col.id if locked or col.begins is None else col.begins) if locked or said is None else said.get(col.id)
            cells.append(Question(**_made(matter, col, f"{field.id}-{number}-{col.id}", value, locked=locked)))
        yield tuple(cells)
