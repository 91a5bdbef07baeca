"""Pieces of a matter's file that tell when it is open, how it is reviewed, and what is paid on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from keheng.matters.rules.files.part import Part
from keheng.matters.rules.files.values import Days, MatterId, Name, Span, Term, Text

_WHOLE, _FEN = 100, 100
ANY_KIND = "专家"
LISTED = "列入名单"
_SERVED = "served_last_"
Avoid = Annotated[str, StringConstraints(pattern=rf"^(unit|{_SERVED}[1-9])$")]
Share = Annotated[str, StringConstraints(pattern=r"^[1-9]\d?%$|^100%$")]


class Window(Part):
    """A call 征集: applications are begun and handed in on the days ``from`` to ``to``, both included."""

    title: Text
    since: date = Field(alias="from")
    until: date = Field(alias="to")


def window_on(windows: Iterable[Window], day: date) -> Window | None:
    """The call that is open on a day; None when there is none."""
    return next((one for one in windows if one.since <= day <= one.until), None)


class Objection(Part):
    """How a decision may be objected to: within how many days by 行政复议, within how many months in court."""

    review: Days
    court: Term

    @property
    def said(self) -> str:
        """As a letter says it."""
        days = f"{self.review.days} 个工作日" if self.review.working else f"{self.review.days} 日"
        return f"如不服本决定，可以自收到之日起 {days}内申请行政复议，或者 {self.court.count} 个月内向人民法院提起行政诉讼。"


class Excludes(Part):
    """Judges whom the applicant does not want: a ``table`` of the form with a person, a unit or both, and the reason."""

    table: Name
    name: Name
    unit: Name
    reason: Name


class Review(Part):
    """How experts judge the cases that come into a state with this review.

    ``rubric`` and ``combine`` are codes of ``definitions/review``; ``seats`` are judges of an entry, by kind or in all; ``most`` entries
    a judge reads; ``quota`` may be proposed, in number or as a share of the round (nothing: all), none below ``line`` of 100 points.
    ``days`` are given for reading, ``publicity`` for objections (``none``: the list stays inside). ``shows`` are the answers that
    judges read, the first is the title: none of them may tell whose it is. ``own`` is the applicant's own score, shown to the office
    beside the experts'. ``avoid``: whose judges must keep away, besides those whom the directory knows to be related;
    ``served_last_2``: also who judged in any of the last two rounds of the same review. ``excludes``: whom the applicant names.
    ``near`` are answers that name people of the applicant's unit whom the judges must not be or be close to, ``employers`` answers
    that name units of the directory whose people keep away. ``hides`` are answers whose words must not occur in what judges read.
    ``files`` are the materials that judges may open: where words are hidden, those in which they are found are withheld. ``tells``
    is what the applicant learns once the round is over or its list is published; nothing where it is not said.
    ``listed`` is what those on its list are called, ``fee`` what a judge gets for a reading, in yuan before tax (nothing: the parameter).
    """

    title: Text | Literal[""] = ""
    rubric: Name = "innovation"
    combine: Name = "mean"
    seats: int | Mapping[Text, int] = Field(union_mode="left_to_right")
    odd: bool = True
    most: int = Field(default=20, ge=1)
    quota: int | Share | None = Field(default=None, union_mode="left_to_right")
    line: Decimal | None = None
    days: Days = Span(10)
    publicity: Literal["none"] | Days = Field(default=Span(5), union_mode="left_to_right")
    listed: Text = Field(default=LISTED, max_length=20)
    fee: Decimal | None = Field(default=None, ge=0, decimal_places=2)
    avoid: tuple[Avoid, ...] = ("unit",)
    excludes: Excludes | None = None
    shows: tuple[Name, ...] = ()
    own: Name | None = None
    near: tuple[Name, ...] = ()
    employers: tuple[Name, ...] = ()
    hides: tuple[Name, ...] = ()
    files: tuple[Name, ...] = ()
    tells: tuple[Literal["score", "opinions"], ...] = ()

    @property
    def public_days(self) -> int:
        """Working days of publicity; 0 where the list stays inside."""
        return 0 if isinstance(self.publicity, str) else self.publicity.days

    @property
    def fee_fen(self) -> int | None:
        """The fee of a reading in fen."""
        return None if self.fee is None else int(self.fee * _FEN)

    @property
    def rests(self) -> int:
        """In how many of the last rounds a judge must not have judged."""
        return max((int(one.removeprefix(_SERVED)) for one in self.avoid if one.startswith(_SERVED)), default=0)

    @property
    def kinds(self) -> Mapping[str, int]:
        """Seats of an entry by kind of judge."""
        return {ANY_KIND: self.seats} if isinstance(self.seats, int) else dict(self.seats)

    def places(self, entries: int) -> int:
        """How many of so many entries may be proposed; a share is rounded up."""
        if self.quota is None:
            return entries
        if isinstance(self.quota, int):
            return min(self.quota, entries)
        return math.ceil(entries * int(self.quota.removesuffix("%")) / _WHOLE)


class Person(Part):
    """Somebody whom a case names: by the field of their identity number, and that of the day of birth it must agree with.

    A person stands in one case of a call. Where they ``stay`` nobody else takes the place once the case was handed in, unless a
    correction asks for the number.
    """

    number: Name
    born: Name | None = None
    stay: bool = False


class Holder(Part):
    """Whom a permit is for: the fields of the name, and of the number of a document that may be renewed and so is no key."""

    name: Name
    number: Name


class Quota(Part):
    """How many cases of a call a unit or a district may take a move with.

    ``most`` is one number, or one for each district by its code, or by the answer to ``of``; ``other`` where none is told.
    """

    title: Text
    by: Literal["unit", "district"]
    most: Annotated[int, Field(ge=0)] | Mapping[Text, Annotated[int, Field(ge=0)]] = Field(union_mode="left_to_right")
    of: Name | None = None
    other: int = Field(default=0, ge=0)
    source: Text
    confirmed: bool = True

    def places(self, district: str, answer: str) -> int:
        """How many there are for a case of a district with an answer to ``of``."""
        if isinstance(self.most, int):
            return self.most
        return self.most.get(answer if self.of is not None else district, self.other)


class FromPolicy(Part):
    """The policy that a matter was made from, and the SHA-256 of its text then."""

    id: MatterId
    version: date
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Plan(Part):
    """Payments that a contract promises: its ``table`` has a row for each, with a title, an amount and a day; ``total`` is the grant."""

    table: Name
    title: Name
    amount: Name
    day: Name
    total: Name


class Pays(Part):
    """A case that asks for a payment of its parent's plan: by its number, from 1, and how much of it."""

    number: Name
    amount: Name
