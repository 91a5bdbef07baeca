"""The draw: the pool is fixed and its digest published, the key revealed, and who drops out is replaced by a draw of the same kind."""

from __future__ import annotations

from secrets import token_hex

from django.urls import reverse
from django.utils.timezone import now

from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Refused, problem
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.review.actions.barring import write_bars
from keheng.review.actions.prints import KEEP
from keheng.review.actions.rounds import KIND, target
from keheng.review.enums import RoundState, SeatState
from keheng.review.events import RoundDrawn
from keheng.review.models import Draw, Entry, Observer, Round, Seat
from keheng.review.queries.pools import panel_of, pool_of
from keheng.review.rules.chance import commitment, digest
from keheng.review.rules.draw import drawn, sheet
from keheng.review.rules.rounds import commit_problems, reveal_problems, state_problems


@act("review.pledge", Refused)
def pledge_half(*, actor: Actor, pk: int, half: str) -> Observer:
    """An observer commits to half of the key before the draw: only its digest is kept, they keep the words."""
    row = Round.objects.select_for_update().get(pk=pk)
    one = Observer.objects.filter(round=row, account=actor.account).first()
    found = state_problems(row, RoundState.DRAFT)
    if one is None:
        found.append(problem("REVIEW_NOT_OBSERVER"))
    if len(half) < 12:  # noqa: PLR2004 -- words that nobody guesses
        found.append(problem("REVIEW_HALF_SHORT", "half", least=12))
    if one is None or found:
        raise Refused(found)
    one.commitment = commitment(half)
    one.save(update_fields=["commitment"])
    record("review.pledge", actor=actor, target=target(row), after=digest_of({"commitment": one.commitment}))
    return one


@act("review.commit", Refused)
def commit_draw(*, actor: Actor, pk: int) -> Draw:
    """Fix pool, avoidance and rules, and publish their digest with the commitments to the key's halves. Nothing of it changes any more."""
    row = Round.objects.select_for_update().get(pk=pk)
    if found := commit_problems(row):
        raise Refused(found)
    write_bars(row)
    half = token_hex(32)
    pledged = row.observers.exclude(commitment="").order_by("pk").values_list("commitment", flat=True)
    one = sheet(pool_of(row), [commitment(half), *pledged])
    made = Draw.objects.create(round=row, number=0, sheet=one, digest=digest(one), own_half=half, committed_at=now())
    row.state = RoundState.COMMITTED
    row.save(update_fields=["state"])
    enqueue(KEEP, {"round": row.pk}, key=f"review:{row.pk}")
    record("review.commit", actor=actor, target=target(row), after=digest_of({"digest": made.digest}))
    return made


@act("review.hand_in", Refused)
def hand_in_half(*, actor: Actor, pk: int, half: str) -> Observer:
    """An observer hands in the half they committed to, after the digest was published."""
    row = Round.objects.select_for_update().get(pk=pk)
    one = Observer.objects.filter(round=row, account=actor.account).exclude(commitment="").first()
    found = state_problems(row, RoundState.COMMITTED)
    if one is None:
        found.append(problem("REVIEW_NOT_OBSERVER"))
    elif commitment(half) != one.commitment:
        found.append(problem("REVIEW_HALF_OTHER", "half"))
    if one is None or found:
        raise Refused(found)
    one.half = half
    one.save(update_fields=["half"])
    record("review.hand_in", actor=actor, target=target(row))
    return one


@act("review.reveal", Refused)
def reveal_draw(*, actor: Actor, pk: int) -> Draw:
    """Reveal the key and seat the judges by it; from now on anyone can run the draw again."""
    row = Round.objects.select_for_update().get(pk=pk)
    if found := reveal_problems(row):
        raise Refused(found)
    one = row.draws.get(number=0)
    halves = [one.own_half, *row.observers.exclude(commitment="").order_by("pk").values_list("half", flat=True)]
    _seat(one, halves)
    row.state = RoundState.SCORING
    row.save(update_fields=["state"])
    record("review.reveal", actor=actor, target=target(row), after=digest_of({"seats": one.seats}))
    emit(RoundDrawn(row.pk))
    return one


def draw_again(row: Round, *, further: Entry | None = None) -> Draw:
    """Fill empty seats with the others kept, inside the caller's act; ``further`` is an entry that gets one more reading."""
    first = row.draws.get(number=0)
    number = row.draws.count()
    one = sheet(pool_of(row, further=further), first.sheet["commitments"], number)
    made = Draw(round=row, number=number, sheet=one, digest=digest(one), own_half=first.own_half, committed_at=now())
    _seat(made, list(first.halves or ()))
    return made


def _seat(one: Draw, halves: list[str]) -> None:
    """Run the draw, keep what came of it, and tell the judges who were drawn."""
    found = drawn(one.sheet, halves)
    one.halves, one.seats, one.drawn_at, one.islands = halves, [[seat.entry, seat.judge] for seat in found.seats], now(), found.islands
    one.empty = [[entry, kind, count] for (entry, kind), count in found.empty.items()]
    one.save()
    entries, panel = dict(one.round.entries.values_list("code", "pk")), {who.code: who for who in panel_of(one.round)}
    known = set(Seat.objects.filter(entry__round=one.round).exclude(state=SeatState.DROPPED).values_list("entry__code", "panelist__code"))
    new = [seat for seat in found.seats if (seat.entry, seat.judge) not in known]
    Seat.objects.bulk_create(Seat(entry_id=entries[seat.entry], panelist=panel[seat.judge], draw=one) for seat in new)
    tell(
        {panel[seat.judge].account for seat in new}, kind=KIND, key=f"review:{one.round_id}:drawn:{one.number}",
        title=f"您有新的评审任务：{one.round.title}", url=reverse("review:desk"),
    )  # fmt: skip
