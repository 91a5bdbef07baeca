"""What a list looks like: a value that a capability declares beside its view, and ``respond`` turns into a page.

```python
TABLE = register_table(Table(
    "directory.organisations", "单位",
    columns=(Column("name", "单位名称", sort="name", link=lambda one: reverse(...)), ...),
    filters=(Filter("q", "名称", apply=named), Filter("kind", "类型", "choice", choices=kinds_zh)),
    order="name",
))
```
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partialmethod
from inspect import getattr_static
from typing import Any, Literal

from django.db.models import QuerySet

from keheng.kernel.powers import Principal

Rows = QuerySet[Any]
Kind = Literal["text", "code", "integer", "decimal", "money", "date", "time", "boolean"]
Choices = Iterable[tuple[str, str]]
Span = tuple[date | None, date | None]

NUMBERS: frozenset[Kind] = frozenset({"integer", "decimal", "money"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``value`` is a function of the row or a path of attributes (methods are called), by default the code.

    None is shown as a dash. ``sort`` is the model's path it is sorted by ('' for not at all); a list stays fast when (path, id)
    is indexed, and a path never crosses to many rows. ``link`` gives the row's address ('' for none), ``tag`` one of ok, warn, bad,
    brand or ''. ``cell`` is a template for the cell, with ``row``, ``value`` and ``request``. ``money`` is in fen; a ``code`` stays
    on one line.
    """

    code: str
    title: str
    value: str | Callable[[Any], object] = ""
    sort: str = ""
    kind: Kind = "text"
    link: Callable[[Any], str] | None = None
    tag: Callable[[Any], str] | None = None
    cell: str = ""
    shown: bool = True
    export: bool = True

    def of(self, row: Any) -> Any:
        """The row's value."""
        if callable(self.value):
            return self.value(row)
        found = row
        for part in (self.value or self.code).split("."):
            owner: Any = type(found)
            labels = _labels(owner, part)
            if labels is not None:
                field, choices = labels
                value = getattr(found, field)
                found = str(choices.get(value, value))
                continue
            found = None if found is None else getattr(found, part)
            found = found() if callable(found) else found
        return found

    @property
    def num(self) -> bool:
        """Whether it is aligned as numbers are."""
        return self.kind in NUMBERS


@cache
def _labels(kind: type, name: str) -> tuple[str, dict[Any, Any]] | None:
    """The field and choices behind Django's ``get_…_display``, which makes a dictionary of them for every row; None for anything else."""
    found = getattr_static(kind, name, None)
    if not isinstance(found, partialmethod) or "field" not in found.keywords:
        return None
    field = found.keywords["field"]
    return field.attname, dict(field.flatchoices)


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition people may set. ``apply`` narrows the rows by what was given, or is a path of the model, by default the code.

    Given are: for a text the text (a path is searched for it), for a choice its value, for a flag True, for dates a half-open pair of
    days, None where open. ``otherwise`` narrows the rows while nothing is given; ``blank`` names the choice of nothing.
    """

    code: str
    title: str
    kind: Literal["text", "choice", "flag", "dates"] = "text"
    apply: str | Callable[[Rows, Any], Rows] = ""
    choices: Callable[[], Choices] | tuple[tuple[str, str], ...] = ()
    otherwise: Callable[[Rows], Rows] | None = None
    blank: str = "全部"
    hint: str = ""

    def options(self) -> list[tuple[str, str]]:
        """Values and words of a choice."""
        return list(self.choices() if callable(self.choices) else self.choices)


@dataclass(frozen=True, slots=True)
class Bulk:
    """Something done to ticked rows: their keys are posted as ``rows`` to an address (its name), which asks for confirmation if it must."""

    code: str
    title: str
    address: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A list. ``code`` is unique; under it columns, sizes and named filters are remembered for each account.

    ``order`` is the code of a sortable column or ``id``, with a minus for descending. Lists may be taken away as XLSX by whoever sees
    them, or holds ``export_permission``, unless ``export`` is off. ``exports`` gives the rows that an actor may take away, for a scope
    told to ``respond``; only with it can a large sheet be made in the background, as it must find the rows again. ``fill`` is given
    the rows of a page before they are drawn, for what no query joins; such a list is not exported.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    order: str = "-id"
    empty_title: str = "这里还没有记录"
    empty_text: str = ""
    page: int = 50
    actions: tuple[Bulk, ...] = ()
    export: bool = True
    export_permission: str = ""
    exports: Callable[[Principal, str], Rows] | None = None
    fill: Callable[[Sequence[Any]], None] | None = None

    def __post_init__(self) -> None:
        for kind, codes in (("column", [one.code for one in self.columns]), ("filter", [one.code for one in self.filters])):
            if len(codes) > len(set(codes)):
                raise ValueError(f"table {self.code}: a {kind}'s code occurs twice")
        if self.order.removeprefix("-") not in self.sorts:
            raise ValueError(f"table {self.code}: {self.order} is no sortable column")
        if taken := RESERVED & {one.code for one in self.filters}:
            raise ValueError(f"table {self.code}: filters cannot be called {', '.join(sorted(taken))}")

    @property
    def sorts(self) -> dict[str, str]:
        """Paths by what can be asked for: codes of sortable columns, and ``id``."""
        return {"id": "pk"} | {column.code: column.sort for column in self.columns if column.sort}

    def may_export(self, actor: Principal) -> bool:
        """Whether an actor may take the list away."""
        return self.export and (not self.export_permission or actor.may(self.export_permission))


RESERVED = frozenset({"sort", "after", "before", "export", "page"})
_tables: dict[str, Table] = {}


def register_table(table: Table) -> Table:
    """Make a table known by its code, so that a background job finds it.

    Raises ValueError for a code taken by another table, and for two columns under one title, of which no sheet could be made.
    """
    if len({column.title for column in table.columns}) < len(table.columns):
        raise ValueError(f"table {table.code} has two columns under one title")
    if _tables.setdefault(table.code, table) is not table:
        raise ValueError(f"table {table.code} is registered twice")
    return table


def table_of(code: str) -> Table | None:
    """The table of that code, None when there is none."""
    return _tables.get(code)
