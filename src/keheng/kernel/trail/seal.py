"""Sealing entries into the chain: with each entry on SQLite, afterwards by one sealer on PostgreSQL.

On SQLite one transaction writes at a time, so an entry is sealed as it is written. On PostgreSQL a chain under a lock would make
writers queue (measured 333 entries a second against thousands); there a sealer takes what has become visible for good.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from keheng.kernel.trail.verifier import START, Entry, link

SEALER_LOCK = 0x6B6865
_LAST = "SELECT id, last_era, last_xid, last_entry, head FROM kernel_seal ORDER BY id DESC LIMIT 1"
_INSERT = "INSERT INTO kernel_seal (id, at, count, last_era, last_xid, last_entry, previous, head) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
# Only rows of transactions older than every open one: a later look can find nothing before them. Ordering by id would lose the
# row of a transaction that took a lower id and committed later.
_PENDING = (
    "SELECT era, xid, id, body FROM kernel_auditentry WHERE (era, xid, id) > (%s, %s, %s) "
    "AND (xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint OR era < (SELECT coalesce(max(id), 0) FROM kernel_era)) "
    "ORDER BY era, xid, id LIMIT %s"
)
MOST_A_SEAL = 5_000


def seal_own(cursor: Any, entry: Entry, at: str) -> None:
    """Seal one entry alone, in its own transaction (SQLite): a row slipped in beside it stays outside and is found."""
    number, *_, previous = _last(cursor)
    _write(cursor, number + 1, at, previous, [entry])


def seal_pending(at: str) -> int:
    """Seal what is due on PostgreSQL; how many entries were sealed, 0 when another sealer is at work or nothing is due."""
    if connection.vendor != "postgresql":
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        number, era, xid, entry, previous = _last(cursor)
        cursor.execute(_PENDING, [era, xid, entry, MOST_A_SEAL])
        entries = cursor.fetchall()
        if entries:
            _write(cursor, number + 1, at, previous, entries)
        return len(entries)


def _last(cursor: Any) -> tuple[int, int, int, int, str]:
    cursor.execute(_LAST)
    return cursor.fetchone() or (0, 0, 0, 0, START)


def _write(cursor: Any, number: int, at: str, previous: str, entries: list[Entry]) -> None:
    era, xid, last, _ = entries[-1]
    head = link(number, at, len(entries), previous, (entry[3] for entry in entries))
    cursor.execute(_INSERT, [number, at, len(entries), era, xid, last, previous, head])
