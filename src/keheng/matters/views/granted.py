"""The public list of certificates that a matter names to everybody."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from keheng.kernel.doors import public
from keheng.kernel.row_numbers import whole
from keheng.matters.queries.granted import granted, listed_codes, years_granted
from keheng.matters.queries.showing import words
from keheng.matters.rules.files.shelf import in_force

_A_PAGE = 50


@public
def granted_list(request: HttpRequest, name: str) -> HttpResponse:
    """Those of one year, the latest where none is asked for; 404 for a matter that names none."""
    read = in_force(name, localdate())
    if read is None or not listed_codes(name):
        raise Http404
    years = years_granted(name)
    asked = whole(request.GET.get("year", ""))
    year = asked if asked in years else next(iter(years), None)
    rows = granted(name).filter(issued_at__year=year) if year is not None else granted(name).none()
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "matter": read.matter, "title": words(read.matter, read.matter.title), "page": page, "year": year, "years": years,
        "query": f"year={year}" if year is not None else "",
    }  # fmt: skip
    return render(request, "matters/granted.html", context)
