"""Digests: a department's signed forms on one page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from keheng.kernel.doors import actor_of, needs
from keheng.performance.queries.digest import Digest, digest_pdf, digests
from keheng.performance.queries.drawing import wan
from keheng.performance.queries.projects import SEE, projects_for
from keheng.performance.views.asking import attachment, year_of


def _chosen(request: HttpRequest) -> tuple[list[Digest], Digest | None, list[int]]:
    """The digests of the year asked for, and the department's asked for, else the first."""
    year, known = year_of(request)
    found = digests(projects_for(actor_of(request)), year) if year is not None else []
    asked = request.GET.get("department", "")
    return found, next((one for one in found if str(one.department) == asked), found[0] if found and not asked else None), known


@needs(SEE)
def digest(request: HttpRequest) -> HttpResponse:
    """The digest of a department."""
    found, one, known = _chosen(request)
    if found and one is None:
        raise Http404
    money = (wan(one.funds.annual), wan(one.funds.executed)) if one is not None else ()
    return render(request, "performance/digest.html", {"digests": found, "one": one, "years": known, "money": money})


@needs(SEE)
def digest_file(request: HttpRequest) -> HttpResponse:
    """The digest as PDF."""
    _, one, _ = _chosen(request)
    if one is None:
        raise Http404
    return attachment(digest_pdf(one), f"{one.name} {one.year} 年绩效简报.pdf", "application/pdf")
