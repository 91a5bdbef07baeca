"""同事的任务: what somebody took who has left or is away is freed for all, or given to a colleague, by whoever may arrange it.

What is asked of one person by name stays asked of that person: a substitute does it, or the case asks somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.handovers import KIND, beyond
from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.models import Task
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record

ARRANGE = "desk.task.arrange"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with tasks that they took: how many, the first to fall due; ``stopped`` once the account is no longer active."""

    account: str
    name: str
    tasks: int
    due_at: datetime | None
    stopped: bool


def taken_tasks(actor: Principal, giver: str = "") -> QuerySet[Task]:
    """Tasks that somebody took (one account, or anybody) within the reach of whoever may arrange them; never one's own."""
    own = Q(account__in=["", actor.account])
    rows = Task.objects.filter(actor.within(ARRANGE, unit="unit", district="district")).exclude(own).exclude(permission="")
    return rows.filter(account=giver) if giver else rows


def holders(actor: Principal) -> list[Holder]:
    """Who has taken tasks, those whose accounts are stopped first, then by the first date."""
    rows = list(taken_tasks(actor).order_by().values_list("account").annotate(tasks=Count("pk"), first=Min("due_at")))
    names, active = accounts().names(row[0] for row in rows), accounts().active(row[0] for row in rows)
    found = [Holder(who, names.get(who, "—"), tasks, due_at, who not in active) for who, tasks, due_at in rows]
    return sorted(found, key=lambda one: (not one.stopped, one.due_at is None, one.due_at, one.name))


@act("task.clear", Refused)
def clear_tasks(*, actor: Principal, giver: str, login: str, reason: str) -> int:
    """Free everything that somebody took (``login`` ''), or give it to a colleague by login name; how many tasks moved.

    Those that were settled or handed back meanwhile stay where they are. Raises Refused with everything wrong at once.
    """
    tasks = list(taken_tasks(actor, giver).select_for_update().order_by("pk")) if giver else []
    taker = accounts().find(login) if login.strip() else ""
    if found := list(_problems(actor, giver, taker, login, reason, tasks)):
        raise Refused(found)
    # Of two who clear at once the second finds nothing left.
    moved = Task.objects.filter(pk__in=[task.pk for task in tasks], account=giver).update(account=taker)
    reason = reason.strip()[:_LONGEST]
    after = digest_of({"taker": taker, "tasks": [task.key for task in tasks]})
    entry = record("task.clear", actor=actor, target=f"account:{giver}", after=after, reason=reason)
    whom = f"转给{_name(taker)}" if taker else "退回待认领"
    title = f"{_name(giver)}认领的 {moved} 项任务已由{_name(actor.account)}{whom}"
    tell([one for one in (giver, taker) if one], kind=KIND, key=f"clear:{entry}", title=title, body=reason, url=reverse("desk:desk"))
    return moved


def _problems(actor: Principal, giver: str, taker: str, login: str, reason: str, tasks: list[Task]) -> Iterator[Problem]:
    if not actor.may(ARRANGE) or not tasks:
        yield problem("DESK_CLEAR_NOTHING", "giver")
    if login.strip() and not taker:
        yield problem("DESK_HANDOVER_NOBODY", "login", login=login.strip()[:80])
    elif taker and taker == actor.account:
        yield problem("DESK_CLEAR_SELF", "login")
    elif taker and taker == giver:
        yield problem("DESK_CLEAR_SAME", "login")
    elif taker:
        yield from beyond(taker, tasks)
    if not reason.strip():
        yield problem("DESK_CLEAR_REASON", "reason")


def _name(account: str) -> str:
    return accounts().names([account]).get(account, "同事")
