"""Activities, surveys and halls of a small invented city, for tests."""

from datetime import timedelta

from django.utils.timezone import now

from keheng.kernel.trail.record import Actor
from keheng.portal.actions.activities import add_session, advance_activities, approve_activity, plan_activity, submit_activity
from keheng.portal.actions.registrations import register_people
from keheng.portal.models import Activity, Registration, Session
from keheng.portal.rules.activities import ActivityFacts, SessionFacts
from keheng.portal.rules.registrations import attendee

ORGANISER, SECOND, CLERK, VISITOR = Actor("201", "organiser"), Actor("202", "leader"), Actor("203", "checkin_clerk"), Actor("")
HOUR = timedelta(hours=1)


def facts(**more) -> ActivityFacts:
    at = now()
    values = {
        "title": "云岭科技开放日",
        "kind": "open_day",
        "organiser": "云岭市科学技术局",
        "opens_at": at - HOUR,
        "closes_at": at + 24 * HOUR,
    }
    return ActivityFacts(**values | more)


def session_facts(capacity=2, begins=48, hours=3, **more) -> SessionFacts:
    at = now()
    values = {"begins_at": at + begins * HOUR, "ends_at": at + (begins + hours) * HOUR, "capacity": capacity, "place": "云岭科技馆"}
    return SessionFacts(**values | more)


def planned(capacity=2, **more) -> Activity:
    made = plan_activity(actor=ORGANISER, facts=facts(**more))
    add_session(actor=ORGANISER, activity=made.pk, facts=session_facts(capacity))
    return Activity.objects.get(pk=made.pk)


def opened(capacity=2, **more) -> Session:
    """The one session of an activity that takes registrations."""
    made = planned(capacity, **more)
    submit_activity(actor=ORGANISER, activity=made.pk)
    approve_activity(actor=SECOND, activity=made.pk)
    return made.sessions.get()


def phone(serial: int) -> str:
    return f"1990000{serial:04}"


def somebody(serial: int):
    return attendee(f"来宾{serial}", phone(serial))


def registered(session: Session, *serials: int, actor=VISITOR, **more) -> list[Registration]:
    return [one for serial in serials for one in register_people(actor=actor, session=session.pk, people=[somebody(serial)], **more)]


def states(session: Session) -> list[str]:
    return list(Registration.objects.filter(session=session).order_by("pk").values_list("state", flat=True))


def under_way(session: Session) -> Session:
    """The session has just begun."""
    at = now()
    Session.objects.filter(pk=session.pk).update(begins_at=at - HOUR / 2, ends_at=at + HOUR)
    Activity.objects.filter(pk=session.activity_id).update(
        opens_at=at - 3 * HOUR, closes_at=at - HOUR, begins_at=at - HOUR / 2, ends_at=at + HOUR
    )
    advance_activities()
    return Session.objects.get(pk=session.pk)


def codes_of(refused) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in refused.value.problems]
