"""What all staff pages of the content do with input: try, tell everything that is wrong, keep what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from keheng.kernel.errors import Problem, attempt
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
    crumbs: tuple[tuple[str, str], ...] = ()


def posted(request: HttpRequest) -> QueryDict | None:
    """What was typed; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def form_page(request: HttpRequest, ask: Ask, form: Form, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    """The page with the form, all problems told at once beside what was typed."""
    shown = all_problems(form, problems)
    return render(request, "portal/studio/form.html", {"ask": ask, "form": form, "problems": shown}, status=UNPROCESSABLE if shown else 200)


def act_and_return(request: HttpRequest, act: Callable[[], object], done: str, back: str) -> HttpResponse:
    """Do it and go back, with what was done or everything that stood in the way."""
    problems = attempt(act)
    for one in problems:
        messages.error(request, f"{one.zh}：{one.remedy_zh}")
    if not problems:
        messages.success(request, done)
    return redirect(back)


def page_of(request: HttpRequest, records: QuerySet[Any] | list[Any], size: int = A_PAGE) -> Page[Any]:
    """The page of a list that was asked for; the last one when there are fewer."""
    return Paginator(records, size).get_page(request.GET.get("page"))


def query_of(request: HttpRequest) -> str:
    """The query of the list without the page's number."""
    query: QueryDict = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
