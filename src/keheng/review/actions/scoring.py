"""Readings are handed in, once; a further one is asked for where judges disagree; the rule of the programme makes the result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.utils.timezone import now

from keheng.kernel.errors import Refused
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.review.actions.draws import draw_again
from keheng.review.actions.rounds import target
from keheng.review.enums import RoundState, SeatState, rubric_from
from keheng.review.models import Draw, Entry, Mark, Round, Seat
from keheng.review.rules.combining import combinations, total_of
from keheng.review.rules.leveling import Given, Levelling, level
from keheng.review.rules.ranking import Standing, flipping, proposed
from keheng.review.rules.rounds import combining_problems, scoring_problems, third_problems

_CENTS = Decimal("0.01")


@act("review.score", Refused)
def submit_scores(*, actor: Actor, seat: int, points: Mapping[str, Decimal | None], comment: str) -> Seat:
    """Hand in a reading. It is locked from then on."""
    Round.objects.select_for_update().get(entries__seats=seat)
    one = Seat.objects.select_for_update(of=("self",)).select_related("panelist__round", "panelist__expert", "entry").get(pk=seat)
    rubric = rubric_from(one.panelist.round.rubric)
    if found := scoring_problems(one, actor, rubric, points, comment):
        raise Refused(found)
    given = {criterion.code: Decimal(points[criterion.code] or 0) for criterion in rubric.criteria}
    Mark.objects.bulk_create(Mark(seat=one, criterion=code, points=value) for code, value in given.items())
    one.state, one.total, one.submitted_at, one.comment = SeatState.SUBMITTED, total_of(given, rubric.weights), now(), comment.strip()
    one.save(update_fields=["state", "total", "submitted_at", "comment"])
    record("review.score", actor=actor, target=f"seat:{one.pk}", after=digest_of({"total": one.total}))
    return one


@act("review.third", Refused)
def ask_further_reading(*, actor: Actor, entry: int) -> Draw:
    """One more judge reads an entry on which the others disagree."""
    row = Round.objects.select_for_update().get(entries=entry)
    one = Entry.objects.select_related("round").get(pk=entry)
    if found := third_problems(one):
        raise Refused(found)
    made = draw_again(row, further=one)
    record("review.third", actor=actor, target=target(row), after=digest_of({"entry": one.code}))
    return made


@act("review.combine", Refused)
def combine_round(*, actor: Actor, pk: int) -> Round:
    """Make the official result by the rule, and the levelled score beside it; the quota decides who is proposed."""
    row = Round.objects.select_for_update().get(pk=pk)
    if found := combining_problems(row):
        raise Refused(found)
    entries, found_scores = {one.code: one for one in row.entries.filter(withdrawn_at=None)}, _scores(row)
    way = combinations()[row.combination]
    levelling = level([Given(entry, judge, float(score)) for entry, some in found_scores.items() for judge, score in some])
    for code, some in found_scores.items():
        entries[code].official = way([score for _, score in some])
    _beside(entries, levelling)
    line = row.line or Decimal()
    standings = [
        Standing(one.code, one.official or Decimal(), one.levelled) for one in entries.values() if (one.official or Decimal()) >= line
    ]
    chosen, flips = proposed(standings, row.quota), flipping(standings, row.quota)
    for one in entries.values():
        one.proposed, one.flips = one.code in chosen, one.code in flips
    Entry.objects.bulk_update(entries.values(), ["official", "levelled", "low", "high", "proposed", "flips"], batch_size=500)
    row.state = RoundState.COMBINED
    row.save(update_fields=["state"])
    record("review.combine", actor=actor, target=target(row), after=digest_of({"proposed": sorted(chosen)}))
    return row


def _scores(row: Round) -> dict[str, list[tuple[str, Decimal]]]:
    """By entry the judges with their scores."""
    found: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    rows = Seat.objects.filter(entry__round=row, entry__withdrawn_at=None, state=SeatState.SUBMITTED).order_by("pk")
    for entry, judge, total in rows.values_list("entry__code", "panelist__code", "total"):
        if total is not None:
            found[entry].append((judge, total))
    return found


def _beside(entries: Mapping[str, Entry], levelling: Levelling) -> None:
    """Levelled scores, where there is a common scale and something to level."""
    for code, one in levelling.entries.items():
        if levelling.comparable(code) and not levelling.complete:
            entry = entries[code]
            entry.levelled, entry.low, entry.high = (Decimal(value).quantize(_CENTS) for value in (one.score, one.low, one.high))
