"""Subjects that come one by one: each enters the round of its batch that is still open to more, and may be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from keheng.kernel.errors import Refused
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.review.actions.rounds import entry_of, give_papers, made_round, target
from keheng.review.enums import RoundState, SeatState
from keheng.review.models import Entry, Round, Seat
from keheng.review.rules.rounds import RoundFacts, Subject, opening_problems

_BEFORE_RESULTS = frozenset({RoundState.DRAFT, RoundState.COMMITTED, RoundState.SCORING})
_WITHDRAWN = "申报方已撤回"


@act("review.enter", Refused)
def enter_round(*, actor: Actor, batch: str, facts: RoundFacts, subject: Subject, places: Callable[[int], int]) -> Entry:
    """Put a subject into the round of its batch that is being prepared; open one by ``facts`` where there is none.

    ``places`` tells how many of so many entries may be proposed: the quota follows what the round holds.
    """
    if found := opening_problems(facts, [subject], localdate()):
        raise Refused(found)
    row = _waiting(batch) or _opened(actor, batch, facts)
    # Codes are given in the order of the rows; as texts "E999" stands behind "E1000".
    last = row.entries.order_by("-pk").values_list("code", flat=True).first() or "E000"
    made = entry_of(row, f"E{int(last[1:]) + 1:03d}", subject)
    made.save()
    give_papers(made, subject)
    _set_quota(row, places)
    record("review.enter", actor=actor, target=target(row), after=digest_of({"entry": made.code, "reference": subject.reference}))
    return made


def _waiting(batch: str) -> Round | None:
    return Round.objects.select_for_update().filter(batch=batch, state=RoundState.DRAFT).first()


def _opened(actor: Actor, batch: str, facts: RoundFacts) -> Round:
    """A new round of the batch; of two that are opened at once the database keeps one, and the other subject enters that."""
    try:
        with transaction.atomic():
            return made_round(actor, facts, batch)
    except IntegrityError:
        row = _waiting(batch)
        if row is None:
            raise
        return row


def _set_quota(row: Round, places: Callable[[int], int]) -> None:
    live = row.entries.filter(withdrawn_at=None).count()
    Round.objects.filter(pk=row.pk).update(quota=max(1, places(live)))


@act("review.withdraw", Refused)
def withdraw_subject(*, actor: Actor, reference: str, places: Mapping[str, Callable[[int], int]]) -> int:
    """Take a subject out of every round that goes on: open readings fall away, what was read counts no longer; how many rounds.

    ``places`` tells by kind of round how many of so many entries may be proposed: before there are results the quota follows.
    """
    rows = Round.objects.select_for_update().filter(entries__in=_live(reference)).exclude(state=RoundState.CLOSED).order_by("pk")
    for row in list(rows):
        entry = row.entries.get(reference=reference)
        entry.withdrawn_at, entry.proposed = now(), False
        entry.save(update_fields=["withdrawn_at", "proposed"])
        Seat.objects.filter(entry=entry, state=SeatState.OPEN).update(state=SeatState.DROPPED, reason=_WITHDRAWN)
        if row.state in _BEFORE_RESULTS and row.kind in places:
            _set_quota(row, places[row.kind])
        record("review.withdraw", actor=actor, target=target(row), after=digest_of({"entry": entry.code}), reason=_WITHDRAWN)
    return len(rows)


def _live(reference: str) -> list[int]:
    return list(Entry.objects.filter(reference=reference, withdrawn_at=None).values_list("pk", flat=True))
