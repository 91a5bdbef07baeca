"""Matters by whom they are for, and their guides for the search of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from keheng.kernel.search.documents import PUBLIC, Document
from keheng.matters.queries.addresses import address
from keheng.matters.queries.showing import words
from keheng.matters.rules.files.attached import window_on
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.files.shelf import all_in_force
from keheng.matters.rules.files.texts import texts

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
    """Guides as the search of the site finds them; what people say for them comes last, so that results show sentences."""
    for read in public_matters(day):
        matter = read.matter
        body = "\n".join(dict.fromkeys(filter(None, [*texts(matter), *matter.needs])))
        yield Document(KIND, matter.id, matter.title, body, address("matter", matter.id), PUBLIC, facets={"kind": "matter"}, weight=1.5)
