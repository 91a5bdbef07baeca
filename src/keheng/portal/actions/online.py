"""Who was in the online room, from the file of the room's provider; whoever stayed long enough attended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import groupby
from os import PathLike

from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone, is_naive, make_aware

from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.spreadsheets import Column, Fault, Import, Row, Sheet, read_rows
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.portal.actions.checkin import attend_online
from keheng.portal.actions.places import locked
from keheng.portal.enums.activities import RegistrationState
from keheng.portal.enums.outreach import parameter
from keheng.portal.models import OnlineSpan, Registration, Session
from keheng.portal.rules.checkin import online_minutes

_CAME = (RegistrationState.CONFIRMED, RegistrationState.NO_SHOW, RegistrationState.ATTENDED)


def _expected(session: int) -> QuerySet[Registration]:
    """Who may be in the room; who is forgotten can no longer be told from others."""
    return Registration.objects.filter(session=session, state__in=_CAME, anonymised=False)


def moment_of(text: str) -> datetime | None:
    """A time as files write it, of the installation's zone where none is named; None for what is no time."""
    try:
        found = datetime.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        return None
    return make_aware(found, get_current_timezone()) if is_naive(found) else found


def _is_moment(text: str) -> list[Problem]:
    return [] if moment_of(text) else [problem("CHK_MOMENT")]


def online_sheet() -> Sheet:
    """The sheet of joins and leaves."""
    return Sheet("线上参会", (
        Column("number", "报名编号", required=True),
        Column("joined", "加入时间", required=True, check=_is_moment, aliases=("进入时间",)),
        Column("left", "离开时间", required=True, check=_is_moment, aliases=("退出时间",)),
    ))  # fmt: skip


def check_online(data: bytes | str | PathLike[str], session: int) -> Import:
    """Rows of a file with everything wrong in them; raises Refused for a file that is no such sheet."""
    outcome = read_rows(data, online_sheet(), ignore_unknown=True)
    faulty = {fault.row for fault in outcome.problems}
    known = set(_expected(session).values_list("number", flat=True))
    found = list(outcome.problems)
    for row in outcome.rows:
        if row.number in faulty:
            continue
        joined, left = moment_of(row.values["joined"]), moment_of(row.values["left"])
        if row.values["number"].strip().upper() not in known:
            found.append(Fault(row.number, "报名编号", row.values["number"], problem("CHK_NUMBER", "number")))
        if joined is None or left is None or left <= joined:
            found.append(Fault(row.number, "离开时间", row.values["left"], problem("CHK_SPAN", "left")))
    return replace(outcome, problems=tuple(sorted(found, key=lambda fault: fault.row)))


@act("attendance.online", Refused)
def import_online(*, actor: Actor, session: int, rows: tuple[Row, ...]) -> int:
    """Keep the spans, and note who stayed long enough in all; how many of these are new. A file imported again changes nothing."""
    sitting = _sitting(session)
    people = {one.number: one for one in _expected(session).select_related("session")}
    spans = []
    for row in rows:
        joined, left = moment_of(row.values["joined"]), moment_of(row.values["left"])
        number = row.values["number"].strip().upper()
        if number not in people or joined is None or left is None:
            raise Refused(problem("CHK_NUMBER", "number"))
        spans.append(OnlineSpan(session=sitting, registration=people[number], joined_at=joined, left_at=left))
    OnlineSpan.objects.bulk_create(spans, ignore_conflicts=True)
    new = _settle(actor, sitting, {one.pk: one for one in people.values()})
    record("attendance.online", actor=actor, target=f"session:{session}", after=digest_of({"spans": len(spans), "new": new}))
    return new


def _settle(actor: Actor, sitting: Session, people: dict[int, Registration]) -> int:
    kept = OnlineSpan.objects.filter(session=sitting).order_by("registration", "joined_at")
    rows = kept.values_list("registration", "joined_at", "left_at")
    new = 0
    for number, group in groupby(rows, key=lambda row: row[0]):
        spans = [(joined, left) for _, joined, left in group]
        if online_minutes(spans) >= parameter("online_minutes") and number in people:
            new += attend_online(actor=actor, registration=people[number], at=spans[0][0])
    return new


def _sitting(session: int) -> Session:
    try:
        return locked(session)
    except Session.DoesNotExist:
        raise Refused(problem("REG_NO_SESSION")) from None
