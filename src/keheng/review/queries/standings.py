"""Where a subject stands in its review, for whoever handed it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q

from keheng.kernel.objections.stated import ObjectionState
from keheng.review.enums import SeatState
from keheng.review.models import Entry

# Where the page of a subject stands, by what comes before ":" in its reference.
_pages: dict[str, Callable[[str], str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectStanding:
    """A subject's place in a round, by its ``code`` there.

    ``judged``: there is an official result. ``inside``: the list of the round is not published. ``readings`` were drawn for it,
    ``handed_in`` of them are done. ``public_until``: the last day of objections. ``open_objections`` wait for an answer.
    ``levelled`` is the score without the strictness of judges; it decides nothing.
    """

    reference: str
    round: int
    kind: str
    title: str
    state: str
    state_said: str
    code: str
    readings: int
    handed_in: int
    judged: bool
    official: Decimal | None
    levelled: Decimal | None
    proposed: bool
    inside: bool
    public: bool
    public_until: date | None
    open_objections: int


def standings_of(reference: str) -> list[SubjectStanding]:
    """The rounds that a subject is in and was not taken out of, the latest first; one query."""
    live = Q(seats__state__in=[SeatState.OPEN, SeatState.SUBMITTED])
    rows = Entry.objects.filter(reference=reference, withdrawn_at=None).select_related("round").defer("document", "round__rubric")
    counted = rows.annotate(
        readings=Count("seats", filter=live, distinct=True),
        handed_in=Count("seats", filter=Q(seats__state=SeatState.SUBMITTED), distinct=True),
        waiting=Count("objections", filter=Q(objections__state=ObjectionState.OPEN), distinct=True),
    )
    return [_standing(one, one.readings, one.handed_in, one.waiting) for one in counted.order_by("-pk")]


def standing_of(reference: str, kind: str) -> SubjectStanding | None:
    """The latest round of a kind that a subject is in; None when there is none."""
    return next((one for one in standings_of(reference) if one.kind == kind), None)


def _standing(one: Entry, readings: int, handed_in: int, waiting: int) -> SubjectStanding:
    row = one.round
    public = row.published_at is not None
    return SubjectStanding(
        reference=one.reference, inside=row.stays_inside, round=row.pk, kind=row.kind,
        title=f"{row.number} {row.title}", state=row.state, state_said=row.state_said,
        code=one.code, readings=readings, handed_in=handed_in,
        judged=row.has_results and one.official is not None,
        official=one.official, levelled=one.levelled, proposed=one.proposed, public=public, public_until=row.objections_until,
        open_objections=waiting,
    )  # fmt: skip


def bind_page(prefix: str, address: Callable[[str], str]) -> None:
    """Say where subjects whose reference begins with ``prefix:`` have their page."""
    _pages[prefix] = address


def page_of(reference: str) -> str:
    """The address of a subject's page; '' where it has none."""
    prefix, _, rest = reference.partition(":")
    return _pages[prefix](rest) if prefix in _pages else ""
