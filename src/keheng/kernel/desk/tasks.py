"""Tasks: opened and closed in the transaction of the act that brings them about or settles them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import now

from keheng.kernel.desk.models import Task
from keheng.kernel.powers import Principal


def open_task(  # noqa: PLR0913 -- a task is told by its parts
    key: str, *, kind: str, title: str, url: str, permission: str = "", unit: int | None = None, district: str = "", account: str = "",
    not_by: str = "", due_at: datetime | None = None,
) -> Task:  # fmt: skip
    """Ask for something: of one account, or of whoever holds the permission within its reach but ``not_by``.

    An open task of this key is renewed.
    """
    facts = {
        "kind": kind, "title": title[:200], "url": url, "permission": permission, "unit": unit, "district": district, "account": account,
        "not_by": not_by, "due_at": due_at,
    }  # fmt: skip
    task, _ = Task.objects.update_or_create(key=key, defaults=facts, create_defaults={**facts, "opened_at": now()})
    return task


def close_task(key: str) -> bool:
    """It is settled; whether it was open."""
    return Task.objects.filter(key=key).delete()[0] > 0


def tasks_for(actor: Principal) -> QuerySet[Task]:
    """What the actor may do: one's own, and untaken ones that one's powers reach; the most urgent first, those without a date last."""
    reached = Q(pk__in=[])
    for permission in {power.permission for power in actor.powers}:
        reached |= Q(permission=permission) & actor.within(permission, unit="unit", district="district")
    own = Q(account=actor.account)
    return Task.objects.filter(own | (Q(account="") & reached & ~Q(not_by=actor.account))).order_by("due_at", "pk")
