"""Rounds of an invented city, taken through their steps by the acts themselves."""

from datetime import date, timedelta
from decimal import Decimal

from directory.made_up import CLERK, SECOND, organisation, person, principal
from django.utils.timezone import localdate

from keheng.directory.actions.experts import apply_expert, approve_expert
from keheng.directory.actions.people import add_affiliation
from keheng.kernel.trail.record import Actor
from keheng.review.actions.draws import commit_draw, reveal_draw
from keheng.review.actions.panel import state_independence
from keheng.review.actions.publicity import publish_list
from keheng.review.actions.rounds import call_judges, open_round
from keheng.review.actions.scoring import combine_round, submit_scores
from keheng.review.models import Panelist, Seat
from keheng.review.rules.rounds import Call, RoundFacts, Subject

ORGANISER, DECIDER = principal(account="501"), principal(account="502")
CRITERIA = ("need", "novelty", "plan", "budget")
LONG_AGO = date(2020, 1, 1)


def expert(name: str, unit=None):
    who = person(name)
    if unit is not None:
        add_affiliation(actor=CLERK, person=who.pk, organisation=unit.pk, position="研究员", since=LONG_AGO)
    made = apply_expert(actor=CLERK, person=who.pk, title="研究员", fields=["110.10"])
    return approve_expert(actor=SECOND, expert=made.pk)


def experts(count: int, units=()):
    """Experts, each of the unit at their place where there is one."""
    return [expert(f"专家{number:02}", units[number] if number < len(units) else None) for number in range(count)]


def account_of(number: int) -> str:
    return str(9000 + number)


def facts(**given):
    values = {
        "title": "春季项目评审", "kind": "test.subject", "rubric": "innovation", "combination": "mean", "seats": {"技术": 3}, "most": 20, "quota": 1,
        "scoring_until": localdate() + timedelta(days=7),
    }  # fmt: skip
    return RoundFacts(**(values | given))


def subjects(count: int, units=(), **given):
    return [
        Subject(f"S{number}", f"项目{number}", units[number].pk if number < len(units) else None, f"研究内容{number}", **given)
        for number in range(count)
    ]


def opened(some_subjects, called, **given):
    row = open_round(actor=ORGANISER, facts=facts(**given), subjects=some_subjects)
    call_judges(actor=ORGANISER, pk=row.pk, calls=[Call(one.pk, account_of(number), "技术") for number, one in enumerate(called)])
    return row


def drawn(some_subjects, called, **given):
    row = opened(some_subjects, called, **given)
    for one in row.panel.all():
        state_independence(actor=Actor(one.account), panelist=one.pk, agreed=True)
    commit_draw(actor=ORGANISER, pk=row.pk)
    reveal_draw(actor=ORGANISER, pk=row.pk)
    row.refresh_from_db()
    return row


def points(value) -> dict[str, Decimal]:
    return {code: Decimal(value) for code in CRITERIA}


def hand_in(seat: Seat, value) -> Seat:
    who = Panelist.objects.get(pk=seat.panelist_id)
    return submit_scores(actor=Actor(who.account), seat=seat.pk, points=points(value), comment="依据充分")


def scored(row, value=lambda _seat: Decimal(5)):
    for seat in Seat.objects.filter(entry__round=row, state="open").order_by("pk"):
        hand_in(seat, value(seat))
    return row


def published(row):
    combine_round(actor=ORGANISER, pk=row.pk)
    publish_list(actor=DECIDER, pk=row.pk)
    row.refresh_from_db()
    return row


__all__ = ["organisation"]
