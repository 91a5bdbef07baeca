"""Amounts that were typed in another currency: told as such, never taken for yuan."""

from __future__ import annotations

import json
import unicodedata
from functools import cache

from keheng.kernel.definitions import definitions_folder

Names = tuple[str, str, str, str]
"""Of a currency, in Chinese, English, Japanese and Korean."""


def foreign_currency(typed: str) -> Names | None:
    """The currency that an amount is written in, in four languages; None for yuan, and for what names no currency."""
    text = unicodedata.normalize("NFKC", typed).lower()
    return next((names for said, names in _known() if said in text), None)


@cache
def _known() -> tuple[tuple[str, Names], ...]:
    """Every way to say a currency, the longest first: ``hk$`` is no ``$``."""
    told = json.loads((definitions_folder("matters") / "currencies.json").read_text(encoding="utf-8"))
    said = [(word, (one["zh"], one["en"], one["ja"], one["ko"])) for one in told.values() if isinstance(one, dict) for word in one["said"]]
    return tuple(sorted(said, key=lambda pair: -len(pair[0])))
