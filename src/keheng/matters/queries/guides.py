"""Matters as people look for them: by whom they are for, by topic, by words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from keheng.kernel.search.documents import PUBLIC, Document
from keheng.matters.queries.addresses import address
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.files.shelf import all_in_force
from keheng.matters.rules.files.texts import texts

KIND = "matters.matter"
OFFICE = "office"


def public_matters(day: date, *, audience: str = "", text: str = "") -> list[Read]:
    """Matters that people outside may apply for; ``text`` is looked for in all that a file says, in any of its languages."""
    wanted = text.strip().lower()
    return [
        read for read in all_in_force(day)
        if read.matter.kind != OFFICE and (not audience or audience in read.matter.audience) and wanted in _said(read)
    ]  # fmt: skip


def office_matters(day: date) -> list[Read]:
    """Matters of the office itself."""
    return [read for read in all_in_force(day) if read.matter.kind == OFFICE]


def _said(read: Read) -> str:
    matter = read.matter
    translations = (word for one in matter.words.values() for word in (one.en, one.ja, one.ko))
    return "\n".join([*texts(matter), *translations]).lower()


def documents(day: date) -> Iterator[Document]:
    """Guides as the search of the site finds them."""
    for read in public_matters(day):
        matter = read.matter
        body = "\n".join(dict.fromkeys(filter(None, texts(matter))))
        yield Document(KIND, matter.id, matter.title, body, address("matter", matter.id), PUBLIC, weight=1.5)
