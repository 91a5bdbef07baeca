"""Where in a form a problem is mended: the section and the name of the input that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keheng.kernel.errors import Problem
from keheng.matters.rules.files.parts import FormField, Matter
from keheng.matters.rules.form.first_check import inputs_of

MATERIAL, CLAUSE = "material-", "eligible-"


@dataclass(frozen=True, slots=True)
class Place:
    """An input of the form: its section, counted from 1, and its name, as ``phone`` or ``budget-0-item``."""

    section: int
    name: str


def material_of(one: Problem) -> str:
    """The material that a problem is about; '' for anything else."""
    return one.field.removeprefix(MATERIAL) if one.field.startswith(MATERIAL) else ""


def place_of(matter: Matter, answers: Mapping[str, Any], one: Problem) -> Place | None:
    """The input that mends a problem; None for what is not mended in the form."""
    name, _, rest = (_settling(matter, answers, one.field) if one.field.startswith(CLAUSE) else one.field).partition("-")
    for number, section in enumerate(matter.form, 1):
        for field in section.fields:
            if field.id == name:
                return Place(number, _input(field, answers.get(name), rest))
    return None


def _settling(matter: Matter, answers: Mapping[str, Any], clause: str) -> str:
    """The question that a condition comes down to: the first that is not answered, else the first."""
    asked = inputs_of(matter, matter.eligible[int(clause.removeprefix(CLAUSE))].rule.names)
    names = [field.id for field in matter.fields if field.id in asked]
    return next((name for name in names if answers.get(name) is None), names[0] if names else "")


def _input(field: FormField, kept: Any, cell: str) -> str:
    """The name of a question's input; of a table the cell, or the first one that is typed in the row or in the first empty row."""
    typed = [col.id for col in field.cols if col.formula is None]
    if field.type != "table" or not typed or field.formula is not None:
        return field.id
    row, _, column = cell.partition("-")
    number = row or str(len(kept) if isinstance(kept, list) else 0)
    return f"{field.id}-{number}-{column if column in typed else typed[0]}"
