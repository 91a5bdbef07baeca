"""Everything that hangs on a case and stands on its page, in one query instead of one for each kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import IntegerField, JSONField, Model, QuerySet, Value
from django.db.models.functions import JSONObject

from keheng.matters.models import Case, Correction, Letter, Material, Output, Tick

_KINDS: tuple[type[Model], ...] = (Correction, Material, Letter, Output, Tick)
Row = TypeVar("Row", bound=Model)


class Hanging:
    """The rows of a case by their kind, each in the order they came; they are there to be read, not to be saved."""

    def __init__(self, case: Case) -> None:
        first, *others = (_asked(number, kind, case) for number, kind in enumerate(_KINDS))
        self._rows: list[list[Model]] = [[] for _ in _KINDS]
        for number, facts in first.union(*others, all=True):
            self._rows[number].append(_KINDS[number](**_read(_KINDS[number], facts)))

    def of(self, kind: type[Row]) -> list[Row]:
        """All rows of a kind."""
        found = (row for row in self._rows[_KINDS.index(kind)] if isinstance(row, kind))
        return sorted(found, key=lambda row: int(row.pk))


def _columns(kind: type[Model]) -> Iterator[Any]:
    yield from kind._meta.concrete_fields  # noqa: SLF001 -- Django documents it as the way to a model's fields


def _asked(number: int, kind: type[Model], case: Case) -> QuerySet[Any, Any]:
    facts = JSONObject(**{field.attname: field.attname for field in _columns(kind)})
    mark = Value(number, output_field=IntegerField())
    return kind._default_manager.filter(case=case).values_list(mark, facts)  # noqa: SLF001 -- the manager of any model, as Django documents


def _read(kind: type[Model], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the columns hold them, from what JSON has of them: moments without a zone are those of SQLite, in UTC."""
    found = {}
    for field in _columns(kind):
        value = facts[field.attname]
        made = json.loads(value) if isinstance(field, JSONField) and isinstance(value, str) else field.to_python(value)
        found[field.attname] = made.replace(tzinfo=UTC) if isinstance(made, datetime) and made.tzinfo is None else made
    return found
