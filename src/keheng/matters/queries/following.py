"""What a case takes over from the one that it follows."""

from __future__ import annotations

from typing import Any

from keheng.matters.models import Case
from keheng.matters.queries.cases import matter_of
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.form.values import typed_as


def inherited(matter: Matter, parent: Case | None) -> dict[str, Any]:
    """What the parent says, for the questions that are never typed here."""
    kept = parent.answers if parent is not None else {}
    return {field.id: kept[field.inherit] for field in matter.fields if field.inherit in kept}


def taken_over(parent: Case) -> dict[str, Any]:
    """The open answers of a case and its number, as ``parent.name`` and as somebody would type them."""
    found: dict[str, Any] = {"parent.number": parent.number or ""}
    for field in matter_of(parent).by_id.values():
        value = parent.answers.get(field.id)
        if field.sealed or value is None:
            continue
        if field.type == "table" and isinstance(value, list):
            found[f"parent.{field.id}"] = [{col.id: typed_as(col, row.get(col.id)) for col in field.cols} for row in value]
        else:
            found[f"parent.{field.id}"] = typed_as(field, value)
    return found
