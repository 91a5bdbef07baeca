"""Heads of the chain kept outside the database, where its administrator cannot reach; and the whole check against them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from keheng.kernel.models import AuditEntry, Seal
from keheng.kernel.trail.verifier import check

_FILE = "heads.jsonl"
_CHUNK = 2_000


class DamagedHeadsError(Exception):
    """The file of heads cannot be read; the message names the line."""


def publish_head(folder: Path, at: str) -> int:
    """Append the newest head to the file outside; its number, 0 when there is none or it stands there already."""
    last = Seal.objects.order_by("-id").first()
    if last is None or last.id in read_heads(folder):
        return 0
    _append(folder, {"n": last.id, "head": last.head, "at": at})
    return last.id


def give_up_heads(folder: Path, at: str) -> None:
    """Note outside that a backup was restored: heads after its last seal no longer bind, and the note stays to be seen."""
    last = Seal.objects.order_by("-id").first()
    _append(folder, {"restored": last.id if last else 0, "at": at})


def _append(folder: Path, line: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    path = folder / _FILE
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            kept = json.loads(line)
            yield (
                {"restored": int(kept["restored"]), "at": str(kept["at"])}
                if "restored" in kept
                else {
                    "n": int(kept["n"]),
                    "head": str(kept["head"]),
                }
            )
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedHeadsError(f"{path}:{number}") from error


def read_heads(folder: Path) -> dict[int, str]:
    """Heads kept outside that bind, by number; raises DamagedHeadsError."""
    heads: dict[int, str] = {}
    for line in _lines(folder):
        if "restored" in line:
            heads = {number: head for number, head in heads.items() if number <= line["restored"]}
        else:
            heads[line["n"]] = line["head"]
    return heads


def restores(folder: Path) -> list[str]:
    """When backups were restored, for whoever reads a verification: what came after the backup is not in the chain."""
    return [line["at"] for line in _lines(folder) if "restored" in line]


def problems(folder: Path) -> Iterator[str]:
    """What does not hold in the trail of this database, sentence by sentence; nothing when it is whole."""
    entries = AuditEntry.objects.order_by("era", "xid", "id").values_list("era", "xid", "id", "body").iterator(_CHUNK)
    seals = (
        Seal.objects.order_by("id")
        .values_list("id", "at", "count", "last_era", "last_xid", "last_entry", "previous", "head")
        .iterator(_CHUNK)
    )
    yield from check(entries, seals, read_heads(folder))
    unsealed = sum(1 for _ in entries)
    if unsealed and connection.vendor == "sqlite":
        yield f"有 {unsealed} 条记录未封存 / {unsealed} entries are not sealed"


def export(path: Path) -> int:
    """Write the trail as the stand-alone verifier reads it; the number of entries."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        rows = AuditEntry.objects.order_by("era", "xid", "id").values_list("era", "xid", "id", "body")
        for count, row in enumerate(rows.iterator(_CHUNK), 1):  # noqa: B007 -- the last count is the answer
            file.write(json.dumps({"entry": row}, ensure_ascii=False) + "\n")
        for seal in Seal.objects.order_by("id").values_list("id", "at", "count", "last_era", "last_xid", "last_entry", "previous", "head"):
            file.write(json.dumps({"seal": seal}) + "\n")
    return count
