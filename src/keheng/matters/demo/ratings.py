"""Bad ratings of IT projects with follow-ups at every stage. Those of the past are written with their day; what the office does is acts.

The published shares of good ratings are of work permits; these stand beside them, at other matters.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import get_current_timezone, localdate, now

from keheng.kernel.accounts import accounts
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM, record
from keheng.kernel.working_days import working_calendar
from keheng.matters.actions.follow_ups import open_follow_up
from keheng.matters.models import Case, FollowUp, Rating
from keheng.matters.service import call_back, close_follow_up, rate_case

_SETTLED = timedelta(days=45)
_HEARD = "申请人说补正来回了两次，希望一次说清。（演示）"
_DONE, _ANSWER = "重写了材料清单，补正意见由科室统一出。（演示）", "您说的情况属实，材料清单已经改写，谢谢您的意见。（演示）"


def load(firm: Principal) -> None:
    """One of each stage: to be looked into, being put right, hard, late, answered, answered late; and one of the demo's own firm."""
    agent = accounts().principal(accounts().find("demo.hotline.agent"), "")
    rows = Case.objects.filter(matter="yl.it-project", rating=None, ended_at__lt=_days_ago(0) - _SETTLED).exclude(end="withdrawn")
    stages = ((0, ""), (2, "ordinary"), (3, "hard"), (12, ""), (5, "close"), (15, "close"))
    for number, (case, (days, stage)) in enumerate(zip(rows.order_by("-pk"), stages, strict=False)):
        with transaction.atomic():
            rating = Rating.objects.create(
                case=case, stars=1 + number % 2, comment=f"等得太久，不知道卡在哪一步。（演示{number + 1}）", by=case.applicant,
                at=_days_ago(days),
            )  # fmt: skip
            row = open_follow_up(rating)
            record("case.take_over", actor=SYSTEM, target=f"case:{case.pk}", reason="演示评价")
        _worked_on(agent, row, stage, "valid" if number % 2 == 0 else "mistaken")
    refused = Case.objects.filter(matter="yl.it-project", applicant=firm.account, end="refused", rating=None).order_by("pk").first()
    if refused is not None:
        made = rate_case(actor=firm, case=refused.pk, stars=2, comment="只说与已建系统重复，没有说是哪一个。（演示）", aspects={"guide": 2})
        _worked_on(agent, FollowUp.objects.get(rating=made), "close", "valid")


def _days_ago(days: int) -> datetime:
    """The morning of the working day so many before today, never after now."""
    return min(datetime.combine(working_calendar().add(localdate(), -days), time(9), get_current_timezone()), now())


def _worked_on(agent: Principal, row: FollowUp, stage: str, finding: str) -> None:
    if not stage:
        return
    call_back(actor=agent, follow_up=row.pk, reached="phone", heard=_HEARD, difficulty="hard" if stage == "hard" else "ordinary")
    if stage == "close":
        close_follow_up(actor=agent, follow_up=row.pk, finding=finding, done=_DONE, answer=_ANSWER)
