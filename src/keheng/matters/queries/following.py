"""Cases that follow from others: what is taken over, which may be begun, and which there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from keheng.matters.models import Case
from keheng.matters.queries.cases import matter_of
from keheng.matters.queries.guides import OFFICE
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.shelf import all_in_force
from keheng.matters.rules.form.values import typed_as


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


def may_begin(case: Case) -> Iterator[Matter]:
    """Matters of the office that may be begun from a case where it stands."""
    for read in all_in_force(localdate()):
        parent = read.matter.parent
        if read.matter.kind == OFFICE and parent is not None and parent.matter == case.matter and case.state in parent.states:
            yield read.matter


def children_of(case: Case) -> QuerySet[Case]:
    """Cases that follow from a case, the oldest first."""
    return Case.objects.filter(parent=case).order_by("pk")
