"""Sheets that are taken away: each stands on the trail."""

from __future__ import annotations

from typing import Any

from keheng.kernel.powers import Principal
from keheng.kernel.spreadsheets import Column, Sheet, write_sheet
from keheng.kernel.trail.record import act, digest_of, record
from keheng.matters.queries.analysis import Analysis
from keheng.matters.queries.ledgers import YearLedger

_LEDGER = Sheet("核减台账", (
    Column("number", "办件编号"), Column("title", "名称"), Column("unit", "单位"), Column("on", "办结日期", "date"),
    Column("item", "内容"), Column("asked", "报审（元）", "money"), Column("approved", "审定（元）", "money"),
    Column("cut", "核减（元）", "money"), Column("reason", "核减原因"),
))  # fmt: skip


@act("export.ledger", ())
def export_ledger(*, actor: Principal, ledger: YearLedger) -> bytes:
    """Every line of a year as XLSX; their sums are those of the page."""
    rows: list[dict[str, Any]] = [
        {
            "number": line.number, "title": line.title, "unit": line.unit, "on": line.on, "item": line.item or None, "asked": line.asked,
            "approved": line.approved, "cut": line.cut, "reason": line.reason or None,
        }
        for line in ledger.lines
    ]  # fmt: skip
    record("export.ledger", actor=actor, target=f"matter:{ledger.matter.id}", after=digest_of({"year": ledger.year, "lines": len(rows)}))
    return write_sheet(_LEDGER, rows)


_ANALYSIS = Sheet("办件分析", (
    Column("part", "部分"), Column("title", "项目"), Column("cases", "办件", "integer"), Column("median", "中位天数", "decimal"),
    Column("p90", "九成不超过（天）", "decimal"), Column("waiting", "现在停着", "integer"), Column("late", "超过期限", "integer"),
    Column("rate", "比例（%）", "decimal"),
))  # fmt: skip


@act("export.analysis", ())
def export_analysis(*, actor: Principal, analysis: Analysis) -> bytes:
    """The tables of the page as XLSX, one below the other, with every row of each."""
    ratings = analysis.figures.ratings
    rows: list[dict[str, Any]] = [
        *({"part": "停在哪里", "title": one.title, "cases": one.left, "median": one.median, "p90": one.p90, "waiting": one.waiting}
          for one in analysis.figures.waits),
        *(
            {"part": "承诺兑现", "title": one.month, "cases": one.kept + one.late, "late": one.late, "rate": one.rate}
            for one in analysis.figures.months
        ),
        *({"part": "补正", "title": one.title, "cases": one.cases, "rate": one.rate} for one in analysis.figures.corrections),
        *({"part": "经办", "title": one.name, "cases": one.cases} for one in analysis.figures.clerks),
        {"part": "评价", "title": "差评", "cases": ratings.bad},
        {"part": "评价", "title": "到期的差评整改", "cases": ratings.remedied + ratings.unremedied, "late": ratings.unremedied,
         "rate": ratings.rate},
    ]  # fmt: skip
    after = digest_of({"matter": analysis.matter, "since": analysis.since, "until": analysis.until, "rows": len(rows)})
    record("export.analysis", actor=actor, target="matters:analysis", after=after)
    return write_sheet(_ANALYSIS, rows)
