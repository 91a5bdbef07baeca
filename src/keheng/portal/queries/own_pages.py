"""Pages of the site that are no articles, found by the words people use for them: ``definitions/portal/pages.json``."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from keheng.portal.enums.content import Term, definition


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page with what it is for."""

    title: Term
    text: Term
    url: str
    icon: str


def pages_about(asked: str, most: int = 3) -> list[OwnPage]:
    """Pages one of whose words is asked for or is part of what is asked for; those with the longest such word first."""
    text = asked.strip().casefold()
    found = []
    for code, one in definition("pages").items():
        fitting = [len(word) for word in one["words"] if text and (word in text or (len(text) > 1 and text in word))]
        if fitting:
            page = OwnPage(Term(code, one["title"]), Term(code, one["text"]), reverse(one["address"]), one["icon"])
            found.append((-max(fitting), page))
    return [page for _, page in sorted(found, key=lambda one: one[0])[:most]]
