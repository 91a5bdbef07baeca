"""How pages of a round are reached: by staff whose powers reach it, and by its observers, each of whose looks is recorded."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest

from keheng.kernel.doors import actor_of, needs_or
from keheng.review.actions.looking import note_look
from keheng.review.models import Observer, Round
from keheng.review.rules.rounds import SEE, rounds_open_to

A_PAGE = 60


def _observes(request: HttpRequest) -> bool:
    return Observer.objects.filter(account=actor_of(request).account).exists()


sees = needs_or(SEE, _observes)


def looked_into(request: HttpRequest, pk: int) -> Round:
    """The round of a page, 404 where it is not open to whoever asks; ``watching`` tells its template that they observe it."""
    actor = actor_of(request)
    own = Observer.objects.filter(round=OuterRef("pk"), account=actor.account)
    row = Round.objects.filter(rounds_open_to(actor), pk=pk).annotate(watching=Exists(own)).first()
    if row is None:
        raise Http404
    if row.watching:
        note_look(actor=actor, row=row, page=request.path)
    return row
