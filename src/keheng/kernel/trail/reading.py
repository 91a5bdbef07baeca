"""Reading the trail: entries about one record, by an index on what the entries say."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from keheng.kernel.models import AuditEntry

# The same expressions as in the index of migration 0005. Neither stumbles over a text that is no JSON: the trail takes what it is given.
TARGET = {
    "sqlite": "CASE WHEN json_valid(body) THEN json_extract(body, '$.target') END",
    "postgresql": 'substring(body from \'"target":"([^"]*)"\')',
}


def entries_about(target: str) -> QuerySet[AuditEntry]:
    """Entries about a record ``kind:id``, the newest first."""
    return entries_about_any([target])


def entries_about_any(targets: Collection[str]) -> QuerySet[AuditEntry]:
    """Entries about several records, each ``kind:id``, the newest first; every entry has its ``target``."""
    expression = RawSQL(TARGET[connection.vendor], [])  # noqa: S611 -- a constant of ours
    return AuditEntry.objects.annotate(target=expression).filter(target__in=targets).order_by("-id")
