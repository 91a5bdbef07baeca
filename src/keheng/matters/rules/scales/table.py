"""A points table as its file describes it: every row is data with its source; several editions circulate side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from keheng.kernel.definitions import definitions_folder

Words = Mapping[str, str]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Band(_Part):
    """A stretch of a number, ``[from, to)``; without ``to`` up to the band above. ``each``: points for each further whole unit."""

    begin: Decimal = Field(alias="from")
    end: Decimal | None = Field(None, alias="to")
    points: Decimal
    each: Decimal = Decimal(0)


class Choice(_Part):
    """One answer of several. ``fixed``: nobody comes by it with time or effort."""

    value: str
    points: Decimal
    title: Words
    fixed: bool = False


class _Item(_Part):
    id: str
    title: Words
    most: Decimal
    unit: Words = {}
    # Whether it can be raised by whoever wants another class.
    lift: bool = False


class Bands(_Item):
    """A number falls in a band; ``whole``: in whole units; below ``refuse_below`` nobody is admitted at all."""

    kind: Literal["bands"]
    rows: tuple[Band, ...]
    whole: bool = False
    top: Decimal | None = None
    refuse_below: Decimal | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(above.begin <= below.begin or (below.end or above.begin) > above.begin for above, below in pairwise(self.rows)):
            raise ValueError(f"{self.id}: bands stand from the highest down and do not overlap")
        return self

    def end_of(self, place: int) -> Decimal | None:
        """Where a band ends, None for the highest: its own end, or where the band above begins."""
        return self.rows[place].end or (self.rows[place - 1].begin if place else None)


class Choices(_Item):
    """One of several answers (``choice``), or the best of those that hold (``best``)."""

    kind: Literal["choice", "best"]
    rows: tuple[Choice, ...]


class Given(_Item):
    """Points given by an office, from 0 to the most."""

    kind: Literal["given"]


Item = Annotated[Bands | Choices | Given, Field(discriminator="kind")]


class Source(_Part):
    """Where a table stands, which copy was read, and whether it was compared with the original."""

    doc: str
    number: str
    copy_read: str = Field(alias="copy")
    confirmed: bool

    @property
    def cited(self) -> str:
        """The document with its number."""
        return f"{self.doc}（{self.number}）"


class PointsTable(_Part):
    """A table of an edition: items whose maxima add up to ``total``, and classes from so many points on, the best first."""

    id: str
    edition: str
    begins: date = Field(alias="from")
    title: Words
    source: Source
    total: Decimal
    classes: Mapping[str, Decimal]
    items: tuple[Item, ...]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if sum(item.most for item in self.items) != self.total:
            raise ValueError(f"{self.id} {self.edition}: the maxima do not add up to {self.total}")
        for item in self.items:
            if not isinstance(item, Given) and max(row.points for row in item.rows) > item.most:
                raise ValueError(f"{self.id} {self.edition}: a row of {item.id} gives more than {item.most}")
        return self

    def class_of(self, points: Decimal) -> str:
        """The best class that so many points reach."""
        return next(name for name, bar in sorted(self.classes.items(), key=lambda one: -one[1]) if points >= bar)


@cache
def editions(table: str) -> tuple[PointsTable, ...]:
    """All editions of a table, the latest first; raises ValueError (pydantic's) for a file that does not add up, KeyError for none."""
    files = sorted(definitions_folder("matters").parent.glob("*/tables/*.yaml"))
    found = [read for read in map(_read, files) if read.id == table]
    if not found:
        raise KeyError(table)
    return tuple(sorted(found, key=lambda one: one.begins, reverse=True))


def edition_on(table: str, day: date) -> PointsTable:
    """The edition in force on a day, the earliest one for days before all of them."""
    return next((one for one in editions(table) if one.begins <= day), editions(table)[-1])


def _read(path: Path) -> PointsTable:
    return PointsTable.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
