"""Texts of records on pages in other languages: what was translated, and what stands there in Chinese and is marked so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, get_language_from_path
from django.utils.translation import gettext as _

from keheng.kernel.errors import Problem


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


def told(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems with ``zh`` and ``remedy_zh`` in the language of the page; English, marked as such, where they have no words in it.

    Saying it twice changes nothing.
    """
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return tuple(replace(one, zh=_said(one, "", language), remedy_zh=_said(one, "remedy_", language)) for one in problems)


def _said(one: Problem, part: str, language: str) -> str:
    text: str = getattr(one, part + language, "")
    english: str = getattr(one, f"{part}en")
    return format_html('<span lang="en">{}</span>', english) if english and not text else text


def what_is_wrong(problem: Problem) -> str:
    """What is wrong, in the language of the page."""
    return told([problem])[0].zh


def in_a_line(problem: Problem) -> str:
    """A problem and its remedy in the language of the page."""
    (one,) = told([problem])
    return format_html("{}{}{}", one.zh, _("："), one.remedy_zh) if one.remedy_zh else one.zh


def without_language(path: str) -> str:
    """A path as it is in Chinese: without the language that it may begin with."""
    return path if get_language_from_path(path) is None else path[path.index("/", 1) :]
