"""What time does to cases: terms lapse, clocks remind once at each rung, the copies of due dates follow the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.timezone import localdate, now

from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Refused
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.kernel.working_days import WorkingCalendar, working_calendar
from keheng.matters.actions.concerned import to_remind
from keheng.matters.actions.keeping import due_on
from keheng.matters.actions.moving import lapse_case
from keheng.matters.actions.telling import KIND, case_title
from keheng.matters.models import Case, Clock, Reminder
from keheng.matters.queries.addresses import work_address
from keheng.matters.queries.cases import loaded, matter_of, run_of
from keheng.matters.rules.flow.situation import term_of

_BATCH = 500


def lapse_due() -> int:
    """Move on every case whose term is over; how many went."""
    over = Case.objects.filter(lapse_on__lt=localdate(), ended_at=None).order_by("lapse_on", "pk").values_list("pk", flat=True)
    return sum(lapse_case(case=number) for number in list(over))


def remind_due(day: date | None = None) -> int:
    """Remind of every running clock that has come to a rung it was not at before; how many reminders."""
    today, calendar = day or localdate(), working_calendar()
    sent = 0
    rows = Clock.objects.filter(ended=None, case__ended_at=None, case__due_on__isnull=False).order_by("pk")
    for clock in rows.select_related("case__edition").prefetch_related("stops", "reminders").iterator(_BATCH):
        rungs = _new_rungs(clock, today, calendar)
        to = to_remind(loaded(clock.case)) if rungs else []
        # A rung that nobody could be told of is not spent: the next run tries again.
        if to:
            _remind(actor=SYSTEM, clock=clock, rungs=rungs, to=to)
            sent += len(rungs)
    return sent


def _new_rungs(clock: Clock, today: date, calendar: WorkingCalendar) -> list[int]:
    run, limit = run_of(clock), matter_of(clock.case).clocks[clock.code]
    done = {reminder.rung for reminder in clock.reminders.all()}
    share = run.share(today, limit.promise, calendar) if run.running else 0
    return [rung for rung in limit.warn if rung <= share and rung not in done]


@act("case.remind", Refused)
def _remind(*, actor: Actor, clock: Clock, rungs: Sequence[int], to: Sequence[str]) -> None:
    """One message for the highest rung; each rung is noted once."""
    Reminder.objects.bulk_create([Reminder(clock=clock, rung=rung, at=now()) for rung in rungs], ignore_conflicts=True)
    title = f"时限已用 {max(rungs)}%：{case_title(clock.case)}"
    tell(to, kind=KIND, key=f"clock:{clock.pk}:{max(rungs)}", title=title, url=work_address(clock.case_id))
    record("case.remind", actor=actor, target=f"case:{clock.case_id}", after=digest_of({"clock": clock.code, "rungs": list(rungs)}))


def follow_calendar() -> int:
    """Compute the copies of due dates anew, after a year's working days were published; how many changed."""
    calendar, changed = working_calendar(), 0
    rows = Case.objects.filter(ended_at=None, submitted_at__isnull=False).select_related("edition").order_by("pk")
    for case in rows.iterator(_BATCH):
        one = loaded(case)
        state = one.matter.state_of[case.state]
        due, lapse = due_on(one.matter, one.at, calendar), term_of(state, one.at, calendar) if state.late is not None else None
        if (due, lapse) != (case.due_on, case.lapse_on):
            changed += Case.objects.filter(pk=case.pk, version=case.version).update(due_on=due, lapse_on=lapse)
    return changed
