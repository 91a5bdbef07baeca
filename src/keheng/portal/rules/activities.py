"""Whether an activity may be planned, changed or moved on: all problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from keheng.kernel.errors import Problem, problem
from keheng.portal.enums.activities import ActivityKind, ActivityState, RegistrationState
from keheng.portal.models import Activity, Attendance, Registration, Session
from keheng.portal.rules.people import year_of

S = ActivityState
# 策划→审批→发布→报名中→截止→进行中→结束→归档, or 延期, 取消. A postponed one is announced anew with its new dates.
NEXT: Mapping[str, frozenset[str]] = {
    S.PLANNED: frozenset({S.IN_REVIEW, S.CANCELLED}),
    S.IN_REVIEW: frozenset({S.PLANNED, S.PUBLISHED}),
    S.PUBLISHED: frozenset({S.OPEN, S.POSTPONED, S.CANCELLED}),
    S.OPEN: frozenset({S.CLOSED, S.POSTPONED, S.CANCELLED}),
    S.CLOSED: frozenset({S.RUNNING, S.POSTPONED, S.CANCELLED}),
    S.RUNNING: frozenset({S.ENDED}),
    S.ENDED: frozenset({S.ARCHIVED}),
    S.POSTPONED: frozenset({S.PUBLISHED, S.CANCELLED}),
    S.ARCHIVED: frozenset(),
    S.CANCELLED: frozenset(),
}
EDITABLE = frozenset({S.PLANNED, S.POSTPONED})
LONGEST_TITLE, LONGEST_SUMMARY = 120, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFacts:
    """What is said of an activity; times are aware."""

    title: str
    kind: str
    organiser: str
    opens_at: datetime
    closes_at: datetime
    summary: str = ""
    body: str = ""
    per_unit: int | None = None
    moderated: bool = False
    waiting_list: bool = True
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """What is said of a session; a place, an online room, or both."""

    begins_at: datetime
    ends_at: datetime
    capacity: int
    title: str = ""
    place: str = ""
    online_url: str = ""


def move_problems(activity: Activity, to: str) -> list[Problem]:
    """Whether the state may follow the present one."""
    if to in NEXT[activity.state]:
        return []
    return [problem("ACT_STATE", state=activity.get_state_display(), to=str(ActivityState(to).label))]


def activity_problems(facts: ActivityFacts) -> list[Problem]:
    """What is wrong with the facts of an activity."""
    found: list[Problem] = []
    if not facts.title.strip():
        found.append(problem("ACT_TITLE", "title"))
    if not facts.organiser.strip():
        found.append(problem("ACT_ORGANISER", "organiser"))
    for name, text, most in (("title", facts.title, LONGEST_TITLE), ("summary", facts.summary, LONGEST_SUMMARY)):
        if len(text) > most:
            found.append(problem("ACT_TOO_LONG", name, most=most))
    if facts.kind not in ActivityKind.values:
        found.append(problem("ACT_KIND", "kind"))
    if facts.closes_at <= facts.opens_at:
        found.append(problem("ACT_WINDOW", "closes_at"))
    if facts.per_unit is not None and facts.per_unit < 1:
        found.append(problem("ACT_PER_UNIT", "per_unit"))
    return found


def session_problems(facts: SessionFacts, taken: int = 0) -> list[Problem]:
    """What is wrong with the facts of a session of which so many places are taken."""
    found: list[Problem] = []
    if facts.ends_at <= facts.begins_at:
        found.append(problem("ACT_SESSION_SPAN", "ends_at"))
    if facts.capacity < 1:
        found.append(problem("ACT_CAPACITY", "capacity"))
    elif facts.capacity < taken:
        found.append(problem("ACT_CAPACITY_TAKEN", "capacity", taken=taken))
    if not facts.place.strip() and not facts.online_url.strip():
        found.append(problem("ACT_WHERE", "place"))
    return found


def editable_problems(activity: Activity) -> list[Problem]:
    """Only what is planned or postponed is rewritten."""
    return [] if activity.state in EDITABLE else [problem("ACT_NOT_EDITABLE", state=activity.get_state_display())]


def moving_problems(session: Session, facts: SessionFacts) -> list[Problem]:
    """Who came is marked for the year in which the session ends: it is not moved into another one."""
    moved = year_of(session.ends_at) != year_of(facts.ends_at)
    return [problem("ACT_SESSION_CAME", "begins_at")] if moved and session.attendances.exists() else []


def ready_problems(activity: Activity) -> list[Problem]:
    """What an activity lacks before anybody may see it: sessions, all of them after the registration ends."""
    sessions = list(activity.sessions.all())
    if not sessions:
        return [problem("ACT_NO_SESSION")]
    late = any(one.begins_at < activity.closes_at for one in sessions)
    return [problem("ACT_CLOSES_LATE", "closes_at")] if late else []


def approval_problems(activity: Activity, account: str) -> list[Problem]:
    """Nobody approves an activity of their own (GB/T 22239-2019: least right, posts separated)."""
    found = move_problems(activity, S.PUBLISHED) if activity.state == S.IN_REVIEW else [problem("ACT_NOT_IN_REVIEW")]
    return [*found, problem("ACT_OWN")] if activity.author == account else found


def reason_problems(reason: str) -> list[Problem]:
    """Whoever stops something says why."""
    return [] if reason.strip() else [problem("ACT_REASON", "reason")]


def archive_problems(activity: Activity) -> list[Problem]:
    """The file of an activity is whole: everybody is settled, and somebody came."""
    found = move_problems(activity, S.ARCHIVED)
    unsettled = Registration.objects.filter(
        session__activity=activity, state__in=[RegistrationState.PENDING, RegistrationState.CONFIRMED, RegistrationState.WAITING]
    ).count()
    if unsettled:
        found.append(problem("ACT_UNSETTLED", count=unsettled))
    if not Attendance.objects.filter(session__activity=activity).exists():
        found.append(problem("ACT_NOBODY_CAME"))
    return found


def removal_problems(session: Session) -> list[Problem]:
    """A session for which somebody registered stays."""
    found = editable_problems(session.activity)
    return [*found, problem("ACT_SESSION_USED")] if session.registrations.exists() else found
