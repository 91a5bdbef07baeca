"""交接: tasks offered to a colleague, until a day or for good; nothing moves before the colleague accepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, now

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.models import HandedTask, Handover, Task
from keheng.kernel.desk.tasks import own_tasks, reached
from keheng.kernel.errors import Problem, Refused, attempt, problem
from keheng.kernel.jobs.registry import every, job
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record

KIND, JOB = "desk.handover", "desk.handover.end"
State = Handover.State
_LONGEST_REASON = 200


def handovers_of(account: str) -> QuerySet[Handover]:
    """Handovers an account gives or takes, the latest first."""
    return Handover.objects.filter(Q(giver=account) | Q(taker=account)).prefetch_related("tasks").order_by("-pk")


@act("handover.offer", Refused)
def offer_handover(*, actor: Principal, login: str, tasks: Iterable[int], ends: date | None, reason: str) -> Handover:
    """Offer own tasks to a colleague by login name; ``ends`` is the day they come back. Raises Refused with everything wrong."""
    taker = accounts().find(login)
    chosen = list(own_tasks(actor.account).filter(pk__in=list(tasks)).order_by("pk"))
    found: list[Problem] = []
    if not taker:
        found.append(problem("DESK_HANDOVER_NOBODY", "login", login=login.strip()[:80]))
    elif taker == actor.account:
        found.append(problem("DESK_HANDOVER_SELF", "login"))
    if not chosen:
        found.append(problem("DESK_HANDOVER_NOTHING", "tasks"))
    if ends is not None and ends <= localdate():
        found.append(problem("DESK_HANDOVER_ENDS", "ends"))
    if taker and taker != actor.account:
        found += beyond(taker, chosen)
    if found:
        raise Refused(found)
    made = Handover.objects.create(giver=actor.account, taker=taker, ends=ends, reason=reason.strip()[:_LONGEST_REASON], offered_at=now())
    HandedTask.objects.bulk_create(HandedTask(handover=made, key=task.key) for task in chosen)
    after = digest_of({"taker": taker, "ends": ends, "tasks": [task.key for task in chosen]})
    record("handover.offer", actor=actor, target=f"handover:{made.pk}", after=after)
    name = _name(actor.account)
    tell([taker], kind=KIND, key=f"handover:{made.pk}:offered", title=f"{name}请您接手 {len(chosen)} 项任务", url=reverse("desk:handovers"))
    return made


@act("handover.accept", Refused)
def accept_handover(*, actor: Principal, handover: int) -> int:
    """Take the tasks over; how many moved. Those that were settled or taken back meanwhile stay where they are."""
    present = _locked(handover, taker=actor.account)
    _expect(present, State.OFFERED)
    tasks = list(own_tasks(present.giver).filter(key__in=present.tasks.values("key")).select_for_update().order_by("pk"))
    if found := beyond(actor.account, tasks):
        raise Refused(found)
    moved = Task.objects.filter(pk__in=[task.pk for task in tasks], account=present.giver).update(account=present.taker)
    _decide(present, State.ACCEPTED)
    record("handover.accept", actor=actor, target=f"handover:{handover}", after=digest_of({"tasks": [task.key for task in tasks]}))
    _tell(present.giver, present, f"{_name(actor.account)}已接手 {moved} 项任务")
    return moved


@act("handover.decline", Refused)
def decline_handover(*, actor: Principal, handover: int) -> None:
    """Do not take the tasks over."""
    present = _locked(handover, taker=actor.account)
    _expect(present, State.OFFERED)
    _decide(present, State.DECLINED)
    record("handover.decline", actor=actor, target=f"handover:{handover}")
    _tell(present.giver, present, f"{_name(actor.account)}没有接手您交接的任务")


@act("handover.withdraw", Refused)
def withdraw_handover(*, actor: Principal, handover: int) -> None:
    """Take an offer back that nobody decided on."""
    present = _locked(handover, giver=actor.account)
    _expect(present, State.OFFERED)
    _decide(present, State.WITHDRAWN)
    record("handover.withdraw", actor=actor, target=f"handover:{handover}")


@act("handover.end", Refused)
def end_handover(*, actor: Actor, handover: int) -> int:
    """The time is over, or one of both ends it: tasks that are still open go back; how many."""
    present = Handover.objects.select_for_update().filter(pk=handover).first()
    if present is None or (actor != SYSTEM and actor.account not in {present.giver, present.taker}):
        raise Refused(problem("DESK_HANDOVER_GONE"))
    _expect(present, State.ACCEPTED)
    moved = own_tasks(present.taker).filter(key__in=present.tasks.values("key")).update(account=present.giver)
    _decide(present, State.ENDED)
    record("handover.end", actor=actor, target=f"handover:{handover}", after=digest_of({"moved": moved}))
    for account in (present.giver, present.taker):
        _tell(account, present, f"交接结束，{moved} 项未办结的任务已交回")
    return moved


@job(JOB, atomic=False)
def end_handovers(_payload: Mapping[str, Any]) -> None:
    """End those whose day has come."""
    due = Handover.objects.filter(state=State.ACCEPTED, ends__lte=localdate()).order_by("pk").values_list("pk", flat=True)
    for number in list(due):
        # One of both may have ended it this very moment.
        attempt(partial(end_handover, actor=SYSTEM, handover=number))


def beyond(taker: str, tasks: list[Task]) -> list[Problem]:
    """Tasks that a colleague may not do: those the powers do not reach, and those asked of the giver alone."""
    within = set(
        Task.objects.filter(reached(accounts().principal(taker, "")), pk__in=[task.pk for task in tasks]).values_list("pk", flat=True)
    )
    name = _name(taker)
    return [problem("DESK_HANDOVER_MAY", "tasks", name=name, title=task.title) for task in tasks if task.pk not in within]


def _locked(handover: int, **whose: str) -> Handover:
    present = Handover.objects.select_for_update().filter(pk=handover, **whose).first()
    if present is None:
        raise Refused(problem("DESK_HANDOVER_GONE"))
    return present


def _expect(present: Handover, state: Handover.State) -> None:
    if present.state != state:
        raise Refused(problem("DESK_HANDOVER_STATE", state=present.get_state_display()))


def _decide(present: Handover, state: Handover.State) -> None:
    present.state, present.decided_at = state, now()
    present.save(update_fields=["state", "decided_at"])


def _name(account: str) -> str:
    return accounts().names([account]).get(account, "同事")


def _tell(account: str, present: Handover, title: str) -> None:
    tell([account], kind=KIND, key=f"handover:{present.pk}:{present.state}", title=title, url=reverse("desk:handovers"))


every(timedelta(hours=1), JOB)
