"""Bulletins as their files describe them: words with places for numbers, and the query behind each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.periods import Period

_PLACE = re.compile(r"\{(\w+)\}")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Query(_Part):
    """A saved query: a measure in a scope, over the month, the month before, or the year up to the end of the month."""

    say: str
    measure: str
    scope: Mapping[str, str] = {}
    span: Literal["month", "month_before", "year_so_far"] = "month"

    def period(self, month: date) -> Period:
        """The days it looks at."""
        own = Period.month(month.year, month.month)
        if self.span == "month_before":
            return own.moved(-1)
        return own if self.span == "month" else Period(date(month.year, 1, 1), own.end, "year")


class Section(_Part):
    """A heading and its paragraphs."""

    title: str
    texts: tuple[str, ...] = Field(min_length=1)


class Template(_Part):
    """A bulletin: ``{name}`` in its words is the number of that query."""

    id: str
    title: str
    queries: Mapping[str, Query]
    sections: tuple[Section, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _all_used(self) -> Self:
        used = {name for section in self.sections for text in section.texts for name in _PLACE.findall(text)}
        if used != set(self.queries):
            raise ValueError(f"{self.id}: words and queries differ in {', '.join(sorted(used ^ set(self.queries)))}")
        return self

    def heading(self, month: date) -> str:
        """The title of a month's bulletin."""
        return self.title.format(year=month.year, month=month.month)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """A paragraph in pieces: ("text", words) and ("query", name)."""
    for number, one in enumerate(_PLACE.split(text)):
        if one:
            yield ("query" if number % 2 else "text"), one


@cache
def templates() -> Mapping[str, Template]:
    """All bulletins by name; raises ValueError (pydantic's) for a file that cannot be used."""
    files = sorted(definitions_folder("matters").parent.glob("*/bulletins/*.yaml"))
    found = [Template.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)) for path in files]
    return {one.id: one for one in found}
