"""The cockpit 驾驶舱: the year on one page; peers and trends; the version for disclosure."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from keheng.appraisal.writing.write import write_form
from keheng.kernel.charts import Chart, Series, Shape
from keheng.kernel.doors import actor_of, needs
from keheng.performance.enums import Lamp
from keheng.performance.queries.cockpit import charts_of, cockpit_sheet
from keheng.performance.queries.drawing import wan
from keheng.performance.queries.evaluations import disclosed, form_of
from keheng.performance.queries.history import history
from keheng.performance.queries.overview import overview, peers, trend
from keheng.performance.queries.projects import SEE, projects_for
from keheng.performance.queries.standing import standing
from keheng.performance.rules.library import policy
from keheng.performance.views.asking import attachment, project_of, year_of
from keheng.performance.views.evidence import signed_for
from keheng.performance.views.monitoring import LAMP_TAGS

COCKPIT = "performance.cockpit.see"
_TYPES = {"pdf": "application/pdf", "png": "image/png"}


@needs(COCKPIT)
def cockpit(request: HttpRequest) -> HttpResponse:
    """The year: money, targets, lamps, what is late, what changed since last week."""
    year, known = year_of(request)
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
        "year": year, "years": known, "found": found, "lines": lines, "charts": charts_of(found),
        "lamps": [(lamp.label, LAMP_TAGS[lamp], n) for lamp, n in found.lamps()], "annual": wan(found.funds.annual),
        "executed": wan(found.funds.executed), "signed": found.signed(),
    }  # fmt: skip
    return render(request, "performance/cockpit_wall.html" if "wall" in request.GET else "performance/cockpit.html", context)


@needs(COCKPIT)
def cockpit_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The cockpit as a picture or as PDF."""
    year, _ = year_of(request)
    if year is None or kind not in _TYPES:
        raise Http404
    content = cockpit_sheet(overview(projects_for(actor_of(request), COCKPIT), year), "png" if kind == "png" else "pdf")
    return attachment(content, f"{year} 年驾驶舱.{kind}", _TYPES[kind])


@needs(SEE)
def peers_page(request: HttpRequest) -> HttpResponse:
    """Units among their peers, ranked where there are forms enough."""
    year, known = year_of(request)
    rows = peers(projects_for(actor_of(request)), year) if year is not None else []
    ranked = sorted((one for one in rows if one.enough and one.mean is not None), key=lambda one: -(one.mean or 0))
    few = [one for one in rows if one not in ranked]
    context = {"year": year, "years": known, "ranked": ranked, "few": few, "least": policy()["peers_least"]}
    return render(request, "performance/peers.html", context)


@needs(SEE)
def trend_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A project over the years."""
    project = project_of(request, pk)
    forms = trend(project)
    counts = [standing(one) for one in forms]
    series = [Series("自评", [one.own for one in counts])]
    if any(one.rechecked for one in counts):
        series.append(Series("复核后", [one.total for one in counts]))
    chart = Chart("历年得分", [str(one.project.year) for one in forms], series, Shape.LINE, "分")
    years = [one.project.year for one in forms]
    lines = [{"title": one.title, "cells": list(zip(years, one.years, strict=True))} for one in history(forms)]
    context = {"project": project, "tab": "trend", "forms": list(zip(forms, counts, strict=True)), "lines": lines, "chart": chart}
    return render(request, "performance/trend.html", context)


@needs(SEE)
def disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    """The version for disclosure: names, numbers and addresses of people masked, as PDF."""
    row = signed_for(request, pk)
    content = write_form([disclosed(form_of(row))], row.layout, "pdf")
    return attachment(content, f"{row.project.year} {row.project.title} 绩效自评表（公开版）.pdf", "application/pdf")
