"""What all public pages share: the visitor's language, crumbs, pages of lists, an answer that no session is opened for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language

from keheng.portal.enums.content import CHINESE, Term, definition
from keheng.portal.models import Article
from keheng.portal.queries.articles import Shown, shown

A_PAGE = 20


def visitor_language() -> str:
    """The code of the language of the page."""
    return get_language() or CHINESE


def word(name: str) -> Term:
    """A text of ``definitions/portal/site.json`` in the visitor's language."""
    return Term(name, definition("site")[name])


def identity() -> list[tuple[Term, str]]:
    """The site's numbers of registration that are filled in, for the foot of its pages; the numbers are Chinese."""
    return [(Term(code, one["words"]), one["value"]) for code, one in definition("site")["identity"].items() if one["value"].strip()]


def hotline() -> dict[str, str | Term]:
    """Number and hours of the hotline, in the visitor's language."""
    line = definition("site")["hotline"]
    return {"number": line["number"], "hours": Term("hours", line["hours"])}


def show(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A public page with what all of them need."""
    around = {"language": visitor_language(), "site_name": word("name"), "hotline": hotline()}
    return render(request, template, {**around, **context}, status=status)


def shown_page(request: HttpRequest, found: QuerySet[Article]) -> tuple[Page[Article], list[Shown]]:
    """The page of articles that was asked for, and its articles in the visitor's language."""
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return page, shown(page.object_list, visitor_language())


def query_of(request: HttpRequest) -> str:
    """The query of the list without the page's number."""
    query: QueryDict = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
