"""Answers that come with a move: as those of the form, and tables whose rows stand beside the form's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from keheng.matters.rules.files.parts import FormField, Matter, Move
from keheng.matters.rules.form.answers import Answers, settled, take
from keheng.matters.rules.form.values import taken


def answers_of_move(matter: Matter, move: Move, typed: Mapping[str, Any], answers: Answers, today: date) -> dict[str, Any]:
    """What is kept of what was typed with a move, formulas computed; copied columns come from the form whatever was typed."""
    made = take([field for field in move.ask if field.like is None], typed)
    for field in move.ask:
        if field.like is not None:
            made[field.id] = _rows_beside(field, copied(matter, field), typed.get(field.id), answers.get(field.like))
    return settled(move.ask, made, today)


def copied(matter: Matter, field: FormField) -> frozenset[str]:
    """The columns of a move's table that are those of the form's."""
    return frozenset(col.id for col in matter.by_id[field.like].cols) if field.like is not None else frozenset()


def _rows_beside(field: FormField, same: frozenset[str], typed: Any, rows: Any) -> list[dict[str, Any]]:
    """A row for each of the form's, in its place."""
    given = typed if isinstance(typed, Sequence) and not isinstance(typed, str) else []
    found = []
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        said = given[number] if number < len(given) and isinstance(given[number], Mapping) else {}
        one = {col.id: row.get(col.id) if col.id in same else taken(col, said.get(col.id)) for col in field.cols if col.formula is None}
        found.append({name: value for name, value in one.items() if value is not None})
    return found
