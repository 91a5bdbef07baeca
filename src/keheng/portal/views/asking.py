"""What the pages of outreach do with input: everything wrong is told at once, in the visitor's language; what was typed stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from keheng.kernel.errors import Problem, attempt
from keheng.kernel.form_problems import all_problems
from keheng.kernel.spoken import in_a_line

UNPROCESSABLE = 422
PUBLIC, STAFF = "public.html", "page.html"


@dataclass(frozen=True, slots=True)
class Asked:
    """A page with one form: what it is called, what it warns of, where it leads back to, in which frame it stands."""

    title: str | Promise
    button: str | Promise
    back: str
    hint: str | Promise = ""
    danger: bool = False
    crumbs: tuple[tuple[str | Promise, str], ...] = ()
    base: str = STAFF


def posted(request: HttpRequest) -> QueryDict | None:
    """What was typed; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def worded(choices: Iterable[tuple[str, str | Promise]]) -> list[tuple[str, str]]:
    """Choices with their words in the language of the page."""
    return [(value, str(words)) for value, words in choices]


def form_page(
    request: HttpRequest, asked: Asked, form: Form, problems: tuple[Problem, ...] = (), template: str = "portal/activities/form.html"
) -> HttpResponse:
    """The page with the form; a template of its own puts the fields in another order."""
    shown = all_problems(form, problems)
    status = UNPROCESSABLE if shown else 200
    return render(request, template, {"asked": asked, "form": form, "problems": shown}, status=status)


def act_and_return(request: HttpRequest, act: Callable[[], object], done: str, back: str) -> HttpResponse:
    """Do it and go back, with what was done or everything that stood in the way."""
    problems = attempt(act)
    for one in problems:
        messages.error(request, in_a_line(one))
    if not problems:
        messages.success(request, done)
    return redirect(back)
