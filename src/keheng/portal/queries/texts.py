"""Texts of records in the language of the page, in Chinese where nobody translated them."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import get_language

from keheng.kernel.spoken import Translated


class Spoken(Protocol):
    """A record with translations: ``{"en": {"title": …}}``."""

    translations: dict[str, dict[str, str]]


def spoken(row: Spoken, field: str, language: str | None = None) -> str:
    """A text of a record in a language, the active one where none is named; in Chinese, it is no ``Translated``."""
    said = row.translations.get(language or get_language() or "", {})
    translated = said.get(field)
    return Translated(translated) if translated else str(getattr(row, field))
