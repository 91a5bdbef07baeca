"""Halls for lists and pages: free slots, requests, a guide's day, what explains a shortfall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.timezone import get_current_timezone, localdate, now

from keheng.portal.enums.halls import HOLDING, VisitState
from keheng.portal.enums.outreach import parameter
from keheng.portal.models import Closure, CounterReading, Defect, Guide, Hall, Inspection, OpeningHours, Visit
from keheng.portal.rules.slots import Held, Known, slots_of

V = VisitState


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month's calendar: whether it is in the month, and how many slots are free of how many."""

    day: date
    within: bool
    free: int
    slots: int


def known_of(hall: Hall, first: date, last: date, but: int = 0) -> Known:
    """Everything that decides about the slots of a hall on days ``[first, last)``; four queries. A visit may be left out."""
    return known_of_all([hall], first, last, but)[0]


def known_of_all(halls: Sequence[Hall], first: date, last: date, but: int = 0) -> list[Known]:
    """The same of several halls in their order; four queries however many they are."""
    begin, end = (datetime.combine(day, time(), get_current_timezone()) for day in (first, last))
    visits = Visit.objects.filter(state__in=sorted(HOLDING), begins_at__lt=end, ends_at__gt=begin).exclude(pk=but)
    # Guides go from hall to hall: what is held in one of them counts in all.
    held = [Held(*row) for row in visits.values_list("hall", "begins_at", "ends_at", "language", "guide")]
    hours, shut = defaultdict[int, dict[int, tuple[time, time]]](dict), defaultdict[int, list[tuple[date, date]]](list)
    for one in OpeningHours.objects.filter(hall__in=halls):
        hours[one.hall_id][one.weekday] = (one.begins, one.ends)
    for closure in Closure.objects.filter(hall__in=halls, since__lt=last, until__gt=first):
        shut[closure.hall_id].append((closure.since, closure.until))
    guides = dict(Guide.objects.filter(active=True).values_list("pk", "languages"))
    moment = now()
    earliest = moment + timedelta(hours=parameter("visit_notice_hours"))
    last_day = localdate(moment) + timedelta(days=parameter("visit_ahead_days"))
    return [Known(one.pk, one.slot_minutes, hours[one.pk], shut[one.pk], held, guides, earliest, last_day) for one in halls]


def month_of(hall: Hall, first: date, language: str) -> list[list[Day]]:
    """The weeks of a month from Monday to Sunday."""
    after = (first + timedelta(days=32)).replace(day=1)
    begin = first - timedelta(days=first.weekday())
    end = after + timedelta(days=-after.weekday() % 7)
    known = known_of(hall, begin, end)
    days = []
    for step in range((end - begin).days):
        day = begin + timedelta(days=step)
        slots = slots_of(known, day, language)
        days.append(Day(day, first <= day < after, sum(one.free for one in slots), len(slots)))
    return [days[place : place + 7] for place in range(0, len(days), 7)]


def open_halls() -> QuerySet[Hall]:
    """Halls that receive visitors."""
    return Hall.objects.filter(active=True).order_by("pk")


def halls_with_work(today: date) -> QuerySet[Hall]:
    """All halls, each with requests to decide, visits to schedule, and whether it was inspected and counted today."""
    # Inspections and readings are asked for apart: joined to the visits they would multiply each other.
    return Hall.objects.annotate(
        requests=Count("visits", filter=Q(visits__state=V.REQUESTED)),
        unscheduled=Count("visits", filter=Q(visits__state=V.APPROVED)),
        inspected=Exists(Inspection.objects.filter(hall=OuterRef("pk"), day=today)),
        read=Exists(CounterReading.objects.filter(hall=OuterRef("pk"), day=today)),
    ).order_by("pk")


def all_visits() -> QuerySet[Visit]:
    """All visits with what lists show of them; no number of a person is read."""
    return Visit.objects.select_related("hall", "guide").defer("phone", "hall__intro", "hall__translations")


def visits_of(account: str) -> QuerySet[Visit]:
    """Visits somebody booked, the next first; none of nobody."""
    return (all_visits().filter(account=account) if account else Visit.objects.none()).order_by("-begins_at", "-pk")


def day_sheet(account: str, day: date) -> QuerySet[Visit]:
    """A guide's visits of a day, in order."""
    begin = datetime.combine(day, time(), get_current_timezone())
    return day_sheet_between(account, begin, begin + timedelta(days=1))


def day_sheet_between(account: str, begin: datetime, end: datetime) -> QuerySet[Visit]:
    """A guide's visits that begin within a time, in order; none of nobody."""
    states = [V.SCHEDULED, V.RECEIVING, V.DONE, V.NO_SHOW]
    found = Visit.objects.filter(guide__account=account, begins_at__gte=begin, begins_at__lt=end, state__in=states)
    return (found if account else found.none()).select_related("hall", "guide").order_by("begins_at")


def free_guides(visit: Visit) -> list[Guide]:
    """Guides who speak the language of a visit and are with no other group then."""
    busy = Visit.objects.filter(
        begins_at__lt=visit.ends_at, ends_at__gt=visit.begins_at, state__in=[V.SCHEDULED, V.RECEIVING, V.DONE], guide__isnull=False
    ).exclude(pk=visit.pk)
    free = Guide.objects.filter(active=True).exclude(pk__in=busy.values("guide")).order_by("name", "pk")
    return [one for one in free if visit.language in one.languages]


def registered_on(hall: Hall, day: date) -> int:
    """Heads of the groups that were received on a day, as they were counted with the groups."""
    zone = get_current_timezone()
    begin = datetime.combine(day, time(), zone)
    done = Visit.objects.filter(hall=hall, state=V.DONE, begins_at__gte=begin, begins_at__lt=begin + timedelta(days=1))
    return done.aggregate(n=Sum("counted"))["n"] or 0


def year_of(hall: Hall, year: int) -> Mapping[str, int]:
    """What a hall did in a year, and what explains less: receptions, visitors, days inspected, days shut."""
    begin, end = date(year, 1, 1), date(year + 1, 1, 1)
    shut = Closure.objects.filter(hall=hall, since__lt=end, until__gt=begin)
    return {
        "receptions": Visit.objects.filter(hall=hall, state=V.DONE, begins_at__year=year).count(),
        "visitors": CounterReading.objects.filter(hall=hall, day__gte=begin, day__lt=end).aggregate(n=Sum("counted"))["n"] or 0,
        "inspected": hall.inspections.filter(day__gte=begin, day__lt=end).count(),
        "shut": sum((min(one.until, end) - max(one.since, begin)).days for one in shut),
    }


def open_defects(hall: Hall) -> QuerySet[Defect]:
    """What is not mended yet, the oldest first."""
    return Defect.objects.filter(inspection__hall=hall, fixed_on=None).select_related("inspection").order_by("inspection__day", "pk")
