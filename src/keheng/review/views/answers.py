"""What all pages of review do with input: everything wrong is told at once, and what was typed stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language

from keheng.kernel.errors import Problem, attempt

UNPROCESSABLE, A_PAGE = 422, 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A page with one form: its title, the button, where it leads back to, what it warns of, its frame, the record it is about."""

    title: str | Promise
    button: str | Promise
    back: str
    hint: str | Promise = ""
    danger: bool = False
    base: str = "page.html"
    about: str = ""


def posted(request: HttpRequest) -> QueryDict | None:
    """What was typed; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def beside(form: Form, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The problems in the language of the page (Chinese, else English), each put beside its field too."""
    for field in form.fields.values():
        # The rules ask for every field, at once with all else; the page says so beside it.
        field.required = True
    chinese = get_language() == "zh-hans"
    shown = problems if chinese else tuple(replace(one, zh=one.en, remedy_zh=one.remedy_en) for one in problems)
    for one in shown:
        if form.is_bound and one.field in form.fields:
            form.add_error(one.field, one.zh)
    return shown


def ask(request: HttpRequest, asked: Asked, form: Form, act: Callable[[], object], done: str) -> HttpResponse:
    """The page with a form; where it was posted and is sound the act, and back with what was done."""
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(act)
        if not problems:
            messages.success(request, done)
            return redirect(asked.back)
    shown = beside(form, problems)
    status = UNPROCESSABLE if form.errors or problems else 200
    return render(request, "review/form.html", {"asked": asked, "form": form, "problems": shown}, status=status)
