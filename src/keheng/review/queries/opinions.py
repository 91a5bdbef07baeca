"""What judges wrote: points by criterion, and the reasons each of them owes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from keheng.review.enums import SeatState, rubric_from
from keheng.review.models import Entry, Seat


@dataclass(frozen=True, slots=True)
class Opinion:
    """A reading that was handed in: who read, each criterion of the rubric with its points, the total of 100, the comment."""

    judge: str
    name: str
    points: Sequence[tuple[str, Decimal | None]]
    total: Decimal
    comment: str
    at: datetime | None


def opinions_of(entry: Entry) -> list[Opinion]:
    """All readings of an entry by the codes of the judges; two queries."""
    criteria = [(one.code, one.zh) for one in rubric_from(entry.round.rubric).criteria]
    seats = Seat.objects.filter(entry=entry, state=SeatState.SUBMITTED).select_related("panelist__expert__person")
    return [_opinion(seat, criteria) for seat in seats.prefetch_related("marks").order_by("panelist__code")]


def opinions_on(reference: str, kind: str) -> list[Opinion]:
    """The readings of a subject in its latest round of a kind."""
    entry = Entry.objects.filter(reference=reference, round__kind=kind, withdrawn_at=None).select_related("round").order_by("-pk").first()
    return [] if entry is None else opinions_of(entry)


def _opinion(seat: Seat, criteria: Sequence[tuple[str, str]]) -> Opinion:
    given: Mapping[str, Decimal] = {mark.criterion: mark.points for mark in seat.marks.all()}
    judge = seat.panelist
    points = [(zh, given.get(code)) for code, zh in criteria]
    return Opinion(judge.code, judge.expert.person.name, points, seat.total or Decimal(), seat.comment, seat.submitted_at)
