"""Copied passages are looked for by a job: thousands of documents take longer than a page may."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from keheng.kernel.errors import Refused, problem
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.review.actions.rounds import target
from keheng.review.models import CopyPair, CopySearch, Round
from keheng.review.queries.copies import copied_pairs

SEARCH = "review.search_copies"
_BATCH = 500


@act("review.search", Refused)
def search_copies(*, actor: Actor, pk: int) -> CopySearch:
    """Begin a search; raises Refused while another one of the round runs."""
    row = Round.objects.get(pk=pk)
    try:
        with transaction.atomic():
            one = CopySearch.objects.create(round=row, by=actor.account, at=now())
    except IntegrityError:
        raise Refused(problem("REVIEW_SEARCHING")) from None
    enqueue(SEARCH, {"search": one.pk})
    record("review.search", actor=actor, target=target(row), after=digest_of({"search": one.pk}))
    return one


def run_search(pk: int) -> None:
    """Search and keep what was found; doing it again finds the same."""
    one = CopySearch.objects.select_related("round").get(pk=pk)
    if one.ended_at is not None:
        return
    found = copied_pairs(one.round, lambda done, total: _tell(pk, done, total))
    with transaction.atomic():
        rows = [CopyPair(search=one, one=pair.one, other=pair.other, percent=int(pair.percent), earlier=pair.earlier) for pair in found]
        CopyPair.objects.bulk_create(rows, _BATCH)
        CopySearch.objects.filter(pk=pk).update(ended_at=now())


def _tell(pk: int, done: int, total: int) -> None:
    CopySearch.objects.filter(pk=pk).update(done=done, total=total)
