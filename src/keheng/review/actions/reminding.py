"""Judges with open readings are reminded as the last day comes near: once for each rung, by a job; who was told when stays on record."""

from __future__ import annotations

from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.timezone import localdate, now

from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Refused, problem
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.review.actions.rounds import KIND, target
from keheng.review.enums import RoundState, SeatState, parameter
from keheng.review.models import JudgeReminder, Panelist, Round, Seat
from keheng.review.rules.rounds import state_problems


def remind_judges(day: date | None = None) -> int:
    """Remind in every round that is being scored; how many judges were told. Safe to be called again."""
    today = day or localdate()
    rows = Round.objects.filter(state=RoundState.SCORING, scoring_until__gte=today).order_by("pk")
    return sum(_reminded(row, today) for row in rows if _waiting(row, today))


def _reminded(row: Round, today: date) -> int:
    try:
        return _remind(actor=SYSTEM, pk=row.pk, today=today)
    except Refused:
        # The round has gone on, or another worker has told them meanwhile.
        return 0


def _reached(row: Round, today: date) -> list[int]:
    """The rungs, in days before the last day, that have come; the last one is what a judge is told of."""
    left = (row.scoring_until - today).days
    return sorted((int(one) for one in parameter("remind_days") if left <= int(one)), reverse=True)


def _waiting(row: Round, today: date) -> dict[int, int]:
    """How many readings are open, by judges who were not told at this rung or a later one."""
    reached = _reached(row, today)
    if not reached:
        return {}
    told = JudgeReminder.objects.filter(panelist__round=row, rung__lte=reached[-1]).values("panelist")
    seats = Seat.objects.filter(panelist__round=row, state=SeatState.OPEN).exclude(panelist__in=told)
    return {one["panelist"]: one["n"] for one in seats.values("panelist").annotate(n=Count("pk")).order_by()}


@act("review.remind", Refused)
def _remind(*, actor: Actor, pk: int, today: date) -> int:
    """Tell the judges of a round who have open readings and were not told at this rung."""
    # Two workers follow each other here; the constraint holds whatever they do.
    row = Round.objects.select_for_update().get(pk=pk)
    counts, found = _waiting(row, today), state_problems(row, RoundState.SCORING)
    if found or not counts:
        raise Refused(found or problem("REVIEW_REMINDED"))
    rung, left = _reached(row, today)[-1], (row.scoring_until - today).days
    panel = list(Panelist.objects.filter(pk__in=counts).order_by("code"))
    JudgeReminder.objects.bulk_create(JudgeReminder(panelist=one, rung=rung, open=counts[one.pk], at=now()) for one in panel)
    day = "今天截止" if left == 0 else f"还有 {left} 天截止"
    for one in panel:
        tell(
            [one.account], kind=KIND, key=f"review:{row.pk}:remind:{rung}", title=f"评审{day}：{row.title}",
            body=f"您还有 {counts[one.pk]} 份没有提交，请在 {row.scoring_until:%Y-%m-%d} 前完成。", url=reverse("review:desk"),
        )  # fmt: skip
    record("review.remind", actor=actor, target=target(row), after=digest_of({"rung": rung, "told": [one.code for one in panel]}))
    return len(panel)
