"""The analysis of a period, its sheet, and the cases behind each of its figures."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate

from keheng.kernel.charts import Chart, Series, Shape
from keheng.kernel.doors import actor_of, needs
from keheng.kernel.tables.responding import attachment, respond
from keheng.kernel.tables.table import Table, register_table
from keheng.matters.actions.exports import export_analysis
from keheng.matters.queries.analysis import Analysis, Figures, usual_span
from keheng.matters.rules.acting import SEE
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.rules.follow_ups import FOLLOW
from keheng.matters.rules.ratings import most_praise
from keheng.matters.views.working import TABLE

_DRAWN = 12
LIST = register_table(Table("matters.analysed", "办件分析", columns=TABLE.columns, order="-submitted_at", empty_title="没有这样的办件"))


def _asked_for(request: HttpRequest) -> Analysis:
    since, until = usual_span(localdate())
    first, last = (_day(request.GET.get(name, "")) for name in ("since", "until"))
    matter = request.GET.get("matter", "")
    first = first or since
    end = last + timedelta(days=1) if last else until
    return Analysis(actor_of(request), matter if matter in shelf() else "", first, max(end, first + timedelta(days=1)))


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@needs(SEE)
def analysis(request: HttpRequest) -> HttpResponse:
    """The tables of a period; as a sheet where asked for."""
    found = _asked_for(request)
    if request.method == "POST" and "export" in request.POST:
        return attachment(
            export_analysis(actor=actor_of(request), analysis=found), f"办件分析{found.since}至{found.until - timedelta(days=1)}.xlsx"
        )
    query = urlencode({"matter": found.matter, "since": found.since, "until": found.until - timedelta(days=1)})
    context = {
        "found": found,
        "figures": found.figures,
        "last": found.until - timedelta(days=1),
        "matters": [(name, versions[-1].matter.title) for name, versions in shelf().items()],
        "query": query,
        "most_praise": most_praise(),
        "follows": actor_of(request).may(FOLLOW),
        "charts": [chart for chart in _charts(found.figures) if not chart.empty()],
    }
    return render(request, "matters/work/analysis.html", context)


def _charts(found: Figures) -> list[Chart]:
    waits = [one for one in found.waits if one.left][:_DRAWN]
    return [
        Chart("在各环节停留的天数", [one.title for one in waits], [Series("中位", [one.median for one in waits]),
              Series("九成不超过", [one.p90 for one in waits])], kind=Shape.ROWS, unit="天"),
        Chart("按承诺时限办结的比例", [one.month for one in found.months], [Series("按时", [one.rate for one in found.months])],
              kind=Shape.LINE, unit="%"),
    ]  # fmt: skip


@needs(SEE)
def analysed(request: HttpRequest) -> HttpResponse:
    """The cases behind a figure; whatever stands in the address, never more than the actor may see."""
    found = _asked_for(request)
    kind, one, other = (request.GET.get(name, "") for name in ("of", "one", "other"))
    rows = found.slice(kind, one, other).select_related("unit").defer("unit__contact_phone", "answers", "private", "marks")
    return respond(request, LIST, rows, "matters/work/analysed.html", {"found": found, "last": found.until - timedelta(days=1)})
