"""The year's report on what was cut, and the cases behind each of its figures."""

from __future__ import annotations

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from keheng.kernel.charts import Chart, Series, Shape
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.money import Money
from keheng.kernel.row_numbers import whole
from keheng.kernel.tables.responding import attachment
from keheng.matters.actions.exports import export_ledger
from keheng.matters.queries.ledgers import Sum, YearLedger, ledger_of, matters_with_ledgers, sum_of, years_of
from keheng.matters.rules.acting import SEE

_FEN_A_TEN_THOUSAND = 1_000_000
_UNITS_DRAWN = 12
_MONTHS = 12


@needs(SEE)
def ledgers(_request: HttpRequest) -> HttpResponse:
    """To the first matter that has a ledger."""
    found = matters_with_ledgers()
    if not found:
        raise Http404
    return redirect("casework:ledger", found[0].id)


def _asked_for(request: HttpRequest, name: str) -> tuple[YearLedger, list[int]]:
    matter = next((one for one in matters_with_ledgers() if one.id == name), None)
    if matter is None:
        raise Http404
    actor = actor_of(request)
    years = years_of(actor, name) or [localdate().year]
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted in {str(one) for one in years} else years[0]
    return ledger_of(actor, matter, year), years


@needs(SEE)
def ledger(request: HttpRequest, name: str) -> HttpResponse:
    """The report of a year; as a sheet where asked for."""
    found, years = _asked_for(request, name)
    if request.method == "POST" and "export" in request.POST:
        return attachment(export_ledger(actor=actor_of(request), ledger=found), f"{found.matter.title}核减台账{found.year}.xlsx")
    context = {
        "ledger": found,
        "matters": matters_with_ledgers(),
        "years": years,
        "total": _said(found.total),
        "reasons": [_said(one) for one in found.by_reason],
        "units": [_said(one) for one in found.by_unit],
        "months": [(number, _said(one)) for number, one in enumerate(found.by_month, 1)],
        "charts": _charts(found),
    }
    return render(request, "matters/ledger/year.html", context)


def _ten_thousand(fen: int) -> Decimal:
    return round(Decimal(fen) / _FEN_A_TEN_THOUSAND, 2)


def _said(one: Sum) -> dict[str, object]:
    amounts = {"asked": Money(one.asked), "approved": Money(one.approved), "cut": Money(one.cut)}
    rounded = {f"{name}_wan": _ten_thousand(amount.fen) for name, amount in amounts.items()}
    return {"name": one.name, "lines": one.lines, "cases": one.cases, "rate": one.rate, **amounts, **rounded}


def _charts(found: YearLedger) -> list[Chart]:
    months = found.by_month
    units = found.by_unit[:_UNITS_DRAWN]
    return [
        Chart(
            "各月报审与审定",
            [one.name for one in months],
            [Series("报审", [_ten_thousand(one.asked) for one in months]), Series("审定", [_ten_thousand(one.approved) for one in months])],
            unit="万元",
        ),
        Chart("核减原因", [one.name for one in found.by_reason], [Series("核减", [_ten_thousand(one.cut) for one in found.by_reason])],
              kind=Shape.ROWS, unit="万元"),
        Chart(f"核减最多的 {len(units)} 个单位", [one.name for one in units], [Series("核减", [_ten_thousand(one.cut) for one in units])],
              kind=Shape.ROWS, unit="万元"),
    ]  # fmt: skip


@needs(SEE)
def ledger_lines(request: HttpRequest, name: str) -> HttpResponse:
    """The lines behind a figure, with their sum."""
    found, _years = _asked_for(request, name)
    unit, reason, month = (request.GET.get(one, "") for one in ("unit", "reason", "month"))
    number = number if (number := whole(month) or 0) <= _MONTHS else 0
    lines = found.narrowed(unit, reason, number)
    by_case = [sum_of(str(case), (line for line in lines if line.case == case)) for case in dict.fromkeys(line.case for line in lines)]
    heads = {line.case: line for line in lines}
    said = "，".join(filter(None, [unit, reason, f"{number} 月" if number else ""])) or "全部"
    context = {
        "ledger": found, "said": said, "total": _said(sum_of("合计", lines)),
        "rows": [(heads[int(one.name)], _said(one)) for one in by_case],
    }  # fmt: skip
    return render(request, "matters/ledger/lines.html", context)
