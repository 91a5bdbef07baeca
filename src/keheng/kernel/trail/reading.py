"""Reading the trail: entries about one record, by one account, of one act or kind of acts, each by an index on what the entries say."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet, TextField
from django.db.models.expressions import RawSQL

from keheng.kernel.models import AuditEntry

# The same expressions as in the index of migration 0005. Neither stumbles over a text that is no JSON: the trail takes what it is given.
TARGET = {
    "sqlite": "CASE WHEN json_valid(body) THEN json_extract(body, '$.target') END",
    "postgresql": 'substring(body from \'"target":"([^"]*)"\')',
}
# As in the indexes of migration 0006. The kind of an act is what stands before its first dot. On PostgreSQL a function of that
# migration, which says what reading a text costs: the planner thinks nothing of a million plain regular expressions.
ACT = {
    "sqlite": "CASE WHEN json_valid(body) THEN json_extract(body, '$.act') END",
    "postgresql": "kernel_entry_part(body, 'act')",
}
ACCOUNT = {
    "sqlite": "CASE WHEN json_valid(body) THEN json_extract(body, '$.account') END",
    "postgresql": "kernel_entry_part(body, 'account')",
}
KIND = {
    "sqlite": "CASE WHEN json_valid(body) THEN "
    "substr(json_extract(body, '$.act'), 1, instr(json_extract(body, '$.act') || '.', '.') - 1) END",
    "postgresql": "split_part(kernel_entry_part(body, 'act'), '.', 1)",
}
_WORDS = {"target": TARGET, "account": ACCOUNT, "act": ACT, "kind": KIND}
# Entries whose whole text is read for a word that is none of these: a million would take seconds.
MOST_READ = 20_000


def entries_about(target: str) -> QuerySet[AuditEntry]:
    """Entries about a record ``kind:id``, the newest first."""
    return entries_about_any([target])


def entries_about_any(targets: Collection[str]) -> QuerySet[AuditEntry]:
    """Entries about several records, each ``kind:id``, the newest first; every entry has its ``target``."""
    return _saying(AuditEntry.objects.all(), "target").filter(target__in=targets).order_by("-id")


def with_word(rows: QuerySet[AuditEntry], word: str) -> QuerySet[AuditEntry]:
    """Rows whose target, account, act or kind of act is the word, whichever any entry has first.

    Else those of the newest ``MOST_READ`` entries in which it stands anywhere.
    """
    for part in _WORDS:
        if _saying(AuditEntry.objects.all(), part).filter(**{part: word}).exists():
            return _saying(rows, part).filter(**{part: word})
    newest = AuditEntry.objects.aggregate(id=Max("id"))["id"] or 0
    return rows.filter(id__gt=newest - MOST_READ, body__contains=word)


def of_kind(rows: QuerySet[AuditEntry], kind: str) -> QuerySet[AuditEntry]:
    """Rows of acts of a kind: what stands before the first dot of their names."""
    return _saying(rows, "kind").filter(kind=kind)


def _saying(rows: QuerySet[AuditEntry], part: str) -> QuerySet[Any]:
    return rows.annotate(**{part: RawSQL(_WORDS[part][connection.vendor], [], TextField())})  # noqa: S611 -- a constant of ours
