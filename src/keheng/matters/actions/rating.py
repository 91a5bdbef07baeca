"""An applicant says how a case went."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from keheng.kernel.errors import Refused, problem
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, mark, record
from keheng.matters.actions.follow_ups import open_follow_up
from keheng.matters.actions.moving import locked
from keheng.matters.events import CaseRated
from keheng.matters.models import Rating, RatingAspect
from keheng.matters.models.ratings import COMMENT_LENGTH
from keheng.matters.queries.cases import matter_of
from keheng.matters.rules.acting import applies_in
from keheng.matters.rules.ratings import rating_problems, rating_texts


@act("case.rate", Refused)
def rate_case(*, actor: Principal, case: int, stars: int, comment: str = "", aspects: Mapping[str, int] | None = None) -> Rating:
    """Say how a case went, once; it can never be changed. ``aspects`` are stars by code; a bad rating is followed up."""
    row, texts, parts = locked(case), rating_texts(localdate()), dict(aspects or {})
    if not applies_in(actor, row) or not matter_of(row).rate:
        raise Refused(problem("MATTER_CASE_GONE"))
    found = rating_problems(texts, stars, parts, comment, COMMENT_LENGTH)
    if row.submitted_at is None:
        found.insert(0, problem("MATTER_RATE_EARLY"))
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            made = Rating.objects.create(
                case=row, stars=stars, comment=comment.strip(), by=actor.account, at=now(), edition=texts.since, network=_network(actor),
            )  # fmt: skip
    except IntegrityError:
        raise Refused(problem("MATTER_RATED")) from None
    RatingAspect.objects.bulk_create([RatingAspect(rating=made, code=code, stars=given) for code, given in parts.items()])
    if stars <= texts.bad_up_to:
        open_follow_up(made)
    record("case.rate", actor=actor, target=f"case:{case}", after=digest_of({"stars": stars, "aspects": parts, "comment": made.comment}))
    emit(CaseRated(row.pk, row.matter, stars, made.comment))
    return made


def _network(actor: Principal) -> str | None:
    """Where a rating came from, as a mark that holds for a day; None where it is not known."""
    return mark(f"rating {localdate()} {actor.address}") if actor.address else None
