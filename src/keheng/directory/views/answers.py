"""What all pages do with input: try, tell everything that is wrong, keep what was typed; lists in pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from keheng.directory.forms import DirectoryForm
from keheng.kernel.errors import Problem
from keheng.kernel.form_problems import all_problems

A_PAGE = 30
UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Ask:
    """A page with one form: what it is called, what it warns of, where it leads back to."""

    title: str
    button: str = "保存"
    hint: str = ""
    danger: bool = False
    back: str = ""
    crumbs: tuple[tuple[str, str], ...] = field(default=())


def accepted(request: HttpRequest) -> frozenset[str]:
    """Codes of warnings that were seen and ticked."""
    return frozenset(request.POST.getlist("accept"))


def posted(request: HttpRequest) -> QueryDict | None:
    """What was typed; None when the page is only looked at. An empty form that was sent is not None."""
    return request.POST if request.method == "POST" else None


def form_page(request: HttpRequest, ask: Ask, form: DirectoryForm, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    """The page with the form, all problems told at once beside what was typed."""
    shown = all_problems(form, problems)
    context = {"ask": ask, "form": form, "problems": shown, "warnings": [one for one in shown if one.overridable]}
    return render(request, "directory/form.html", context, status=UNPROCESSABLE if shown else 200)


def page_of(request: HttpRequest, records: QuerySet[Any] | list[Any]) -> Page[Any]:
    """The page of a list that was asked for; the last one when there are fewer."""
    return Paginator(records, A_PAGE).get_page(request.GET.get("page"))


def query_of(request: HttpRequest) -> str:
    """The query of the list without the page's number."""
    query: QueryDict = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
