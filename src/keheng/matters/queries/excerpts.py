"""Answers of a case as plain text, for people who read some of it and must not see the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keheng.matters.queries.cases import Loaded
from keheng.matters.rules.citing import citing
from keheng.matters.rules.files.parts import FormField
from keheng.matters.rules.form.values import shown_as


@dataclass(frozen=True, slots=True)
class CitingTable:
    """A table whose lines name files: its label, the columns but that of the files, each line's cells with the digest of its file."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], str], ...]


def excerpt(one: Loaded, names: Sequence[str]) -> list[tuple[str, str]]:
    """Labels and answers of the named questions in their order; a table is a line for each row.

    Left out are sealed answers, and tables whose lines name files: ``citing_tables`` tells these.
    """
    fields = [one.matter.by_id[name] for name in names]
    told = [(field.label, _said(field, one.at.answers.get(field.id))) for field in fields if not field.sealed and citing(field) is None]
    return [(label, text) for label, text in told if text]


def citing_tables(one: Loaded, names: Sequence[str]) -> list[CitingTable]:
    """Those of the named questions that are tables whose lines name files, with the files that are there."""
    return [_table(one, field, column) for field in map(one.matter.by_id.__getitem__, names) if (column := citing(field)) is not None]


def _table(one: Loaded, field: FormField, column: FormField) -> CitingTable:
    files, rows = one.numbered(column.evidence or ""), one.at.answers.get(field.id)
    others = [col for col in field.cols if col is not column]
    lines = []
    for row in rows if isinstance(rows, list) else []:
        file = files.get(row.get(column.id))
        lines.append((tuple(shown_as(col, row.get(col.id)) for col in others), file.file_id if file is not None else ""))
    return CitingTable(field.label, tuple(col.label for col in others), tuple(lines))


def _said(field: FormField, value: Any) -> str:
    if field.type != "table":
        return shown_as(field, value)
    rows = value if isinstance(value, list) else []
    return "\n".join("；".join(f"{col.label} {shown_as(col, row.get(col.id))}" for col in field.cols if col.id in row) for row in rows)
