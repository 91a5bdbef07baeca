"""Sheets made in the background: queued, written, told of, downloaded by who asked, removed after some days."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.urls import get_resolver, reverse
from django.utils.timezone import localdate, now

from keheng.kernel.accounts import accounts
from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.models import Export
from keheng.kernel.errors import Refused
from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.jobs.registry import every, job
from keheng.kernel.powers import Principal
from keheng.kernel.tables.exporting import export_again
from keheng.kernel.tables.policy import policy
from keheng.kernel.tables.table import table_of
from keheng.kernel.trail.record import act, record

JOB = "desk.export"
MESSAGE = "desk.export"


def exports_folder() -> Path:
    """Where sheets lie until they are removed: beside the store of files."""
    return Path(settings.FILES_FOLDER).with_name("exports")


@act("export.begin", ())
def begin_export(*, actor: Principal, table: str, query: str, scope: str) -> Export:
    """Queue a sheet of a table's rows."""
    row = Export.objects.create(account=actor.account, unit=actor.unit, table=table, query=query, scope=scope, asked_at=now())
    enqueue(JOB, {"export": row.pk})
    record("export.begin", actor=actor, target=f"export:{row.pk}")
    return row


@job(JOB, attempts=3, atomic=False)
def make_export(payload: Mapping[str, Any]) -> None:
    """Write the sheet with what the account may take away now, and tell it. Run again, it writes another file and tells once."""
    row = Export.objects.filter(pk=payload["export"], file="").first()
    # Tables stand beside the views of their lists: the addresses load them.
    _ = get_resolver().url_patterns
    table = table_of(row.table) if row else None
    if row is None or table is None:
        return
    actor = accounts().principal(row.account, row.unit)
    try:
        made = export_again(actor=actor, table=table, query=QueryDict(row.query), scope=row.scope)
    except Refused as refused:
        with transaction.atomic():
            why = "；".join(one.zh for one in refused.problems)
            tell([row.account], kind=MESSAGE, key=f"export:{row.pk}", title=f"没有导出：{table.title}", body=why)
        return
    name = f"{uuid4().hex}.xlsx"
    _write(exports_folder() / name, made.content)
    with transaction.atomic():
        Export.objects.filter(pk=row.pk).update(file=name, rows=made.rows)
        body = f"共 {made.rows} 条，{policy('export')['kept_days']} 天内可以下载。"
        url = reverse("desk:export", args=[row.pk])
        tell([row.account], kind=MESSAGE, key=f"export:{row.pk}", title=f"表格已生成：{table.title}", body=body, url=url)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


@act("export.download", ())
def note_download(*, actor: Principal, export: Export) -> str:
    """Put the download on the trail; the name to save it under."""
    record("export.download", actor=actor, target=f"export:{export.pk}")
    table = table_of(export.table)
    return f"{table.title if table else export.table}-{localdate()}.xlsx"


@job("desk.exports.remove", atomic=False)
def remove_exports(_payload: Mapping[str, Any]) -> None:
    """Remove old sheets, and files that no row names."""
    Export.objects.filter(asked_at__lt=now() - timedelta(days=policy("export")["kept_days"])).delete()
    if exports_folder().is_dir():
        before = now() - timedelta(hours=1)
        named = set(Export.objects.exclude(file="").values_list("file", flat=True))
        for path in exports_folder().iterdir():
            # A file that is just being written has no row yet.
            if path.name not in named and path.stat().st_mtime < before.timestamp():
                path.unlink()


every(timedelta(days=1), "desk.exports.remove")
