"""The trail as a list: who did what to what and what came of it, in words; roles and addresses for who asks for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from keheng.access.service import roles
from keheng.kernel.accounts import accounts
from keheng.kernel.models import AuditEntry
from keheng.kernel.tables.table import Column, Filter, Table, register_table
from keheng.kernel.trail.naming import act_kinds, act_title, target_title
from keheng.kernel.trail.reading import MOST_READ, of_kind, with_word
from keheng.kernel.trail.record import SYSTEM

_LONGEST = 120


def _fill(entries: Sequence[Any]) -> None:
    """Each entry's text is read once, and the names of all accounts on the page at once."""
    for entry in entries:
        entry.told = json.loads(entry.body)
    names = {SYSTEM.account: "系统", "": "访客"} | dict(accounts().names({entry.told["account"] for entry in entries}))
    for entry in entries:
        entry.name = names.get(entry.told["account"], entry.told["account"])


def _told(part: str) -> Callable[[Any], Any]:
    """One part of what an entry tells."""
    return lambda entry: entry.told.get(part)


def _role(entry: Any) -> str:
    code = entry.told.get("role") or ""
    return roles()[code].zh if code in roles() else code


def _with_words(rows: QuerySet[AuditEntry], text: str) -> QuerySet[AuditEntry]:
    """Entries with all words."""
    for word in text.split():
        rows = with_word(rows, word)
    return rows


TRAIL = register_table(
    Table(
        "site.trail", "审计记录",
        columns=(
            Column("at", "时间", lambda entry: datetime.fromisoformat(entry.told["at"]), kind="time"),
            Column("name", "谁", cell="site/trail_who.html"),
            Column("act", "动作", lambda entry: act_title(entry.told["act"]), cell="site/trail_act.html"),
            Column("target", "对象", lambda entry: target_title(entry.told.get("target") or "")),
            Column("succeeded", "结果", lambda entry: "成功" if entry.told["succeeded"] else "未成",
                   tag=lambda entry: "ok" if entry.told["succeeded"] else "bad"),
            Column("reason", "说明", lambda entry: (entry.told.get("reason") or "")[:_LONGEST]),
            Column("id", "编号", "pk", sort="pk", shown=False),
            Column("role", "角色", _role, shown=False),
            Column("address", "网络地址", _told("address"), shown=False),
        ),
        filters=(
            Filter("q", "动作、对象或账号编号", apply=_with_words,
                   hint=f"如 grant.decide 或 grant、account:12、12；其他的字只在最近 {MOST_READ:,} 条里找"),
            Filter("kind", "类别", "choice", apply=of_kind, choices=act_kinds),
        ),
        empty_title="还没有记录", empty_text="每一个动作都会记下。", export=False, fill=_fill,
    )
)  # fmt: skip
