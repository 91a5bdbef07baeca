"""Judges answer the call: they state that they are independent, decline, or report a conflict; who drops out is replaced at once."""

from __future__ import annotations

from django.utils.timezone import now

from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.review.actions.draws import draw_again
from keheng.review.actions.rounds import target
from keheng.review.enums import PanelistState, RoundState, SeatState
from keheng.review.models import Bar, Panelist, Round, Seat
from keheng.review.queries.avoiding import DECLARED
from keheng.review.rules.rounds import judging_problems, state_problems


@act("review.state", Refused)
def state_independence(*, actor: Actor, panelist: int, agreed: bool) -> Panelist:
    """Accept the call with the statement of independence, without which nothing can be scored."""
    one = _locked(panelist)
    found = _own(one, actor)
    if not agreed:
        found.append(problem("REVIEW_STATEMENT_UNSAID", "agreed"))
    if one.state == PanelistState.DECLINED:
        found.append(problem("REVIEW_LEFT"))
    if found:
        raise Refused(found)
    one.state, one.answered_at = PanelistState.STATED, now()
    one.save(update_fields=["state", "answered_at"])
    record("review.state", actor=actor, target=f"panelist:{one.pk}")
    return one


@act("review.decline", Refused)
def decline_round(*, actor: Actor, panelist: int, reason: str) -> Panelist:
    """Leave a round with a reason. What was handed in stands; open seats are drawn again with all others kept."""
    one = _locked(panelist)
    found = [*_own(one, actor), *_reason(reason)]
    if one.state == PanelistState.DECLINED:
        found.append(problem("REVIEW_LEFT"))
    if found:
        raise Refused(found)
    one.state, one.answered_at, one.reason = PanelistState.DECLINED, now(), reason.strip()
    one.save(update_fields=["state", "answered_at", "reason"])
    dropped = Seat.objects.filter(panelist=one, state=SeatState.OPEN).update(state=SeatState.DROPPED, reason=reason.strip())
    if dropped:
        draw_again(one.round)
    record("review.decline", actor=actor, target=f"panelist:{one.pk}", after=digest_of({"dropped": dropped}), reason=reason.strip())
    return one


@act("review.conflict", Refused)
def declare_conflict(*, actor: Actor, seat: int, reason: str) -> Seat:
    """Report a conflict with one entry, while its reading is open: the seat goes to somebody else."""
    # The round is locked first, as everywhere: two acts on one round follow each other.
    row = Round.objects.select_for_update().get(entries__seats=seat)
    one = Seat.objects.select_for_update().get(pk=seat)
    panelist = Panelist.objects.select_related("round").get(pk=one.panelist_id)
    found = [*judging_problems(panelist, actor), *_reason(reason)]
    if one.state != SeatState.OPEN:
        found.append(problem("REVIEW_LOCKED", state=one.get_state_display()))
    if found:
        raise Refused(found)
    one.state, one.reason = SeatState.DROPPED, reason.strip()
    one.save(update_fields=["state", "reason"])
    # A reason like all others: it stands in the list, and counts in later rounds with the same applicant.
    Bar.objects.create(entry_id=one.entry_id, panelist=panelist, reason=f"专家申报回避：{one.reason}"[:300], fact=f"{DECLARED}:{one.pk}")
    draw_again(row)
    record("review.conflict", actor=actor, target=target(row), after=digest_of({"seat": one.pk}), reason=reason.strip())
    return one


def _locked(panelist: int) -> Panelist:
    """The judge, their round locked before them."""
    Round.objects.select_for_update().get(panel=panelist)
    return Panelist.objects.select_for_update(of=("self",)).select_related("round").get(pk=panelist)


def _own(one: Panelist, actor: Actor) -> list[Problem]:
    found = state_problems(one.round, RoundState.DRAFT, RoundState.COMMITTED, RoundState.SCORING)
    return found if one.account == actor.account else [*found, problem("REVIEW_NOT_YOURS")]


def _reason(reason: str) -> list[Problem]:
    return [] if reason.strip() else [problem("REVIEW_REASON", "reason")]
