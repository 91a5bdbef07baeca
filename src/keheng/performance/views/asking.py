"""What the pages of performance do with input: everything wrong is told at once, what was typed stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from keheng.kernel.doors import actor_of
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.form_problems import all_problems
from keheng.performance.models import Project
from keheng.performance.queries.projects import SEE, projects_for, years

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Asked:
    """A page with one form: its title, its button, where it leads back to, what it warns of."""

    title: str
    button: str
    back: str
    hint: str = ""
    danger: bool = False
    crumbs: tuple[tuple[str, str], ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


def project_of(request: HttpRequest, pk: int, permission: str = SEE) -> Project:
    """The project, as far as the permission reaches; 404 otherwise."""
    found = projects_for(actor_of(request), permission).select_related("unit", "department", "previous")
    return get_object_or_404(found, pk=pk)


def year_of(request: HttpRequest) -> tuple[int | None, list[int]]:
    """The year asked for, else the latest that has projects; and all of them."""
    known = years()
    asked = request.GET.get("year", "")
    return next((one for one in known if str(one) == asked), known[0] if known else None), known


def posted(request: HttpRequest) -> QueryDict | None:
    """What was typed; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def crumbs_of(project: Project) -> tuple[tuple[str, str], ...]:
    """Where a page of a project hangs."""
    return (("绩效项目", reverse("performance:projects")), (str(project), reverse("performance:project", args=[project.pk])))


def form_page(
    request: HttpRequest, asked: Asked, form: Form, problems: tuple[Problem, ...] = (), template: str = "performance/form.html"
) -> HttpResponse:
    """The page with the form; problems stand beside their fields too."""
    shown = all_problems(form, problems)
    context = {"asked": asked, "form": form, "problems": shown, **asked.more}
    return render(request, template, context, status=UNPROCESSABLE if shown else 200)


def answered(
    request: HttpRequest, asked: Asked, form: Form, act: Callable[[], object], done: str, template: str = "performance/form.html"
) -> HttpResponse:
    """The page with the form; when it is sent and good, the act and back with what was done."""
    if request.method != "POST" or not form.is_valid():
        return form_page(request, asked, form, template=template)
    problems = attempt(act)
    if problems:
        return form_page(request, asked, form, problems, template)
    messages.success(request, done)
    return redirect(asked.back)


def act_and_return(request: HttpRequest, act: Callable[[], object], done: str, back: str) -> HttpResponse:
    """Do it and go back, with what was done or everything that stood in the way."""
    problems = attempt(act)
    for one in problems:
        messages.error(request, f"{one.zh}：{one.remedy_zh}")
    if not problems:
        messages.success(request, done)
    return redirect(back)


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A file to be saved under a name."""
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": content_disposition_header(True, name) or ""})
