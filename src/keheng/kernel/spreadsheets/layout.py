"""What a sheet looks like: its columns, their kinds, and the keys that must not occur twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Literal

from keheng.kernel.errors import Problem

Kind = Literal["text", "integer", "decimal", "money", "date", "boolean", "choice", "credit_code"]
Cell = int | float | str | bool | date | datetime | time | timedelta
Check = Callable[[Any], Iterable[Problem]]

REASON, REMEDY = "问题", "怎么办"
YES, NO = "是", "否"


@dataclass(frozen=True)
class Column:
    """One column; values are str, int, Decimal, int fen (money), date, bool, str (choice, credit_code), or None when blank.

    ``choices`` are printed labels, or pairs of stored value and printed label; ``longest`` counts characters;
    ``check`` gets a typed value and gives the problems it finds.
    """

    name: str
    header_zh: str
    kind: Kind = "text"
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[str | tuple[str, str], ...] = ()
    longest: int | None = None
    check: Check | None = None

    @cached_property
    def stored(self) -> dict[str, str]:
        """Stored value of every printed label."""
        return {label: value for value, label in self._pairs}

    @cached_property
    def labels(self) -> dict[str, str]:
        """Printed label of every stored value."""
        return dict(self._pairs)

    @property
    def _pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple((choice, choice) if isinstance(choice, str) else choice for choice in self.choices)


@dataclass(frozen=True)
class Sheet:
    """A sheet of columns; each item of ``unique`` is a key within the file: a column's name, or several names together.

    Raises ValueError when names or headers are ambiguous, a key names no column, or a choice column has no choices.
    """

    title: str
    columns: tuple[Column, ...]
    unique: tuple[str | tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        names = {column.name for column in self.columns}
        if len(names) < len(self.columns):
            raise ValueError(f"{self.title}: a column's name occurs twice")
        if unknown := {name for key in self.keys for name in key} - names:
            raise ValueError(f"{self.title}: keys name no columns: {', '.join(sorted(unknown))}")
        headers = [header for column in self.columns for header in headers_of(column)]
        if len(headers) > len(set(headers)):
            raise ValueError(f"{self.title}: a header stands for two columns")
        if any((column.kind == "choice") != bool(column.choices) for column in self.columns):
            raise ValueError(f"{self.title}: choice columns, and only they, have choices")

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """The keys, each as a tuple of column names."""
        return tuple((key,) if isinstance(key, str) else key for key in self.unique)


def plain_header(header: str) -> str:
    """A header as it is compared: half width, lower case, without blanks and the star of required columns."""
    return "".join(unicodedata.normalize("NFKC", header).lower().split()).strip("*")


def headers_of(column: Column) -> set[str]:
    """Everything a column's header may say, ready to be compared."""
    return {plain_header(header) for header in (column.header_zh, column.name, *column.aliases)}


def shown(cell: Cell) -> str:
    """A cell as people read it: whole numbers without ``.0``, dates as 2026-11-21."""
    if isinstance(cell, bool):
        return YES if cell else NO
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    return str(cell).strip()
