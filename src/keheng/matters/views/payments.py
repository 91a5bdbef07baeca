"""Payments of all contracts: what is planned, paid and left, each with its case to be read, for the office and who pays."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.money import Money
from keheng.kernel.tables.responding import respond
from keheng.kernel.tables.table import Column, Filter, Rows, Table, register_table
from keheng.matters.models import Case, Instalment
from keheng.matters.queries.cases import given_by, loaded
from keheng.matters.queries.showing import moves_section, read_sections
from keheng.matters.rules.acting import SEE_PAYMENTS, may_see


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


def _page(row: Instalment) -> str:
    return reverse("casework:payment", args=[row.funding.contract_id])


TABLE = register_table(Table(
    "matters.payments", "拨款",
    columns=(
        Column("contract", "任务书", "funding.contract.number", link=_page),
        Column("subject", "项目", "funding.contract.subject"), Column("unit", "单位", "funding.contract.unit.name"),
        Column("number", "期次", kind="integer", shown=False), Column("title", "内容"),
        Column("due_on", "计划日期", sort="due_on", kind="date"),
        Column("fen", "计划（元）", kind="money"),
        Column("paid_fen", "已拨（元）", kind="money"),
        Column("left", "未拨（元）", kind="money", shown=False),
        Column("state", "状态", _state, tag=_tone),
        Column("paid_at", "拨付时间", kind="time", shown=False),
        Column("paid_for", "拨付依据", lambda row: row.paid_for.number if row.paid_for is not None else "", shown=False),
    ),
    filters=(
        Filter("progress", "进度", "choice", apply=_progress, choices=tuple((code, title) for code, (title, _) in _PROGRESS.items())),
        Filter("due_on", "计划日期", "dates"),
    ),
    order="due_on", empty_title="还没有拨款计划", empty_text="任务书签订后，各期拨款会出现在这里。",
))  # fmt: skip


def _reach(request: HttpRequest, to: str = "") -> Q:
    """The cases whose payments the actor may see, ``to`` being the way to them."""
    return actor_of(request).within(SEE_PAYMENTS, unit=f"{to}unit", district=f"{to}district")


def _contracts(request: HttpRequest) -> QuerySet[Case]:
    return Case.objects.filter(_reach(request))


@needs(SEE_PAYMENTS)
def payments(request: HttpRequest) -> HttpResponse:
    """Instalments of the contracts within reach, with their sums."""
    sums = Instalment.objects.filter(_reach(request, "funding__contract__")).aggregate(
        planned=Sum("fen"), paid=Sum("paid_fen"), left=Sum("fen") - Sum("paid_fen")
    )
    rows = Instalment.objects.all()
    if _reach(request):
        # Case by case: to look through all cases for those of a few contracts would take longer with every year.
        rows = rows.filter(Exists(_contracts(request).filter(pk=OuterRef("funding__contract"))))
    totals = [(title, Money(sums[name] or 0)) for name, title in (("planned", "计划"), ("paid", "已拨"), ("left", "未拨"))]
    shown = rows.select_related("funding__contract__unit", "paid_for").defer(
        "funding__contract__answers", "funding__contract__private", "funding__contract__unit__contact_phone",
        "paid_for__answers", "paid_for__private",
    )  # fmt: skip
    return respond(request, TABLE, shown, "matters/work/payments.html", {"totals": totals})


@needs(SEE_PAYMENTS)
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """The case that payments belong to: its plan, what each was paid for, and what was applied for, to be read."""
    actor = actor_of(request)
    contract = get_object_or_404(_contracts(request).select_related("edition", "unit"), pk=pk, funding_by_contract__isnull=False)
    one = loaded(contract)
    rows = list(Instalment.objects.filter(funding__contract=contract).select_related("paid_for").order_by("number"))
    context = {
        "case": contract, "state": one.matter.state_of[contract.state], "plan": rows, "paid": [row for row in rows if row.paid_for_id],
        "sections": list(read_sections(one, masked=True)), "asked": moves_section(one),
        "opens": may_see(actor, contract, one.matter, given_by(actor.account, localdate())),
    }  # fmt: skip
    return render(request, "matters/work/payment.html", context)
