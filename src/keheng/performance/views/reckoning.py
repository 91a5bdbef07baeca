"""The page behind the numbers that no measure gives: money down to its vouchers, the rate, points with formula and clause, sums."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keheng.kernel.accounts import accounts
from keheng.kernel.doors import needs
from keheng.kernel.money import Money
from keheng.performance.enums import Source
from keheng.performance.models import Adjustment, Evidence, Execution
from keheng.performance.queries.evaluations import Sheet, sheet_of, text_of
from keheng.performance.queries.money import funds_of, in_all
from keheng.performance.queries.projects import SEE
from keheng.performance.queries.reckoning import total_of_sheet
from keheng.performance.rules.targets import policy_for, target_of
from keheng.performance.views.evaluations import evaluation_of, proofs_of

_A_PAGE = 100
_ROUNDINGS = {"half_up": "四舍五入", "down": "舍去", "up": "进位"}


@needs(SEE)
def reckoning(request: HttpRequest, pk: int) -> HttpResponse:
    """Where every number of a self-evaluation comes from."""
    evaluation = evaluation_of(request, pk, SEE)
    project, sheet, funds = evaluation.project, sheet_of(evaluation), funds_of(evaluation.project)
    adjustments: list[Adjustment] = list(project.adjustments.order_by("decided_on", "pk"))
    entries = Paginator(project.executions.order_by("paid_on", "pk"), _A_PAGE).get_page(request.GET.get("page"))
    payments: list[Execution] = list(entries.object_list)
    names = accounts().names({one.by for one in adjustments} | {one.by for one in payments})
    policy = policy_for(evaluation.layout)
    mode, places = policy.execution.rate_round
    context = {
        "project": project, "tab": "evaluation", "evaluation": evaluation, "form": sheet.form, "money": sheet.form.funds,
        "funds": [(Source(source).label, one.yuan) for source, one in funds.items()], "all": in_all(funds).yuan,
        "adjustments": [(one, names.get(one.by, "系统")) for one in adjustments], "adjusted": Money(sum(one.fen for one in adjustments)),
        "payments": [(one, names.get(one.by, "系统")) for one in payments], "pages": entries,
        "execution": sheet.card.execution, "policy": policy, "rows": _rows(sheet, proofs_of(evaluation)),
        "total": total_of_sheet(sheet), "rounding": f"{_ROUNDINGS[mode]}到 {places} 位小数",
    }  # fmt: skip
    return render(request, "performance/reckoning.html", context)


def _rows(sheet: Sheet, proofs: dict[int, list[Evidence]]) -> list[dict[str, object]]:
    """Each row with what its points rest on."""
    return [
        {"row": row, "target": target_of(row.indicator).printed(), "actual": text_of(row), "proofs": proofs.get(row.pk, [])}
        for row in sheet.rows
    ]
