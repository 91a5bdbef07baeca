"""The cockpit 驾驶舱: the year on one page; peers and trends; the version for disclosure."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from keheng.appraisal.writing.write import write_form
from keheng.kernel.charts import Chart, Series, Shape
from keheng.kernel.doors import actor_of, needs
from keheng.performance.enums import Lamp
from keheng.performance.queries.drawing import percent, wan
from keheng.performance.queries.evaluations import disclosed, form_of
from keheng.performance.queries.overview import Overview, overview, peers, trend
from keheng.performance.queries.projects import SEE, projects_for, years
from keheng.performance.rules.values import actual_text
from keheng.performance.views.asking import attachment, project_of
from keheng.performance.views.evidence import signed_for
from keheng.performance.views.monitoring import LAMP_TAGS

COCKPIT = "performance.cockpit.see"
_FEN_A_WAN = 1_000_000


def _year(request: HttpRequest) -> tuple[int | None, list[int]]:
    known = years()
    asked = request.GET.get("year", "")
    return next((one for one in known if str(one) == asked), known[0] if known else None), known


@needs(COCKPIT)
def cockpit(request: HttpRequest) -> HttpResponse:
    """The year: money, targets, lamps, what is late, what changed since last week."""
    year, known = _year(request)
    if year is None:
        return render(request, "performance/cockpit_empty.html")
    found = overview(projects_for(actor_of(request), COCKPIT), year)
    lines = [
        {
            "line": one, "annual": wan(one.funds.annual), "executed": wan(one.funds.executed),
            "lamps": [(lamp.label, LAMP_TAGS[lamp], n) for lamp in Lamp for n in [sum(row.lamp == lamp for row in one.lamps)] if n],
        }
        for one in found.lines
    ]  # fmt: skip
    context = {
        "year": year, "years": known, "found": found, "lines": lines, "charts": [_money(found), _months(found), *_targets(found)],
        "lamps": [(lamp.label, LAMP_TAGS[lamp], n) for lamp, n in found.lamps()], "annual": wan(found.funds.annual),
        "executed": wan(found.funds.executed), "signed": found.signed(), "wall": "wall" in request.GET,
    }  # fmt: skip
    return render(request, "performance/cockpit.html", context)


def _money(found: Overview) -> Chart:
    """Budget and execution by project."""
    names = [one.project.title for one in found.lines]
    annual = [Decimal(one.funds.annual) / _FEN_A_WAN for one in found.lines]
    spent = [Decimal(one.funds.executed) / _FEN_A_WAN for one in found.lines]
    return Chart("预算与执行", names, [Series("全年预算", annual), Series("已执行", spent)], Shape.ROWS, "万元", key="chart-money")


def _months(found: Overview) -> Chart:
    """Execution over the months, added up."""
    total = Decimal(0)
    sums: list[Decimal | None] = []
    over = localdate().month if found.year == localdate().year else len(found.months)
    for month, fen in enumerate(found.months, 1):
        total += Decimal(fen) / _FEN_A_WAN
        sums.append(total if month <= over else None)
    names = [f"{number} 月" for number in range(1, 13)]
    budget = [Decimal(found.funds.annual) / _FEN_A_WAN] * len(names)
    return Chart("累计执行", names, [Series("累计执行", sums), Series("全年预算", budget)], Shape.LINE, "万元", key="chart-months")


def _targets(found: Overview) -> list[Chart]:
    """Results against targets, in percent of the target, of signed rows where more is better."""
    rows = [one for one in found.indicators if one.indicator.direction == "more" and one.indicator.value and one.actual is not None][:20]
    if not rows:
        return []
    shares = [percent(int(one.actual * 10_000), int(one.indicator.value * 10_000)) for one in rows if one.actual and one.indicator.value]
    names = [f"{one.indicator.title}（{actual_text(one.actual, one.indicator.unit, '')}）" for one in rows]
    series = [Series("完成", shares)]
    return [Chart("指标完成情况", names, series, Shape.ROWS, "%", "目标为 100%", Decimal(100), "目标", key="chart-targets")]


@needs(SEE)
def peers_page(request: HttpRequest) -> HttpResponse:
    """Units among their peers, ranked where there are forms enough."""
    year, known = _year(request)
    rows = peers(projects_for(actor_of(request)), year) if year is not None else []
    ranked = sorted((one for one in rows if one.enough and one.mean is not None), key=lambda one: -(one.mean or 0))
    few = [one for one in rows if one not in ranked]
    return render(request, "performance/peers.html", {"year": year, "years": known, "ranked": ranked, "few": few})


@needs(SEE)
def trend_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A project over the years."""
    project = project_of(request, pk)
    forms = trend(project)
    chart = Chart("历年得分", [str(one.project.year) for one in forms], [Series("总分", [one.total for one in forms])], Shape.LINE, "分")
    return render(request, "performance/trend.html", {"project": project, "tab": "trend", "forms": forms, "chart": chart})


@needs(SEE)
def disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    """The version for disclosure: names, numbers and addresses of people masked, as PDF."""
    row = signed_for(request, pk)
    content = write_form([disclosed(form_of(row))], row.layout, "pdf")
    return attachment(content, f"{row.project.year} {row.project.title} 绩效自评表（公开版）.pdf", "application/pdf")
