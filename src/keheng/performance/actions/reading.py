"""Taking the rows behind a figure away as a sheet leaves an entry on the trail."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.timezone import localtime

from keheng.kernel.errors import Refused
from keheng.kernel.measures import Row, said
from keheng.kernel.spreadsheets import Column, Sheet, write_sheet
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.performance.models import FrozenReading
from keheng.performance.queries.readings import evidence_rows
from keheng.performance.rules.library import column_names

_MOST = 200_000


@act("reading.export", Refused)
def export_rows(*, actor: Actor, reading: FrozenReading) -> bytes:
    """The rows behind a figure as they are now, as XLSX."""
    rows = evidence_rows(reading, 0, _MOST)
    names = list(dict.fromkeys(name for row in rows for name in row))
    sheet = Sheet(
        f"依据 {reading.code}", tuple(Column(name, column_names().get(name, name)) for name in names) or (Column("none", "没有记录"),)
    )
    content = write_sheet(sheet, [{name: _text(said(row, name)) for name in names} for row in rows])
    record("reading.export", actor=actor, target=f"reading:{reading.pk}", after=digest_of({"rows": len(rows)}))
    return content


def printed(row: Row, names: list[str]) -> list[str]:
    """A row's values as texts, in the order of the names."""
    return [_text(said(row, name)) or "" for name in names]


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
