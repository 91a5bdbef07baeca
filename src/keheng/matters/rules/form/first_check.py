"""先看能不能办: what is asked before a case is opened, and which answer would settle most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from keheng.kernel.logic import Truth, settling
from keheng.matters.rules.files.parts import FormField, Matter
from keheng.matters.rules.form.answers import Facts, Judged, eligibility, facts_of, settled, take


def asked_first(matter: Matter) -> list[FormField]:
    """The questions that the conditions come down to, in the order of the form.

    Of a computed cell its inputs are asked; where it adds up a table, the cell itself, whose total people know before its lines.
    What a question depends on to be asked at all is asked too. Here nothing may be left out at will: each settles something.
    """
    wanted = inputs_of(matter, (name for clause in matter.eligible for name in clause.rule.names))
    return [field.model_copy(update={"formula": None, "required": True}) for field in matter.fields if field.id in wanted]


def facts_first(matter: Matter, fields: Sequence[FormField], typed: Mapping[str, Any], today: date) -> Facts:
    """What is known from what was typed into these questions; the other cells are computed from them."""
    asked = {field.id: field for field in fields}
    computed = [asked.get(field.id, field) for field in matter.fields if field.id in asked or field.formula is not None]
    return facts_of(matter, settled(computed, take(fields, typed), today), today)


def judged_first(matter: Matter, facts: Facts) -> tuple[list[Judged], FormField | None]:
    """Every condition, and the question to be answered next.

    It is the one that would settle most conditions by itself, then the one that most wait for, then the first of the form.
    """
    judged = eligibility(matter, facts)
    unanswered = {field.id for field in matter.fields if facts[field.id] is None}
    waits = [inputs_of(matter, settling(one.trace)) & unanswered for one in judged if one.trace.truth is Truth.UNKNOWN]

    def worth(field: FormField) -> tuple[int, int]:
        return sum(wait == {field.id} for wait in waits), sum(field.id in wait for wait in waits)

    useful = [field for field in matter.fields if any(field.id in wait for wait in waits)]
    return judged, max(useful, key=worth, default=None)


def inputs_of(matter: Matter, names: Iterable[str]) -> set[str]:
    """The questions behind names of facts: a computed cell comes down to what it is computed from."""
    found, seen, waiting = set[str](), set[str](), list(names)
    known = {field.id: field for field in matter.fields}
    while waiting:
        field = known.get(waiting.pop())
        if field is None or field.id in seen:
            continue
        seen.add(field.id)
        waiting += field.show.names if field.show is not None else ()
        read = field.formula.names if field.formula is not None else ()
        if not read or any(known[name].type == "table" for name in read if name in known):
            found.add(field.id)
        else:
            waiting += read
    return found
