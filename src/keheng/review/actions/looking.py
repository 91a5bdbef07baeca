"""Who looks leaves a trace: staff see that somebody watches a round, an observer can show that they did; and who compared texts."""

from __future__ import annotations

from keheng.kernel.trail.record import Actor, act, record
from keheng.review.actions.rounds import target
from keheng.review.models import CopyHit, Round


@act("review.look", ())
def note_look(*, actor: Actor, row: Round, page: str) -> None:
    """Record that an observer opened a page of their round."""
    record("review.look", actor=actor, target=target(row), reason=page)


@act("review.look.texts", ())
def note_comparison(*, actor: Actor, hit: CopyHit) -> None:
    """Record that somebody read two texts side by side: documents of cases are read there without being downloaded."""
    for text in (hit.one, hit.other):
        record("review.look.texts", actor=actor, target=f"case:{text.kept.case_id}", reason=text.label)
