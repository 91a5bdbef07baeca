"""Whether typed texts have room where they are kept: nothing is cut off, what is too long is told with its limit."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Model

from keheng.kernel.errors import Problem, problem
from keheng.performance.rules.library import field_names


def room_for(model: type[Model], column: str) -> int:
    """How many characters a column holds; raises ValueError for one without a limit."""
    most: int | None = getattr(model._meta.get_field(column), "max_length", None)  # noqa: SLF001 -- Django's documented way to a column
    if most is None:
        raise ValueError(f"{model.__name__}.{column} holds any length")
    return most


def long_problem(field: str, text: str, most: int) -> list[Problem]:
    """A text of more than ``most`` characters, blanks around it aside; ``field`` is its name on the page (``note-3`` is a note)."""
    length, name = len(text.strip()), field.partition("-")[0]
    return [problem("PERF_LONG", field, name=field_names().get(name, name), most=most, length=length)] if length > most else []


def long_problems(model: type[Model], texts: Mapping[str, str], **fields: str) -> list[Problem]:
    """Texts by the column that keeps them; ``fields`` names those that are called otherwise on the page."""
    return [one for column, text in texts.items() for one in long_problem(fields.get(column, column), text, room_for(model, column))]
