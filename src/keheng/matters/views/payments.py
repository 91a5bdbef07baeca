"""Payments of all contracts: what is planned, paid and left, for the office."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.money import Money
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Rows, Table, register_table
from keheng.matters.models import Instalment
from keheng.matters.queries.cases import cases_for
from keheng.matters.rules.acting import SEE


def _unpaid(rows: Rows) -> Rows:
    return rows.filter(paid_for=None)


def _overdue(rows: Rows) -> Rows:
    return _unpaid(rows).filter(due_on__lt=localdate())


def _paid(rows: Rows) -> Rows:
    return rows.exclude(paid_for=None)


_PROGRESS = {"unpaid": ("未拨付", _unpaid), "overdue": ("已过计划日期", _overdue), "paid": ("已拨付", _paid)}


def _progress(rows: Rows, value: str) -> Rows:
    return _PROGRESS[value][1](rows)


def _state(row: Instalment) -> str:
    if row.paid_for_id is not None:
        return "已拨付"
    return "已过计划日期" if row.due_on < localdate() else "未到期"


def _tone(row: Instalment) -> str:
    if row.paid_for_id is not None:
        return "ok"
    return "warn" if row.due_on < localdate() else ""


TABLE = register_table(Table(
    "matters.payments", "拨款",
    columns=(
        Column("contract", "任务书", "funding.contract.number", link=lambda row: reverse("casework:case", args=[row.funding.contract_id])),
        Column("subject", "项目", "funding.contract.subject"), Column("unit", "单位", "funding.contract.unit.name"),
        Column("number", "期次", kind="integer"), Column("title", "内容"),
        Column("due_on", "计划日期", sort="due_on", kind="date"),
        Column("fen", "计划（元）", kind="money"),
        Column("paid_fen", "已拨（元）", kind="money"),
        Column("left", "未拨（元）", kind="money"),
        Column("state", "状态", _state, tag=_tone),
        Column("paid_at", "拨付时间", kind="time", shown=False),
    ),
    filters=(
        Filter("progress", "进度", "choice", apply=_progress, choices=tuple((code, title) for code, (title, _) in _PROGRESS.items())),
        Filter("due_on", "计划日期", "dates"),
    ),
    order="due_on", empty_title="还没有拨款计划", empty_text="任务书签订后，各期拨款会出现在这里。",
))  # fmt: skip


@needs(SEE)
def payments(request: HttpRequest) -> HttpResponse:
    """Instalments of the contracts within reach, with their sums."""
    # Case by case: to look through all cases for those of a few contracts would take longer with every year.
    rows = Instalment.objects.filter(Exists(cases_for(actor_of(request)).filter(pk=OuterRef("funding__contract"))))
    sums = rows.aggregate(planned=Sum("fen"), paid=Sum("paid_fen"), left=Sum(F("fen") - F("paid_fen")))
    totals = [(title, Money(sums[name] or 0)) for name, title in (("planned", "计划"), ("paid", "已拨"), ("left", "未拨"))]
    shown = rows.select_related("funding__contract__unit").defer(
        "funding__contract__answers", "funding__contract__private", "funding__contract__unit__contact_phone"
    )
    return respond(request, TABLE, shown, "matters/work/payments.html", {"totals": totals})
