"""Numbers as strangers write them, in addresses and in what they send: no database keeps one of more than 18 digits, and ² is no digit."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import register_converter
from django.urls.converters import IntConverter

_MOST_DIGITS = 18


class RowNumber(IntConverter):
    """``<row:pk>``: a longer number is the address of nothing (404), where Django's ``int`` lets the database fail."""

    regex = rf"[0-9]{{1,{_MOST_DIGITS}}}"


def whole(text: str) -> int | None:
    """The whole number that was sent, from 0; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def wholes(texts: Iterable[str]) -> list[int]:
    """The whole numbers among what was sent, such as ticked rows; what is none is left out."""
    return [number for one in texts if (number := whole(one)) is not None]


register_converter(RowNumber, "row")
