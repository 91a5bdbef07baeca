"""Two at once: one draw is revealed once, a reading handed in once, and two judges who leave are both replaced."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection
from review import rounds_made_up as made

from keheng.kernel.errors import Refused
from keheng.kernel.trail.record import Actor
from keheng.review.actions.draws import commit_draw, reveal_draw
from keheng.review.actions.panel import decline_round, state_independence
from keheng.review.actions.scoring import combine_round
from keheng.review.models import Draw, Mark, Round, Seat


def at_once(*acts) -> list[str]:
    """What came of each: 'done' or the code of the refusal."""
    together = Barrier(len(acts))

    def run(act):
        together.wait()
        try:
            act()
        except Refused as refused:
            return refused.problems[0].code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_steps_and_readings_are_taken_once_and_all_who_leave_are_replaced(fresh):
    row = made.opened(made.subjects(4), made.experts(7))
    for one in row.panel.all():
        state_independence(actor=Actor(one.account), panelist=one.pk, agreed=True)
    commit = [lambda: commit_draw(actor=made.ORGANISER, pk=row.pk)] * 3
    assert at_once(*commit) == ["REVIEW_STATE", "REVIEW_STATE", "done"]
    reveal = [lambda: reveal_draw(actor=made.ORGANISER, pk=row.pk)] * 3
    assert at_once(*reveal) == ["REVIEW_STATE", "REVIEW_STATE", "done"]
    assert (Draw.objects.count(), Seat.objects.count()) == (1, 12)

    leaving = [one for one in row.panel.order_by("pk") if one.seats.exists()][:2]
    assert (
        at_once(*(lambda one=one: decline_round(actor=Actor(one.account), panelist=one.pk, reason="病假") for one in leaving))
        == ["done"] * 2
    )
    assert Seat.objects.exclude(state="dropped").count() == 12
    assert sorted(Draw.objects.values_list("number", flat=True)) == [0, 1, 2]

    seat = Seat.objects.filter(state="open").order_by("pk").first()
    assert at_once(*([lambda: made.hand_in(seat, 6)] * 3)) == ["REVIEW_LOCKED", "REVIEW_LOCKED", "done"]
    assert Mark.objects.filter(seat=seat).count() == 4
    made.scored(row)
    combine = [lambda: combine_round(actor=made.ORGANISER, pk=row.pk)] * 2
    assert at_once(*combine) == ["REVIEW_STATE", "done"]
    assert Round.objects.get(pk=row.pk).state == "combined"
