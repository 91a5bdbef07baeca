"""Activities for lists and pages, and what their history teaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.timezone import localtime, now

from keheng.portal.enums.activities import COMING, OVER, SHOWN, ActivityState, RegistrationState
from keheng.portal.models import Activity, Attendance, Registration, Scan, Session
from keheng.portal.rules.estimates import Advice, overbooking

S, R = ActivityState, RegistrationState


@dataclass(frozen=True, slots=True)
class Counts:
    """Registrations of an activity by state, and how many people came."""

    confirmed: int
    pending: int
    waiting: int
    attended: int
    missed: int
    walk_ins: int

    @property
    def rate(self) -> float | None:
        """Attended ÷ registered and not cancelled, in per cent; walk-ins are outside it. None before anybody is settled."""
        expected = self.attended + self.missed + self.confirmed
        return self.attended / expected * 100 if expected else None


def shown_activities() -> QuerySet[Activity]:
    """What the public may see."""
    return Activity.objects.filter(state__in=sorted(SHOWN))


def coming_activities() -> QuerySet[Activity]:
    """What is to come, the next first; with places in all and places taken."""
    found = Activity.objects.filter(state__in=sorted(COMING))
    return with_places(found).order_by(F("begins_at").asc(nulls_last=True), "pk")


def past_activities() -> QuerySet[Activity]:
    """What was, the latest first."""
    return Activity.objects.filter(state__in=sorted(OVER)).order_by("-begins_at", "-pk")


def with_places(records: QuerySet[Activity]) -> QuerySet[Activity]:
    """Each with ``places`` in all its sessions and ``placed``, how many of them are taken."""
    own = Session.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
    # A question for each row that is shown: grouping would add up all of them for one page.
    return records.annotate(**{
        name: Subquery(own.annotate(total=Sum(of)).values("total")) for name, of in (("places", "capacity"), ("placed", "taken"))
    })  # fmt: skip


def activity_sessions(activity: Activity) -> QuerySet[Any]:
    """Sessions in their order, each with how many people wait."""
    waiting = Count("registrations", filter=Q(registrations__state=R.WAITING))
    return activity.sessions.annotate(waiting=waiting).order_by("begins_at", "pk")


def counts_of(activity: Activity) -> Counts:
    """Where the registrations of an activity stand."""
    states = dict(Registration.objects.filter(session__activity=activity).values_list("state").annotate(n=Count("pk")))
    walk_ins = Attendance.objects.filter(session__activity=activity, registration=None).count()
    return Counts(
        states.get(R.CONFIRMED, 0), states.get(R.PENDING, 0), states.get(R.WAITING, 0), states.get(R.ATTENDED, 0),
        states.get(R.NO_SHOW, 0), walk_ins,
    )  # fmt: skip


def advice_for(session: Session) -> Advice | None:
    """What past activities of the same kind say about how many come: advice, nothing follows by itself."""
    past = Registration.objects.filter(session__activity__kind=session.activity.kind, session__activity__state__in=sorted(OVER))
    came = past.filter(state=R.ATTENDED).count()
    return overbooking(session.capacity, came, past.filter(state=R.NO_SHOW).count())


def sessions_on(moment: datetime) -> QuerySet[Session]:
    """Sessions of the local day of a moment, with how many came."""
    begin = localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    found = Session.objects.filter(
        begins_at__lt=begin + timedelta(days=1), ends_at__gt=begin, activity__state__in=sorted(SHOWN - {S.CANCELLED})
    )
    return found.select_related("activity").annotate(came=Count("attendances")).order_by("begins_at", "pk")


def sessions_near(moment: datetime | None = None) -> QuerySet[Session]:
    """Sessions that a clerk may check people in for: of yesterday up to tomorrow."""
    at = moment or now()
    near = Session.objects.filter(
        begins_at__lt=at + timedelta(days=1), ends_at__gt=at - timedelta(days=1), activity__state__in=sorted(COMING | OVER)
    )
    return near.select_related("activity").annotate(came=Count("attendances")).order_by("begins_at", "pk")


def expected_at(session: Session, text: str = "") -> QuerySet[Registration]:
    """Who is expected at a session, by name; ``text`` finds by name or by the end of the number."""
    found = session.registrations.filter(state__in=[R.CONFIRMED, R.ATTENDED, R.NO_SHOW]).select_related("attendance")
    wanted = text.strip()
    if wanted:
        found = found.filter(Q(name__contains=wanted) | Q(number__endswith=wanted.upper()) | Q(unit_title__contains=wanted))
    return found.order_by("name", "pk")


def latest_scans(session: Session, most: int = 10) -> Iterable[Scan]:
    """The last scans, newest first."""
    return session.scans.select_related("registration").order_by("-received_at", "-pk")[:most]


def registrations_of(account: str) -> QuerySet[Registration]:
    """What somebody registered for, the next first."""
    if not account:
        return Registration.objects.none()
    return Registration.objects.filter(account=account).select_related("session__activity").order_by("-session__begins_at", "pk")
