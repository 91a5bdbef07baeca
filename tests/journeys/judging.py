"""What other journeys show of a review is done by its acts: judges are drawn, read and are combined, and the days of publicity go by."""

from decimal import Decimal

from keheng.kernel.trail.record import Actor
from keheng.matters.models import Case
from keheng.review.enums import SeatState, rubric_from
from keheng.review.models import Round, Seat
from keheng.review.service import combine_round, submit_scores
from keheng.site.demo_funds import _weeks_ago
from keheng.site.demo_rounds import demo_office, draw_judges, round_of


def judged(site, case, *, points="8.5", offset=5):
    """Every judge of a case's round gives each criterion so many points of ten; the number of the round.

    ``offset`` is the place in the pool from which judges are called: who judged lately may have to rest.
    """

    def judge_it():
        office = demo_office()
        row = draw_judges(office.officer, round_of(Case.objects.get(pk=case)), offset=offset)
        given = {one.code: Decimal(points) for one in rubric_from(row.rubric).criteria}
        for seat in Seat.objects.filter(entry__round=row, state=SeatState.OPEN).select_related("panelist").order_by("pk"):
            submit_scores(actor=Actor(seat.panelist.account), seat=seat.pk, points=given, comment="依据充分，指标可以核对。")
        return combine_round(actor=office.officer, pk=row.pk).pk

    return site.ask(judge_it)


def publicity_goes_by(site, number):
    """Three weeks pass on the published list of a round."""
    site.ask(lambda: _weeks_ago(Round.objects.get(pk=number), 3))
