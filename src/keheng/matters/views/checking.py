"""Checklists on a case's page of the office."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from keheng.kernel.doors import actor_of, signed_in
from keheng.matters.actions.ticking import tick_step
from keheng.matters.views.applying import done_or_told
from keheng.matters.views.working import office_case


@signed_in
@require_POST
def tick(request: HttpRequest, pk: int, checklist: str, step: str) -> HttpResponse:
    """Note that a step was seen done."""
    office_case(request, pk)
    act = partial(tick_step, actor=actor_of(request), case=pk, checklist=checklist, step=step, remark=request.POST.get("remark", ""))
    return done_or_told(request, act, "已记录", f"{reverse('casework:case', args=[pk])}#checklist-{checklist}")
