"""One entry of a round: what was judged, who kept away and why, what each judge wrote."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from keheng.kernel.doors import actor_of
from keheng.review.enums import rubric_from
from keheng.review.models import Entry
from keheng.review.queries.evidence import cited_shown
from keheng.review.queries.opinions import opinions_of
from keheng.review.queries.results import lines_of
from keheng.review.rules.rounds import opinions_open
from keheng.review.views.reaching import looked_into, sees


@sees
def entry_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The document with its files, the bars, and the opinions as far as they are open."""
    entry = get_object_or_404(Entry.objects.select_related("unit", "round"), pk=pk)
    row = looked_into(request, entry.round_id)
    shown = opinions_open(row, actor_of(request))
    papers = list(entry.evidence.all())
    context = {
        "round": row, "entry": entry, "lines": lines_of(row, [entry]), "papers": papers, "cited": cited_shown(entry, papers),
        "criteria": rubric_from(row.rubric).criteria, "shown": shown, "opinions": opinions_of(entry) if shown else [],
        "bars": entry.bars.select_related("panelist__expert__person").order_by("panelist__code", "pk"),
    }  # fmt: skip
    return render(request, "review/entry.html", context)
