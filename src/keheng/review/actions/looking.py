"""Who observes a round leaves a trace of what was looked at: staff see that somebody watches, and an observer can show that they did."""

from __future__ import annotations

from keheng.kernel.trail.record import Actor, act, record
from keheng.review.actions.rounds import target
from keheng.review.models import Round


@act("review.look", ())
def note_look(*, actor: Actor, row: Round, page: str) -> None:
    """Record that an observer opened a page of their round."""
    record("review.look", actor=actor, target=target(row), reason=page)
