"""Texts of records on pages in other languages: what was translated, and what stands there in Chinese and is marked so."""

from __future__ import annotations

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language


class Translated(str):
    """A text in the language of the page."""

    __slots__ = ()


def in_chinese(text: object, most: int = 0) -> str | SafeString:
    """A text of a record, cut to ``most`` characters; marked as Chinese unless the page is or the text was translated."""
    said = str(text or "")
    shown = Truncator(said).chars(most) if most else said
    return format_html("<span{}>{}</span>", mark, shown) if said and (mark := chinese_mark(text)) else shown


def chinese_mark(text: object) -> str | SafeString:
    """The attribute that marks an element whose text in_chinese could not wrap, such as an option; nothing where none is due."""
    if isinstance(text, Translated) or get_language() == settings.LANGUAGE_CODE:
        return ""
    return format_html(' lang="{}"', settings.LANGUAGE_CODE)
