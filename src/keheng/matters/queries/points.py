"""What the points calculator shows: questions with what was typed, points by item, routes, and ways to a better class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language

from keheng.kernel.errors import Problem, problem
from keheng.kernel.logic import Truth
from keheng.matters.rules.scales.lift import lifts
from keheng.matters.rules.scales.routes import Asked, Routes, Standing, standing
from keheng.matters.rules.scales.score import Fact, Line, Score, score
from keheng.matters.rules.scales.table import Bands, Choices, Given, Item, PointsTable, edition_on

YES, NO, NONE = "yes", "no", "-"
_LARGEST = Decimal(1_000_000_000)
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that can be chosen, with its points where it has any."""

    value: str
    title: str
    chosen: bool
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question: ``kind`` number, choice, best (several may hold) or yesno; ``typed`` as it was; its points where a table gives any."""

    id: str
    kind: str
    title: str
    unit: str
    typed: str
    options: tuple[Option, ...]
    wrong: Problem | None
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything the page shows. ``ways`` lead to the best class, each a list of (what, to what, points more)."""

    table: PointsTable
    score: Score
    standing: Standing
    questions: tuple[Question, ...]
    more: tuple[Question, ...]
    ways: tuple[tuple[tuple[str, str, Decimal], ...], ...]
    next: str
    asked: bool

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that could not be understood."""
        return tuple(one.wrong for one in (*self.questions, *self.more) if one.wrong is not None)


def in_words(words: Mapping[str, str]) -> str:
    """Words of a table in the language of the page, Chinese where there are none."""
    return words.get((get_language() or "zh")[:2], words.get("zh", ""))


def calculated(routes: Routes, typed: MultiValueDict[str, str], day: date) -> Answer:
    """What was typed, judged by the table in force on a day; what is wrong is told beside its question, the rest is counted."""
    table = edition_on(routes.table, day)
    facts: dict[str, Any] = {}
    wrong: dict[str, Problem] = {}
    for item in table.items:
        _take(item, typed, facts, wrong)
    points = score(table, facts)
    for asked in routes.facts:
        _take_asked(asked, typed, facts, wrong)
    stands = standing(routes, points, facts)
    lines = {line.item.id: line for line in points.lines}
    questions = tuple(_question(item, typed, wrong.get(item.id), lines[item.id]) for item in table.items)
    more = tuple(_asked(asked, typed, wrong.get(asked.id)) for asked in routes.facts)
    titles = {one.id: one.title for one in (*questions, *more)}
    return Answer(
        table,
        points,
        stands,
        questions,
        more,
        ways_told(routes, points, stands),
        titles.get(stands.best_question, ""),
        asked=bool(facts or wrong),
    )


def ways_told(routes: Routes, points: Score, stands: Standing) -> tuple[tuple[tuple[str, str, Decimal], ...], ...]:
    """Ways to the best class, each a list of (what, to what, points more); none for whoever is there."""
    best = routes.classes[0]
    return tuple(
        tuple((in_words(change.item.title), _target(change.number, change.answer, change.item), change.more) for change in way)
        for way in (lifts(points, best) if stands.certain != best else [])
    )


def _take(item: Item, typed: MultiValueDict[str, str], facts: dict[str, Fact], wrong: dict[str, Problem]) -> None:
    given = [text.strip() for text in typed.getlist(item.id) if text.strip()]
    if not given:
        return
    if isinstance(item, Choices):
        known = {row.value for row in item.rows}
        if not set(given) <= known | {NONE}:
            wrong[item.id] = problem("MATTER_POINTS_ANSWER", item.id, title=in_words(item.title))
        elif item.kind == "best":
            facts[item.id] = frozenset(given) & known
        else:
            facts[item.id] = given[0]
        return
    top = item.most if isinstance(item, Given) else item.top or _LARGEST
    number = _number(given[0], top)
    if number is None:
        wrong[item.id] = problem("MATTER_POINTS_NUMBER", item.id, title=in_words(item.title), top=f"{top:,}")
    else:
        facts[item.id] = number


def _take_asked(asked: Asked, typed: MultiValueDict[str, str], facts: dict[str, Any], wrong: dict[str, Problem]) -> None:
    text = (typed.get(asked.id) or "").strip()
    if not text:
        return
    if asked.type == "yesno" and text in {YES, NO}:
        facts[asked.id] = text == YES
    elif asked.type == "number" and (number := _number(text, _LARGEST)) is not None:
        facts[asked.id] = number
    elif asked.type == "number":
        wrong[asked.id] = problem("MATTER_POINTS_NUMBER", asked.id, title=in_words(asked.title), top=f"{_LARGEST:,}")
    else:
        wrong[asked.id] = problem("MATTER_POINTS_ANSWER", asked.id, title=in_words(asked.title))


def _number(text: str, top: Decimal) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "")) if len(text) <= _LONGEST else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and 0 <= number <= top else None


def _question(item: Item, typed: MultiValueDict[str, str], wrong: Problem | None, line: Line) -> Question:
    given = typed.getlist(item.id)
    options: tuple[Option, ...] = ()
    if isinstance(item, Choices):
        options = tuple(Option(row.value, in_words(row.title), row.value in given, row.points) for row in item.rows)
        if item.kind == "best":
            options = (*options, Option(NONE, "", NONE in given, Decimal(0)))
    kind = item.kind if isinstance(item, Choices) else "number"
    return Question(item.id, kind, in_words(item.title), in_words(item.unit), given[0] if given else "", options, wrong, line)


def _asked(asked: Asked, typed: MultiValueDict[str, str], wrong: Problem | None) -> Question:
    return Question(asked.id, asked.type, in_words(asked.title), "", typed.get(asked.id) or "", (), wrong)


def _target(number: Decimal | None, answer: Any, item: Item) -> str:
    if answer is not None:
        return in_words(answer.title)
    unit = in_words(item.unit) if isinstance(item, Bands) else ""
    return f"≥ {number:f} {unit}".strip()


def routes_told(stands: Standing) -> list[tuple[str, str, str, str]]:
    """Each route: its class, title, clause, and ``ok``, ``bad`` or ``open``."""
    marks = {Truth.MET: "ok", Truth.UNMET: "bad", Truth.UNKNOWN: "open"}
    return [(one.route.to, in_words(one.route.title), one.route.art, marks[one.truth]) for one in stands.found]
