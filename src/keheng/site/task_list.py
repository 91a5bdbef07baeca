"""Tasks over the API, for the portal or messenger in which people see what all their systems ask of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from keheng.kernel.api.paging import Cursor, Limit, Page, page
from keheng.kernel.desk.tasks import tasks_for
from keheng.kernel.doors import actor_of

router = Router(tags=["任务 tasks"])


class TaskOut(Schema):
    """Something to be done; ``url`` is the page on which it is done, ``account`` '' while nobody has taken it."""

    id: int
    kind: str
    title: str
    url: str
    account: str
    opened_at: datetime
    due_at: datetime | None


@router.get("", response=Page[TaskOut], summary="我的任务 own tasks")
def list_tasks(request: HttpRequest, cursor: Cursor = "", limit: Limit = 20) -> dict[str, Any]:
    """What the token's account may do within the token's permissions, the latest opened first."""
    return page(tasks_for(actor_of(request)), cursor, limit, TaskOut.from_orm)
