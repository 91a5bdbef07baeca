"""差评整改: opened with a bad rating, called back, closed with an answer to whoever rated; its last day follows the calendar."""

from __future__ import annotations

from datetime import date, datetime, time

from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate, now

from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.tasks import close_task, open_task
from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record
from keheng.kernel.working_days import working_calendar
from keheng.matters.actions.telling import KIND, case_title
from keheng.matters.models import CallBack, FollowUp, Rating
from keheng.matters.queries.addresses import address
from keheng.matters.queries.follow_ups import handlers_of
from keheng.matters.rules.follow_ups import FOLLOW, call_problems, close_problems, followed_by, hands_off, limit_of
from keheng.matters.rules.ratings import follow_up_limits


def open_follow_up(rating: Rating) -> FollowUp:
    """Have a bad rating looked into, in the act that gave it; the clock counts from the rating's day."""
    opened = localdate(rating.at)
    usual = follow_up_limits(opened).usual
    days, due = limit_of(usual, opened, working_calendar())
    row = FollowUp.objects.create(rating=rating, opened_at=rating.at, difficulty=usual, days=days, due_on=due)
    _ask(row)
    return row


def _ask(row: FollowUp) -> None:
    """A task for whoever may look into it: none of its own for who handled the case, and never theirs alone."""
    case = row.rating.case
    open_task(
        _key(row), kind=KIND, title=f"差评整改：{case_title(case)}", url=reverse("casework:follow-up", args=[row.pk]), permission=FOLLOW,
        unit=case.unit_id, district=case.district, not_by=case.applicant,
        due_at=datetime.combine(row.due_on, time(23, 59), get_current_timezone()),
    )  # fmt: skip


def _key(row: FollowUp) -> str:
    return f"follow-up:{row.pk}"


def _locked(actor: Principal, follow_up: int) -> FollowUp:
    rows = FollowUp.objects.select_related("rating__case").select_for_update(of=("self",))
    row = rows.filter(followed_by(actor), pk=follow_up).first()
    if row is None:
        raise Refused(problem("MATTER_FOLLOW_UP_GONE"))
    return row


@act("rating.call_back", Refused)
def call_back(*, actor: Principal, follow_up: int, reached: str, heard: str, difficulty: str) -> CallBack:
    """Write down a call back and how hard it is to put right, which sets the last day anew while that has not passed."""
    row, today = _locked(actor, follow_up), localdate()
    found = [*hands_off(actor, handlers_of(row.rating.case)), *call_problems(row, reached, heard, difficulty, today)]
    if found:
        raise Refused(found)
    made = CallBack.objects.create(follow_up=row, reached=reached, heard=heard.strip(), by=actor.account, at=now())
    row.called_on = row.called_on or today
    if difficulty != row.difficulty:
        row.difficulty = difficulty
        row.days, row.due_on = limit_of(difficulty, localdate(row.opened_at), working_calendar())
    row.save(update_fields=["called_on", "difficulty", "days", "due_on"])
    _ask(row)
    after = digest_of({"reached": reached, "heard": made.heard, "difficulty": difficulty, "due_on": row.due_on})
    record("rating.call_back", actor=actor, target=f"case:{row.rating.case_id}", after=after)
    return made


@act("rating.close", Refused)
def close_follow_up(*, actor: Principal, follow_up: int, finding: str, done: str, answer: str) -> FollowUp:
    """Say what was found and what was done, and answer whoever rated; of two who close it at once the second is refused."""
    row = _locked(actor, follow_up)
    case = row.rating.case
    found = [*hands_off(actor, handlers_of(case)), *close_problems(row, finding, done, answer)]
    if found:
        raise Refused(found)
    given = {"finding": finding, "done": done.strip(), "answer": answer.strip(), "closed_by": actor.account, "closed_on": localdate()}
    if not FollowUp.objects.filter(pk=row.pk, closed_on=None).update(**given):
        raise Refused(problem("MATTER_FOLLOW_UP_CLOSED"))
    close_task(_key(row))
    tell(
        [row.rating.by], kind=KIND, key=_key(row), title=f"对您评价的答复：{case_title(case)}", body=answer.strip(),
        url=f"{address('case', case.pk)}#rating",
    )  # fmt: skip
    record("rating.close", actor=actor, target=f"case:{case.pk}", after=digest_of(given))
    row.refresh_from_db()
    return row


def follow_dues(today: date) -> int:
    """Compute last days that have not passed anew, after a year's working days were published; how many changed."""
    calendar, changed = working_calendar(), 0
    for row in FollowUp.objects.filter(closed_on=None, due_on__gte=today).select_related("rating__case").order_by("pk"):
        due = calendar.add(localdate(row.opened_at), row.days)
        if due != row.due_on and FollowUp.objects.filter(pk=row.pk, closed_on=None, due_on=row.due_on).update(due_on=due):
            row.due_on, changed = due, changed + 1
            _ask(row)
    return changed
