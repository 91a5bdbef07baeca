"""The sheet that a matter's cases come in by: its columns are the questions of the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from keheng.kernel.spreadsheets import Column, Kind, Sheet
from keheng.matters.rules.files.parts import FormField, Matter

IMPORT = "matters.case.import"
UNIT = "unit_code"
_KINDS: Mapping[str, Kind] = {
    "integer": "integer", "decimal": "decimal", "date": "date", "yesno": "boolean", "choice": "choice",
    "credit_code": "credit_code",
}  # fmt: skip
_OWN = frozenset({"unit.name", "unit.code", "unit.district"})


def comes_by_sheets(matter: Matter) -> bool:
    """Whether cases may come in by sheets: units apply, and call each case by a code of their own."""
    return matter.own_code is not None and "unit" in matter.audience


def asked_in_sheet(matter: Matter) -> tuple[FormField, ...]:
    """The questions that a sheet answers: not computed ones, not what is known of the unit, no tables."""
    return tuple(
        field for field in matter.fields if field.formula is None and field.inherit is None and field.prefill not in _OWN and not field.cols
    )


def sheet_of(matter: Matter, *, many_units: bool) -> Sheet:
    """The columns; with ``many_units`` the first one tells whose case it is. A unit's code stands once in a sheet."""
    fields = asked_in_sheet(matter)
    columns = [Column(UNIT, "统一社会信用代码", "credit_code", required=True, aliases=("学校信用代码",))] if many_units else []
    columns += [
        Column(one.id, one.label, _KINDS.get(one.type, "text"), required=one.required is True and one.show is None, choices=one.options)
        for one in fields
    ]
    code = matter.own_code or ""
    return Sheet(matter.title, tuple(columns), unique=((UNIT, code) if many_units else code,))


def typed_of(values: Mapping[str, Any]) -> dict[str, str]:
    """A row as if it were typed into the form."""
    return {name: _typed(value) for name, value in values.items() if value is not None and name != UNIT}


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
