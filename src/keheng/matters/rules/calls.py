"""What a call gives away once: who and what a case takes, and what is wrong with it by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from keheng.kernel.errors import Problem, problem
from keheng.kernel.trail.record import mark
from keheng.matters.models import Taken
from keheng.matters.rules.files.attached import window_on
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.form.answers import Facts, is_shown

_BORN = slice(6, 14)
# A single character may be part of any text.
_SHORTEST_NAME = 2
Answers = Mapping[str, Any]
Wanted = dict[tuple[str, str], str]


def call_of(matter: Matter, day: date) -> str:
    """The call of a day; the year where a matter is always open."""
    window = window_on(matter.open, day)
    return window.title if window is not None else str(day.year)


def wanted(matter: Matter, answers: Answers, unit: int | None, facts: Facts) -> Wanted:
    """What a case takes, as kind and value, with the question that asks for it. Of people only marks are kept."""
    found: Wanted = {}
    for one in matter.people:
        number = answers.get(one.number)
        if isinstance(number, str) and is_shown(matter.by_id[one.number], facts):
            found.setdefault((Taken.Kind.PERSON, mark(number.upper())), one.number)
    code = answers.get(matter.own_code) if matter.own_code is not None else None
    if isinstance(code, str) and matter.own_code is not None:
        found[Taken.Kind.CODE, mark(f"{unit}:{code}")] = matter.own_code
    return found


def taken_problem(matter: Matter, kind: str, field: str, call: str) -> Problem:
    """Somebody else, or another case, was first; whose it is stays untold."""
    label = matter.by_id[field].label
    if kind == Taken.Kind.PERSON:
        return problem("MATTER_PERSON_TAKEN", field, label=label, call=call)
    return problem("MATTER_CODE_TAKEN", field, label=label, call=call)


def inner_problems(matter: Matter, answers: Answers, facts: Facts) -> list[Problem]:
    """What is wrong by itself: a person twice in a case, a birthday that the number contradicts, names in what judges read."""
    return [*_people(matter, answers, facts), *_names(matter, answers, facts)]


def _people(matter: Matter, answers: Answers, facts: Facts) -> Iterator[Problem]:
    seen: set[str] = set()
    for one in matter.people:
        number = answers.get(one.number)
        if not isinstance(number, str) or not is_shown(matter.by_id[one.number], facts):
            continue
        label = matter.by_id[one.number].label
        if number.upper() in seen:
            yield problem("MATTER_PERSON_TWICE", one.number, label=label)
        seen.add(number.upper())
        born = answers.get(one.born) if one.born is not None else None
        if isinstance(born, str) and born.replace("-", "") != number[_BORN]:
            yield problem("MATTER_BORN", one.born or "", label=matter.by_id[one.born or ""].label, other=label)


def _names(matter: Matter, answers: Answers, facts: Facts) -> Iterator[Problem]:
    for review in matter.review.values():
        hidden = {name: str(answers.get(name) or "") for name in review.hides if is_shown(matter.by_id[name], facts)}
        for shown in review.shows:
            text = answers.get(shown)
            labels = [
                matter.by_id[name].label
                for name, value in hidden.items()
                if isinstance(text, str) and len(value) >= _SHORTEST_NAME and value in text
            ]
            if labels:
                yield problem("MATTER_TELLS_WHO", shown, label=matter.by_id[shown].label, told="、".join(labels))
