"""A hall with guides, for tests."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localdate
from portal.outreach_made_up import ORGANISER, VISITOR, somebody

from keheng.portal.actions.hall_visits import approve_visit, request_visit, schedule_visit
from keheng.portal.actions.halls import make_hall, save_guide
from keheng.portal.models import Visit
from keheng.portal.rules.halls import HallFacts, VisitFacts

WEEK = {day: (time(9), time(17)) for day in range(7)}


def hall_facts(**more):
    values = {"code": "kechuang", "title": "云岭科创展厅", "place": "科创一路 1 号", "most_people": 30, "slot_minutes": 60, "hours": WEEK}
    return HallFacts(**values | more)


def a_hall(**more):
    return make_hall(actor=ORGANISER, facts=hall_facts(**more))


def a_guide(name="江导览", languages=("zh-hans",), **more):
    return save_guide(actor=ORGANISER, name=name, languages=list(languages), **more)


def at(days=7, hour=10, minute=0) -> datetime:
    return datetime.combine(localdate() + timedelta(days=days), time(hour, minute), get_current_timezone())


def day(days=0) -> date:
    return localdate() + timedelta(days=days)


def group(**more):
    values = {"contact": somebody(1), "unit_title": "云岭理工大学", "people": 20, "language": "zh-hans"}
    return VisitFacts(**values | more)


def booked(hall, begins_at=None, actor=VISITOR, **more) -> Visit:
    return request_visit(actor=actor, hall=hall.pk, begins_at=begins_at or at(), facts=group(**more))


def scheduled(hall, guide, begins_at=None, **more) -> Visit:
    visit = booked(hall, begins_at, **more)
    approve_visit(actor=ORGANISER, visit=visit.pk)
    return schedule_visit(actor=ORGANISER, visit=visit.pk, guide=guide.pk)
