"""Tasks: opened and closed in the transaction of the act that brings them about or settles them; taken, handed back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate, localtime, now

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.models import Task
from keheng.kernel.desk.standing_in import stood_in_for
from keheng.kernel.errors import Refused, problem
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, record
from keheng.kernel.working_days import working_calendar

_BATCH = 500
# All but the key and when it was first asked for.
_RENEWED = ["kind", "title", "url", "permission", "unit", "district", "account", "not_by", "due_at"]


def open_task(  # noqa: PLR0913 -- a task is told by its parts
    key: str, *, kind: str, title: str, url: str, permission: str = "", unit: int | None = None, district: str = "", account: str = "",
    not_by: str = "", due_at: datetime | None = None,
) -> Task:  # fmt: skip
    """Ask for something: of one account, or of whoever holds the permission within its reach but ``not_by``.

    An open task of this key is renewed.
    """
    facts = {
        "kind": kind, "title": title, "url": url, "permission": permission, "unit": unit, "district": district, "account": account,
        "not_by": not_by, "due_at": due_at,
    }  # fmt: skip
    (task,) = open_tasks([(key, facts)])
    return task


def open_tasks(asked: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Task]:
    """Ask for many things in one statement: the parts of each task, as ``open_task`` takes them, with its key, each key once."""
    rows = [Task(key=key, opened_at=now(), **{**facts, "title": facts["title"][:200]}) for key, facts in asked]
    return Task.objects.bulk_create(rows, _BATCH, update_conflicts=True, unique_fields=["key"], update_fields=_RENEWED)


def close_task(key: str) -> bool:
    """It is settled; whether it was open."""
    return Task.objects.filter(key=key).delete()[0] > 0


def takers(keys: Iterable[str]) -> list[str]:
    """Accounts that have open tasks of these keys: who took them, or of whom they are asked by name."""
    rows = Task.objects.filter(key__in=list(keys)).exclude(account="").order_by("account")
    return list(rows.values_list("account", flat=True).distinct())


def reached(actor: Principal) -> Q:
    """Tasks that the actor's powers reach, taken or not, as one condition."""
    places: dict[str, set[tuple[str, int | None, str]]] = defaultdict(set)
    for power in actor.powers:
        places[power.permission].add((power.reach, power.unit, power.district))
    # Permissions that reach equally far share a condition, always in the same words: a statement of forty is slow to make and to ask.
    alike: dict[frozenset[tuple[str, int | None, str]], list[str]] = defaultdict(list)
    for permission in sorted(places):
        alike[frozenset(places[permission])].append(permission)
    found = Q(pk__in=[])
    for permissions in alike.values():
        found |= Q(permission__in=permissions) & actor.within(permissions[0], unit="unit", district="district")
    return found & ~Q(not_by=actor.account)


def tasks_for(actor: Principal) -> QuerySet[Task]:
    """What the actor may do; the most urgent first, those without a date last.

    One's own, untaken ones that one's powers reach, and what is asked by name of somebody whom one substitutes (``stands_in``).
    """
    # Looked for in the order in which they are due: an index of accounts would have all untaken ones sorted first.
    named = Task.objects.alias(whose=Coalesce("account", Value("")))
    own, others = _taken_by(actor, "whose")
    return _told(named.filter(own | others | (Q(whose="") & reached(actor))), others)


def taken_tasks(actor: Principal) -> QuerySet[Task]:
    """Those of ``tasks_for`` that somebody has: one's own, and those of whom one substitutes; found by their accounts."""
    own, others = _taken_by(actor, "account")
    return _told(Task.objects.filter(own | others), others) if actor.account else Task.objects.none()


def _taken_by(actor: Principal, by: str) -> tuple[Q, Q]:
    return Q(**{by: actor.account}), Q(**{f"{by}__in": stood_in_for(actor.account)}, permission="")


def _told(rows: QuerySet[Task], others: Q) -> QuerySet[Task]:
    return rows.annotate(stands_in=Case(When(others, then=True), default=False)).order_by("due_at", "pk")


def own_tasks(account: str) -> QuerySet[Task]:
    """Tasks an account has taken, or was given."""
    return Task.objects.filter(account=account) if account else Task.objects.none()


@act("task.take", Refused)
def take_task(*, actor: Principal, task: int) -> Task:
    """Take a task that nobody has; raises Refused when it is gone, out of reach or taken."""
    found = Task.objects.select_for_update().filter(pk=task).first()
    if found is None or not Task.objects.filter(reached(actor), pk=task).exists():
        raise Refused(problem("DESK_TASK_GONE"))
    # Of two who take it at once the database lets one through.
    if not Task.objects.filter(pk=task, account="").update(account=actor.account):
        name = accounts().names([found.account]).get(found.account, "别人")
        raise Refused(problem("DESK_TASK_TAKEN", name=name))
    record("task.take", actor=actor, target=f"task:{task}", reason=found.key)
    return found


@act("task.hand_back", Refused)
def hand_back_task(*, actor: Principal, task: int) -> None:
    """Let others take a task again; raises Refused for one that is not one's own, or is asked of oneself alone."""
    found = Task.objects.select_for_update().filter(pk=task, account=actor.account).first()
    if found is None:
        raise Refused(problem("DESK_TASK_GONE"))
    if not found.permission:
        raise Refused(problem("DESK_TASK_OWN"))
    Task.objects.filter(pk=task, account=actor.account).update(account="")
    record("task.hand_back", actor=actor, target=f"task:{task}", reason=found.key)


def time_left(due_at: datetime | None) -> str:
    """How much time is left, in working days, as people say it; '' for a task without a date."""
    if due_at is None:
        return ""
    if due_at <= now():
        late = working_calendar().count(localtime(due_at).date(), localdate())
        return f"已逾期 {late} 个工作日" if late else "已逾期"
    left = working_calendar().count(localdate(), localtime(due_at).date())
    return f"还有 {left} 个工作日" if left else "今天到期" if localtime(due_at).date() == localdate() else "下个工作日前到期"
