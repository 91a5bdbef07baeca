"""A page with one form: everything wrong is told at once, and what was typed stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from keheng.kernel.errors import Problem, attempt
from keheng.kernel.form_problems import all_problems

UNPROCESSABLE = 422


class SiteForm(forms.Form):
    """A form in the design of the site. What must be given is for the rules to say: a browser would tell one thing at a time."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            checks = isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect)
            field.widget.attrs.setdefault("class", "k-check" if checks else "k-input")


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


def beside(form: forms.Form, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """All that is wrong, in the language of the page, each put beside its field too."""
    for field in form.fields.values():
        # The rules ask for every field, at once with all else; the page says so beside it.
        field.required = True
    return all_problems(form, problems)


def ask(request: HttpRequest, asked: Asked, form: forms.Form, act: Callable[[], object], done: str) -> HttpResponse:
    """The page with a form; where it was posted and is sound the act, and back with what was done."""
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(act)
        if not problems:
            messages.success(request, done)
            return redirect(asked.back)
    shown = beside(form, problems)
    status = UNPROCESSABLE if shown else 200
    return render(request, "kernel/asked.html", {"asked": asked, "form": form, "problems": shown}, status=status)
