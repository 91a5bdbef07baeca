"""Who judged lately rests: a round may ask that its judges did not judge in the last rounds of the same kind."""

from __future__ import annotations

from keheng.review.enums import SeatState
from keheng.review.models import Round, Seat


def served_lately(row: Round) -> dict[int, Round]:
    """Experts who judged in any of the last ``rests`` rounds of the kind that were opened before and judged, with the latest of them."""
    judged = Seat.objects.filter(state=SeatState.SUBMITTED).values("entry__round")
    last = list(Round.objects.filter(kind=row.kind, pk__lt=row.pk, pk__in=judged).order_by("-pk")[: row.rests])
    served = Seat.objects.filter(state=SeatState.SUBMITTED, entry__round__in=last)
    of = {one.pk: one for one in last}
    pairs = served.order_by("entry__round").values_list("panelist__expert", "entry__round").distinct()
    return {expert: of[number] for expert, number in pairs}
