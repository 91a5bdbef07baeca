"""The JSON Schema of a form, made from its short field list (draft 2020-12).

Kept answers are JSON: money in fen, decimals and days as text, tables as lists of rows. What depends on other answers (show,
required, checks) no schema can say: ``answers`` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from keheng.matters.rules.files.parts import FormField

_FEN_A_YUAN = 100
_LONGEST = {"text": 200, "longtext": 20_000}
_LARGEST = 10**15
DECIMAL = r"^-?\d{1,15}(\.\d{1,6})?$"
PHONE = r"^\+?[0-9][0-9 -]{5,19}$"


def schema_of(fields: Sequence[FormField]) -> dict[str, Any]:
    """The schema of an object with these fields; ``required`` are those that are so whatever else is answered."""
    always = [field.id for field in fields if field.required is True and field.show is None and field.formula is None]
    return {
        "type": "object",
        "properties": {field.id: _of(field) for field in fields},
        "required": always,
        "additionalProperties": False,
    }


def _of(field: FormField) -> dict[str, Any]:
    made = {"title": field.label, **_kind(field)}
    if field.hint:
        made["description"] = field.hint
    if field.formula is not None:
        made["readOnly"] = True
    return made


def _kind(field: FormField) -> dict[str, Any]:
    low, high = field.min, field.max
    match field.type:
        case "integer" | "money":
            times = _FEN_A_YUAN if field.type == "money" else 1
            return {"type": "integer", "minimum": _times(low, times, -_LARGEST), "maximum": _times(high, times, _LARGEST)}
        case "decimal":
            return {"type": "string", "pattern": DECIMAL}
        case "date":
            return {"type": "string", "format": "date"}
        case "choice":
            return {"type": "string", "enum": list(field.options)}
        case "choices":
            return {"type": "array", "items": {"type": "string", "enum": list(field.options)}, "uniqueItems": True}
        case "yesno":
            return {"type": "boolean"}
        case "table":
            bounds = {"minItems": int(low or 0), "maxItems": int(high or 500)}
            return {"type": "array", "items": schema_of(field.cols) | {"required": []}, **bounds}
        case "phone":
            return {"type": "string", "pattern": PHONE}
        case "email":
            return {"type": "string", "format": "email", "maxLength": 254}
        case _:
            longest = int(high) if high is not None else _LONGEST.get(field.type, 40)
            return {"type": "string", "minLength": int(low or 0), "maxLength": longest}


def _times(bound: Decimal | None, times: int, otherwise: int) -> int:
    return otherwise if bound is None else int(bound * times)


def published(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A schema as others are given it."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:keheng:matter:{name}", **schema}
