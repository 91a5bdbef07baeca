"""The points calculator: nothing is kept of what is typed, and the address carries it, so that it can be shared and printed."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from keheng.kernel.doors import public
from keheng.matters.queries.points import calculated, in_words, routes_told
from keheng.matters.rules.scales.routes import routes_of
from keheng.matters.rules.scales.table import editions

_UNPROCESSABLE = 422


@public
def calculator(request: HttpRequest, name: str) -> HttpResponse:
    """Questions, points and class; ``day`` chooses the edition of the table by the day of the application."""
    try:
        routes = routes_of(name)
    except KeyError as error:
        raise Http404 from error
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = localdate()
    answer = calculated(routes, request.GET, day)
    context = {
        "answer": answer, "routes": routes_told(answer.standing), "title": in_words(routes.title), "day": day,
        "table_title": in_words(answer.table.title), "path": request.path,
        "sources": list(dict.fromkeys((one.cited, one.confirmed) for one in (routes.source, answer.table.source))),
        "editions": [(in_words(one.title), one.begins, one.edition == answer.table.edition) for one in editions(routes.table)],
    }  # fmt: skip
    return render(request, "matters/points.html", context, status=_UNPROCESSABLE if answer.problems else 200)
