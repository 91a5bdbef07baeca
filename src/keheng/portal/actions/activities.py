"""Activities are planned, approved by another person, announced, moved on by the clock, postponed, cancelled, archived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min
from django.utils.timezone import localdate, now

from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Refused
from keheng.kernel.numbers import draw, written
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.portal.actions.notices import announce
from keheng.portal.actions.places import locked, move_up
from keheng.portal.actions.publishing import show_activity
from keheng.portal.enums.activities import ActivityState, RegistrationState
from keheng.portal.enums.outreach import parameter
from keheng.portal.models import Activity, Registration, Session
from keheng.portal.queries.addresses import manage_address
from keheng.portal.rules.activities import (
    ActivityFacts,
    SessionFacts,
    activity_problems,
    approval_problems,
    archive_problems,
    editable_problems,
    move_problems,
    moving_problems,
    ready_problems,
    reason_problems,
    removal_problems,
    session_problems,
)

APPROVE = "portal.activity.approve"
S, R = ActivityState, RegistrationState


@act("activity.plan", Refused)
def plan_activity(*, actor: Actor, facts: ActivityFacts) -> Activity:
    """A new activity, seen by staff alone until it is approved."""
    if found := activity_problems(facts):
        raise Refused(found)
    year = localdate().year
    made = Activity.objects.create(number=written("HD", year, draw("HD", year)), author=actor.account, **_columns(facts))
    _note("activity.plan", actor, made)
    return made


@act("activity.change", Refused)
def change_activity(*, actor: Actor, activity: int, facts: ActivityFacts) -> Activity:
    """Rewrite what is planned, or give a postponed one its new dates."""
    row = _locked(activity)
    if found := [*editable_problems(row), *activity_problems(facts)]:
        raise Refused(found)
    for name, value in _columns(facts).items():
        setattr(row, name, value)
    row.save()
    _note("activity.change", actor, row)
    return row


@act("activity.session", Refused)
def add_session(*, actor: Actor, activity: int, facts: SessionFacts) -> Session:
    """Another session of what is planned or postponed."""
    row = _locked(activity)
    if found := [*editable_problems(row), *session_problems(facts)]:
        raise Refused(found)
    made = Session.objects.create(activity=row, **asdict(facts))
    _take_dates(row)
    _note("activity.session", actor, row)
    return made


@act("activity.session", Refused)
def change_session(*, actor: Actor, session: int, facts: SessionFacts) -> Session:
    """Other times, another place, more or fewer places; new places go at once to whoever waits."""
    row = locked(session)
    problems = session_problems(facts, row.taken)
    if (facts.begins_at, facts.ends_at) != (row.begins_at, row.ends_at):
        problems = [*editable_problems(row.activity), *moving_problems(row, facts), *problems]
    if problems:
        raise Refused(problems)
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    row.save(update_fields=list(asdict(facts)))
    Registration.objects.filter(session=row).update(over_at=row.ends_at)
    move_up(row.pk)
    _take_dates(row.activity)
    _note("activity.session", actor, row.activity)
    return row


@act("activity.session", Refused)
def remove_session(*, actor: Actor, session: int) -> None:
    """Take back a session for which nobody registered."""
    row = locked(session)
    if found := removal_problems(row):
        raise Refused(found)
    row.delete()
    _take_dates(row.activity)
    _note("activity.session", actor, row.activity)


@act("activity.submit", Refused)
def submit_activity(*, actor: Actor, activity: int) -> Activity:
    """Hand an activity over to whoever approves: anybody with the right but its author."""
    row = _locked(activity)
    if found := [*move_problems(row, S.IN_REVIEW), *ready_problems(row)]:
        raise Refused(found)
    _move(row, S.IN_REVIEW, "activity.submit", actor)
    open_task(
        _task(row), kind="portal.activity", title=f"审批活动：{row.title}", url=manage_address("activity", row.pk),
        permission=APPROVE, not_by=row.author, due_at=row.opens_at,
    )  # fmt: skip
    return row


@act("activity.approve", Refused)
def approve_activity(*, actor: Actor, activity: int) -> Activity:
    """Announce an activity to the public."""
    row = _locked(activity)
    if found := [*approval_problems(row, actor.account), *ready_problems(row)]:
        raise Refused(found)
    _move(row, S.PUBLISHED, "activity.approve", actor, approver=actor.account, published_at=now(), reason="")
    close_task(_task(row))
    _advance(row, now())
    show_activity(row)
    return row


@act("activity.return", Refused)
def return_activity(*, actor: Actor, activity: int, reason: str) -> Activity:
    """Give an activity back to its author, saying why."""
    row = _locked(activity)
    if found := [*move_problems(row, S.PLANNED), *reason_problems(reason)]:
        raise Refused(found)
    _move(row, S.PLANNED, "activity.return", actor, reason=reason.strip()[:300])
    close_task(_task(row))
    return row


@act("activity.postpone", Refused)
def postpone_activity(*, actor: Actor, activity: int, reason: str) -> Activity:
    """Put off to dates that are not known yet: registrations stand, everybody is told."""
    row = _locked(activity)
    if found := [*move_problems(row, S.POSTPONED), *reason_problems(reason)]:
        raise Refused(found)
    _move(row, S.POSTPONED, "activity.postpone", actor, reason=reason.strip()[:300])
    _tell_all(row, "postponed", row.begins_at)
    show_activity(row)
    return row


@act("activity.resume", Refused)
def resume_activity(*, actor: Actor, activity: int) -> Activity:
    """Announce a postponed activity with its new dates."""
    row = _locked(activity)
    if found := [*move_problems(row, S.PUBLISHED), *ready_problems(row)]:
        raise Refused(found)
    _move(row, S.PUBLISHED, "activity.resume", actor, reason="")
    _tell_all(row, "moved", row.begins_at)
    _advance(row, now())
    show_activity(row)
    return row


@act("activity.cancel", Refused)
def cancel_activity(*, actor: Actor, activity: int, reason: str) -> Activity:
    """Call it off: every registration ends, everybody is told why."""
    row = _locked(activity)
    if found := [*move_problems(row, S.CANCELLED), *reason_problems(reason)]:
        raise Refused(found)
    _move(row, S.CANCELLED, "activity.cancel", actor, reason=reason.strip()[:300])
    _tell_all(row, "called_off", None)
    Registration.objects.filter(session__activity=row, state__in=[R.PENDING, R.CONFIRMED, R.WAITING]).update(state=R.CANCELLED)
    row.sessions.update(taken=0)
    close_task(_task(row))
    show_activity(row)
    return row


@act("activity.archive", Refused)
def archive_activity(*, actor: Actor, activity: int) -> Activity:
    """Close the file of an activity, once it is whole."""
    row = _locked(activity)
    if found := archive_problems(row):
        raise Refused(found)
    _move(row, S.ARCHIVED, "activity.archive", actor)
    return row


def advance_activities(moment: datetime | None = None) -> int:
    """Move on every activity whose time has come; how many. Run by the clock, again and again."""
    at, moved = moment or now(), 0
    due = Activity.objects.filter(state__in=[S.PUBLISHED, S.OPEN, S.CLOSED, S.RUNNING], opens_at__lte=at).order_by("pk")
    for number in due.values_list("pk", flat=True):
        moved += _is_due(number, at) and advance_activity(actor=SYSTEM, activity=number, moment=at)
    return moved


@act("activity.advance", Refused)
def advance_activity(*, actor: Actor, activity: int, moment: datetime) -> int:
    """Move one activity on as far as the clock says; how many steps."""
    row = _locked(activity)
    steps = _advance(row, moment)
    record("activity.advance", actor=actor, target=f"activity:{row.pk}", after=digest_of({"state": row.state}))
    return steps


def _is_due(activity: int, moment: datetime) -> bool:
    row = Activity.objects.get(pk=activity)
    step = _STEPS.get(row.state)
    at = step and step(row)
    return bool(at and at <= moment)


def _ends(activity: Activity) -> datetime | None:
    late = timedelta(minutes=parameter("late_minutes"))
    return activity.ends_at + late if activity.ends_at else None


_STEPS: Mapping[str, Any] = {
    S.PUBLISHED: lambda row: row.opens_at, S.OPEN: lambda row: row.closes_at, S.CLOSED: lambda row: row.begins_at, S.RUNNING: _ends,
}  # fmt: skip
_AFTER: Mapping[str, ActivityState] = {S.PUBLISHED: S.OPEN, S.OPEN: S.CLOSED, S.CLOSED: S.RUNNING, S.RUNNING: S.ENDED}


def _advance(row: Activity, moment: datetime) -> int:
    steps = 0
    while row.state in _STEPS and (at := _STEPS[row.state](row)) is not None and at <= moment:
        row.state = _AFTER[row.state]
        row.save(update_fields=["state"])
        steps += 1
        if row.state == S.ENDED:
            _settle(row)
    return steps


def _settle(row: Activity) -> None:
    """Whoever was expected and did not come is a no-show; whoever still waited gets no place."""
    of_row = Registration.objects.filter(session__activity=row)
    of_row.filter(state=R.CONFIRMED).update(state=R.NO_SHOW)
    of_row.filter(state=R.WAITING).update(state=R.REFUSED, reason="没有空出名额")
    for session, count in _undecided(row):
        Session.objects.filter(pk=session).update(taken=count)
    of_row.filter(state=R.PENDING).update(state=R.REFUSED, reason="活动已结束")


def _undecided(row: Activity) -> list[tuple[int, int]]:
    """Sessions with places of registrations nobody decided on, and how many places are left without them."""
    pending = (
        Registration.objects.filter(session__activity=row, state=R.PENDING).values("session", "session__taken").annotate(n=Count("pk"))
    )
    return [(one["session"], one["session__taken"] - one["n"]) for one in pending]


def _locked(activity: int) -> Activity:
    return Activity.objects.select_for_update().get(pk=activity)


def _move(row: Activity, to: ActivityState, name: str, actor: Actor, **columns: Any) -> None:
    row.state = to
    for column, value in columns.items():
        setattr(row, column, value)
    row.save(update_fields=["state", *columns])
    _note(name, actor, row)


def _note(name: str, actor: Actor, row: Activity) -> None:
    record(name, actor=actor, target=f"activity:{row.pk}", after=digest_of({"state": row.state, "title": row.title}), reason=row.reason)


def _columns(facts: ActivityFacts) -> dict[str, Any]:
    columns = asdict(facts)
    return {**columns, "title": facts.title.strip(), "organiser": facts.organiser.strip(), "translations": dict(facts.translations)}


def _take_dates(row: Activity) -> None:
    dates = row.sessions.aggregate(first=Min("begins_at"), last=Max("ends_at"))
    row.begins_at, row.ends_at = dates["first"], dates["last"]
    row.save(update_fields=["begins_at", "ends_at"])


def _task(row: Activity) -> str:
    return f"activity:{row.pk}"


def _tell_all(row: Activity, what: str, at: datetime | None) -> None:
    live = Registration.objects.filter(session__activity=row, state__in=[R.PENDING, R.CONFIRMED, R.WAITING])
    for one in live.select_related("session__activity").iterator():
        announce(one, what, at.isoformat() if at else "")
