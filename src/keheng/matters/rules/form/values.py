"""One answer: from what was typed to what is kept, to a fact for rules, to what is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from keheng.kernel.credit_code import normalise
from keheng.kernel.money import Money, NotMoneyError
from keheng.matters.rules.files.parts import FormField
from keheng.matters.rules.form.schema import DECIMAL

YES, NO = "是", "否"
_FEN = Decimal("0.01")
_FEN_A_YUAN = 100
_TRUTHS = {"yes": True, "no": False, YES: True, NO: False, "True": True, "False": False, "true": True, "false": False}


def taken(field: FormField, typed: Any) -> Any:
    """What is kept of an answer; None for an empty one. What cannot be understood is kept as it was typed, and found by the check."""
    if field.type == "table":
        return _table(field, typed)
    if field.type == "choices":
        parts = [typed] if isinstance(typed, str) else typed if isinstance(typed, Sequence) else []
        return [str(one).strip() for one in parts if str(one).strip()] or None
    text = "" if typed is None else str(typed).replace("\r\n", "\n").strip()
    if not text:
        return None
    match field.type:
        case "integer":
            return _whole(text)
        case "money":
            return _fen(text)
        case "decimal":
            return text.replace(",", "")
        case "yesno":
            return _TRUTHS.get(text, text)
        case "credit_code":
            return normalise(text)
        case _:
            return text


def _table(field: FormField, typed: Any) -> list[dict[str, Any]] | None:
    rows = typed if isinstance(typed, Sequence) and not isinstance(typed, str) else []
    made = [{col.id: taken(col, row.get(col.id)) for col in field.cols} for row in rows if isinstance(row, Mapping)]
    kept = [{name: value for name, value in row.items() if value is not None} for row in made]
    return [row for row in kept if row] or None


def _whole(text: str) -> int | str:
    plain = text.replace(",", "")
    return int(plain) if plain.removeprefix("-").isascii() and plain.removeprefix("-").isdigit() and len(plain) <= 15 else text  # noqa: PLR2004 -- digits of the largest number


def _fen(text: str) -> int | str:
    try:
        return Money.yuan(text.removesuffix("元").strip()).fen
    except NotMoneyError:
        return text


def fact(field: FormField, kept: Any) -> Any:
    """An answer as rules see it: money in yuan, days as days; None for what is missing or cannot be understood."""
    match field.type:
        case "money":
            return Decimal(kept) / _FEN_A_YUAN if type(kept) is int else None
        case "integer":
            return kept if type(kept) is int else None
        case "decimal":
            return _decimal(kept)
        case "date":
            return _day(kept)
        case "yesno":
            return kept if isinstance(kept, bool) else None
        case "table":
            return [{col.id: fact(col, row.get(col.id)) for col in field.cols} for row in kept] if isinstance(kept, list) else None
        case "choices":
            return kept if isinstance(kept, list) else None
        case _:
            return kept if isinstance(kept, str) else None


def _decimal(kept: Any) -> Decimal | None:
    return Decimal(kept) if isinstance(kept, str) and re.fullmatch(DECIMAL, kept) else None


def _day(kept: Any) -> date | None:
    try:
        return date.fromisoformat(kept) if isinstance(kept, str) else None
    except ValueError:
        return None


def computed(field: FormField, value: Any) -> Any:
    """What is kept of a formula's value: money rounded once to the fen, half up; None while it is unknown."""
    if value is None or isinstance(value, bool | str | date):
        return None
    number = Decimal(value)
    if field.type == "money":
        return int(number.quantize(_FEN, ROUND_HALF_UP) * _FEN_A_YUAN)
    if field.type == "integer":
        return int(number.quantize(Decimal(1), ROUND_HALF_UP))
    return f"{number.quantize(Decimal('0.000001'), ROUND_HALF_UP).normalize():f}"


def shown_as(field: FormField, kept: Any) -> str:
    """An answer in Chinese words."""
    if kept is None:
        return ""
    match field.type:
        case "money":
            return f"{Money(kept)} 元" if type(kept) is int else str(kept)
        case "yesno":
            return {True: YES, False: NO}.get(kept, str(kept))
        case "choices":
            return "、".join(kept)
        case "table":
            return f"{len(kept)} 行"
        case _:
            return f"{kept} {field.unit}".strip()


def typed_as(field: FormField, kept: Any) -> Any:
    """An answer as an input shows it; what could not be understood as it was typed."""
    if kept is None:
        return ""
    if field.type == "money" and type(kept) is int:
        return str(Money(kept)).replace(",", "")
    if field.type == "yesno" and isinstance(kept, bool):
        return "yes" if kept else "no"
    return kept if field.type in {"choices", "table"} else str(kept)
