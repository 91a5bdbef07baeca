"""Matters by whom they are for, and their guides for the search of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from keheng.kernel.search.documents import PUBLIC, Document
from keheng.matters.queries.showing import words
from keheng.matters.rules.files.attached import window_on
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.files.shelf import all_in_force
from keheng.matters.rules.files.texts import said, texts

KIND = "matters.matter"
OFFICE = "office"


def public_matters(day: date, *, audience: str = "") -> list[Read]:
    """Matters that people outside may apply for."""
    return [read for read in all_in_force(day) if read.matter.kind != OFFICE and (not audience or audience in read.matter.audience)]


def office_matters(day: date) -> list[Read]:
    """Matters of the office itself."""
    return [read for read in all_in_force(day) if read.matter.kind == OFFICE]


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A matter that takes applications up to a day, which is included; its title in the language of the page."""

    matter: str
    title: str
    until: date


def open_calls(day: date) -> list[OpenCall]:
    """Matters for people outside whose call is open on a day, those that close first first."""
    found = ((read.matter, window_on(read.matter.open, day)) for read in public_matters(day))
    calls = [OpenCall(matter.id, words(matter, matter.title), window.until) for matter, window in found if window is not None]
    return sorted(calls, key=lambda one: (one.until, one.matter))


def documents(day: date) -> Iterator[Document]:
    """Guides as the search of the site finds them, one in each language that the file speaks."""
    for read in public_matters(day):
        for language in (settings.LANGUAGE_CODE, *read.matter.languages):
            yield _document(read.matter, language)


def refs(matter: str) -> list[str]:
    """What the guides of a matter may be called in the index, one for each language of the site."""
    return [_ref(matter, language) for language, _name in settings.LANGUAGES]


def _ref(matter: str, language: str) -> str:
    return matter if language == settings.LANGUAGE_CODE else f"{matter}:{language}"


def _document(matter: Matter, language: str) -> Document:
    """A guide in one language. What people say for it, in any language, comes last in the Chinese one: results show sentences."""
    own = language == settings.LANGUAGE_CODE
    title, *told = (said(matter, text, language) for text in texts(matter))
    body = "\n".join(dict.fromkeys(filter(None, [*told, *(matter.needs if own else ())])))
    with override(language):
        url = reverse("matters:matter", args=[matter.id])
    facets = {"kind": "matter", "language": language}
    return Document(KIND, _ref(matter.id, language), title, body, url, PUBLIC, facets=facets, weight=1.5)
