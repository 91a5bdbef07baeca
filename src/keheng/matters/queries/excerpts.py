"""Answers of a case as plain text, for people who read some of it and must not see the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keheng.matters.queries.cases import Loaded
from keheng.matters.rules.files.parts import FormField
from keheng.matters.rules.form.values import shown_as


def excerpt(one: Loaded, names: Sequence[str]) -> list[tuple[str, str]]:
    """Labels and answers of the named questions in their order; a table is a line for each row. Sealed answers are left out."""
    fields = [one.matter.by_id[name] for name in names]
    told = [(field.label, _said(field, one.at.answers.get(field.id))) for field in fields if not field.sealed]
    return [(label, text) for label, text in told if text]


def _said(field: FormField, value: Any) -> str:
    if field.type != "table":
        return shown_as(field, value)
    rows = value if isinstance(value, list) else []
    return "\n".join("；".join(f"{col.label} {shown_as(col, row.get(col.id))}" for col in field.cols if col.id in row) for row in rows)
