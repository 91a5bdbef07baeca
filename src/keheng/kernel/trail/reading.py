"""Reading the trail: entries about one record, by one account, of one act, each by an index on what the entries say."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.db.models import Max, QuerySet, TextField
from django.db.models.expressions import RawSQL

from keheng.kernel.models import AuditEntry

# The same expressions as in the index of migration 0005. Neither stumbles over a text that is no JSON: the trail takes what it is given.
TARGET = {
    "sqlite": "CASE WHEN json_valid(body) THEN json_extract(body, '$.target') END",
    "postgresql": 'substring(body from \'"target":"([^"]*)"\')',
}
# As in the indexes of migration 0006; letters in the order of their codes, so that the beginning of an act is a range.
ACT = {
    "sqlite": "CASE WHEN json_valid(body) THEN json_extract(body, '$.act') END",
    "postgresql": '(substring(body from \'"act":"([^"]*)"\') COLLATE "C")',
}
ACCOUNT = {
    "sqlite": "CASE WHEN json_valid(body) THEN json_extract(body, '$.account') END",
    "postgresql": '(substring(body from \'"account":"([^"]*)"\') COLLATE "C")',
}
# Entries whose whole text is read for a word that is none of these: a million would take seconds.
MOST_READ = 20_000


def entries_about(target: str) -> QuerySet[AuditEntry]:
    """Entries about a record ``kind:id``, the newest first."""
    return entries_about_any([target])


def entries_about_any(targets: Collection[str]) -> QuerySet[AuditEntry]:
    """Entries about several records, each ``kind:id``, the newest first; every entry has its ``target``."""
    return _saying(AuditEntry.objects.all(), "target", TARGET).filter(target__in=targets).order_by("-id")


def with_word(rows: QuerySet[AuditEntry], word: str) -> QuerySet[AuditEntry]:
    """Rows whose target, account or act is the word, or whose act begins with it, whichever any entry has first; else those of the
    newest ``MOST_READ`` entries in which it stands anywhere."""
    after = word[:-1] + chr(ord(word[-1]) + 1)
    known: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
        ("target", TARGET, {"target": word}),
        ("account", ACCOUNT, {"account": word}),
        ("act", ACT, {"act": word}),
        ("act", ACT, {"act__gte": word, "act__lt": after}),
    )
    for part, said, asked in known:
        if _saying(AuditEntry.objects.all(), part, said).filter(**asked).exists():
            return _saying(rows, part, said).filter(**asked)
    newest = AuditEntry.objects.aggregate(id=Max("id"))["id"] or 0
    return rows.filter(id__gt=newest - MOST_READ, body__contains=word)


def _saying(rows: QuerySet[AuditEntry], part: str, said: dict[str, str]) -> QuerySet[AuditEntry]:
    return rows.annotate(**{part: RawSQL(said[connection.vendor], [], TextField())})  # noqa: S611 -- a constant of ours
