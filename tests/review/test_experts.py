"""What experts did over the years: counted from rows, bounded by what the organiser sees, in as few queries for many as for one."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now
from review import rounds_made_up as made

from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.trail.record import Actor
from keheng.review.actions.panel import declare_conflict, decline_round
from keheng.review.actions.scoring import combine_round
from keheng.review.models import Round, Seat
from keheng.review.queries.experts import by_year, experts_called, rounds_served

pytestmark = pytest.mark.django_db
EVERYTHING = Principal("501", powers=(Power("review.round.see", Reach.ALL),))


def two_years():
    """An expert who read three entries last year, one late, and this year one, gave one back and left."""
    called = made.experts(3)
    before = made.drawn(made.subjects(3), called)
    late = Seat.objects.filter(panelist__expert=called[0], entry__round=before).order_by("pk").last()
    made.scored(before, lambda seat: 5 if seat.panelist.expert_id == called[0].pk else 8)
    combine_round(actor=made.ORGANISER, pk=before.pk)
    Seat.objects.filter(pk=late.pk).update(submitted_at=now() + timedelta(days=30))
    this = made.drawn(made.subjects(3), [*called, *(made.expert(f"后备{number}") for number in range(2))])
    seats = list(Seat.objects.filter(panelist__expert=called[0], entry__round=this).order_by("pk"))
    account = seats[0].panelist.account
    declare_conflict(actor=Actor(account), seat=seats[0].pk, reason="合作者")
    if len(seats) > 1:
        made.hand_in(seats[1], 6)
    decline_round(actor=Actor(account), panelist=seats[0].panelist_id, reason="出差")
    Round.objects.filter(pk=before.pk).update(opened_at=now() - timedelta(days=366))
    return called, before, this, len(seats)


def test_load_and_quality_by_round_and_by_year():
    called, before, this, drawn = two_years()
    served = rounds_served(EVERYTHING, called[0].pk)
    assert [one.round.pk for one in served] == [this.pk, before.pk]
    old, new = served[1].load, served[0].load
    assert (old.rounds, old.drawn, old.done, old.in_time, old.declared, old.declined) == (1, 3, 3, 2, 0, 0)
    # They gave 50, the others 80: the mean of the three is 70.
    assert (old.apart, old.words, served[1].severity.points < 0) == (20, len("依据充分"), True)
    done = min(drawn - 1, 1)
    assert (new.drawn, new.done, new.declared, new.declined, new.apart) == (done, done, 1, 1, None)
    year = localdate().year
    assert [(one, load.done, load.apart) for one, load in by_year(served)] == [
        (year, done, None), ((localdate() - timedelta(days=366)).year, 3, 20)
    ]  # fmt: skip
    assert rounds_served(Principal("9", powers=(Power("review.round.see", Reach.OWN),)), called[0].pk) == []


def test_the_list_counts_what_the_pages_of_experts_add_up():
    called, *_ = two_years()
    for row in experts_called(EVERYTHING):
        loads = [one.load for one in rounds_served(EVERYTHING, row.pk)]
        assert (row.rounds, row.declined, row.drawn, row.done, row.in_time) == tuple(
            sum(getattr(load, name) for load in loads) for name in ("rounds", "declined", "drawn", "done", "in_time")
        )
    assert {one.pk for one in called} <= set(experts_called(EVERYTHING).values_list("pk", flat=True))


def test_pages_show_them_to_who_organises(visitor, django_assert_num_queries):
    called, before, *_ = two_years()
    client = visitor(("review.round.see", "all"))
    page = client.get(reverse("review:experts")).content.decode()
    assert re.findall(r">(专家0\d)</a>", page) != []
    text = client.get(reverse("review:expert", args=[called[0].pk])).content.decode()
    assert (before.number in text, "出差" in text, ">20.0<" in text) == (True, True, True)
    assert (
        f'href="{reverse("review:expert", args=[called[0].pk])}"' in client.get(reverse("review:judges", args=[before.pk])).content.decode()
    )
    own = visitor(("review.round.see", "own"), login="own")
    assert own.get(reverse("review:expert", args=[called[0].pk])).status_code == 404
    assert visitor(("review.score", "own"), login="judge").get(reverse("review:experts")).status_code == 403
    for actor in (EVERYTHING,):
        with django_assert_num_queries(1):
            list(experts_called(actor))
