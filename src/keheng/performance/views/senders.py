"""Systems that send figures by themselves."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.performance.actions.senders import let_in, send_away
from keheng.performance.forms.base import PerformanceForm
from keheng.performance.models import OutsideSender
from keheng.performance.queries.projects import EDIT, projects_for
from keheng.performance.views.asking import UNPROCESSABLE, posted
from keheng.performance.views.evidence import units_of


class SenderForm(PerformanceForm):
    """A system and the unit whose figures it sends."""

    unit = forms.TypedChoiceField(label="单位", coerce=int)
    name = forms.CharField(label="系统名称", max_length=80, help_text="如：网络流量监测系统")


@needs(EDIT)
@never_cache
def senders(request: HttpRequest) -> HttpResponse:
    """The systems of one's units; a new one is told its secret here, once."""
    actor = actor_of(request)
    form, made = SenderForm(posted(request)), None
    form.fields["unit"].choices = units_of(actor)  # type: ignore[attr-defined]  # a field with choices
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        kept: list[OutsideSender] = []
        problems = attempt(lambda: kept.append(let_in(actor=actor, **form.cleaned_data)))
        made = kept[0] if kept else None
    rows = OutsideSender.objects.filter(unit__in=projects_for(actor, EDIT).values("unit")).select_related("unit").order_by("-at")
    address = request.build_absolute_uri("/api/v1/outside-figures")
    context = {"form": form, "rows": rows, "made": made, "problems": problems, "address": address}
    status = UNPROCESSABLE if request.method == "POST" and made is None else 200
    return render(request, "performance/senders.html", context, status=status)


@needs(EDIT)
@require_POST
def sender_stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a system away."""
    own = OutsideSender.objects.filter(unit__in=projects_for(actor_of(request), EDIT).values("unit"))
    send_away(actor=actor_of(request), sender=get_object_or_404(own, pk=pk).pk)
    return redirect(reverse("performance:senders"))
