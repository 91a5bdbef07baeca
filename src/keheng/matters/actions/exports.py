"""Sheets that are taken away: each stands on the trail."""

from __future__ import annotations

from keheng.kernel.powers import Principal
from keheng.kernel.spreadsheets import Column, Sheet, write_sheet
from keheng.kernel.trail.record import act, digest_of, record
from keheng.matters.queries.ledgers import YearLedger

_LEDGER = Sheet("核减台账", (
    Column("number", "办件编号"), Column("title", "名称"), Column("unit", "单位"), Column("on", "办结日期", "date"),
    Column("item", "内容"), Column("asked", "报审（元）", "money"), Column("approved", "审定（元）", "money"),
    Column("cut", "核减（元）", "money"), Column("reason", "核减原因"),
))  # fmt: skip


@act("export.ledger", ())
def export_ledger(*, actor: Principal, ledger: YearLedger) -> bytes:
    """Every line of a year as XLSX; their sums are those of the page."""
    rows: list[dict[str, object]] = [
        {
            "number": line.number, "title": line.title, "unit": line.unit, "on": line.on, "item": line.item or None, "asked": line.asked,
            "approved": line.approved, "cut": line.cut, "reason": line.reason or None,
        }
        for line in ledger.lines
    ]  # fmt: skip
    record("export.ledger", actor=actor, target=f"matter:{ledger.matter.id}", after=digest_of({"year": ledger.year, "lines": len(rows)}))
    return write_sheet(_LEDGER, rows)
