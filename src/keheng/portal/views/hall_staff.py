"""Staff pages of halls: setting up, shutting, inspecting, counting, accepting work, guides."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from keheng.kernel.doors import actor_of, needs
from keheng.kernel.errors import Problem, attempt
from keheng.kernel.row_numbers import whole
from keheng.portal.actions.halls import (
    change_hall,
    close_hall,
    inspect_hall,
    make_hall,
    mend_defect,
    note_acceptance,
    read_counter,
    reopen_hall,
    save_guide,
)
from keheng.portal.forms.halls import AcceptanceForm, ClosureForm, GuideForm, HallForm, InspectionForm, ReadingForm, hall_initial
from keheng.portal.models import Closure, Defect, Guide, Hall
from keheng.portal.queries.halls import halls_with_work, open_defects, year_of
from keheng.portal.views.asking import Asked, act_and_return, form_page, posted

SEE, MANAGE, RECORD = "portal.hall.see", "portal.hall.manage", "portal.inspection.record"
_LATEST = 14


@needs(SEE)
def hall_list(request: HttpRequest) -> HttpResponse:
    """All halls and what waits in each."""
    return render(request, "portal/halls/manage_list.html", {"halls": halls_with_work(localdate())})


@needs(SEE)
def hall_page(request: HttpRequest, code: str) -> HttpResponse:
    """One hall: the year so far and what explains it, defects, the last days, closures, accepted work."""
    hall, today = get_object_or_404(Hall, code=code), localdate()
    year = asked if (asked := whole(request.GET.get("year", "")) or 0) in range(1000, 10000) else today.year
    context = {
        "hall": hall, "year": year, "figures": year_of(hall, year), "years": range(today.year, today.year - 4, -1),
        "defects": open_defects(hall), "readings": hall.readings.order_by("-day")[:_LATEST],
        "inspections": hall.inspections.order_by("-day").prefetch_related("defects")[:_LATEST],
        "closures": hall.closures.order_by("-since")[:_LATEST], "acceptances": hall.acceptances.order_by("-day", "-pk")[:_LATEST],
        "today": today,
    }  # fmt: skip
    return render(request, "portal/halls/manage_page.html", context)


@needs(MANAGE)
def hall_new(request: HttpRequest) -> HttpResponse:
    """Set up a hall."""
    form = HallForm(posted(request))
    return _saved(request, "新建展厅", "保存", form, lambda: make_hall(actor=actor_of(request), facts=form.facts()))


@needs(MANAGE)
def hall_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a hall."""
    hall = get_object_or_404(Hall.objects.prefetch_related("hours"), code=code)
    form = HallForm(posted(request), initial=hall_initial(hall))
    return _saved(
        request, "修改展厅", "保存", form, lambda: change_hall(actor=actor_of(request), hall=hall.pk, facts=form.facts()), moved=True
    )


@needs(MANAGE)
def closure_new(request: HttpRequest, code: str) -> HttpResponse:
    """Shut a hall."""
    hall, form = get_object_or_404(Hall, code=code), ClosureForm(posted(request))
    hint = "这几天已经预约的参观会取消，并通知联系人。"
    return _saved(
        request, "安排闭馆", "确认闭馆", form, lambda: close_hall(actor=actor_of(request), hall=hall.pk, **form.cleaned_data), hall, hint
    )


@needs(MANAGE)
@require_POST
def closure_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Open again, today or as if it had not been shut."""
    row = get_object_or_404(Closure.objects.select_related("hall"), pk=pk)
    back = reverse("manage:hall", args=[row.hall.code])
    return act_and_return(request, lambda: reopen_hall(actor=actor_of(request), closure=pk), "已恢复开放", back)


@needs(MANAGE)
def acceptance_new(request: HttpRequest, code: str) -> HttpResponse:
    """Note whether work was accepted."""
    hall, form = get_object_or_404(Hall, code=code), AcceptanceForm(posted(request), initial={"day": localdate()})
    return _saved(
        request, "登记验收", "登记", form, lambda: note_acceptance(actor=actor_of(request), hall=hall.pk, **form.cleaned_data), hall
    )


@needs(RECORD)
def inspection_new(request: HttpRequest, code: str) -> HttpResponse:
    """Inspect a hall."""
    hall, form = get_object_or_404(Hall, code=code), InspectionForm(posted(request), initial={"day": localdate()})

    def act() -> object:
        day = form.cleaned_data["day"]
        return inspect_hall(actor=actor_of(request), hall=hall.pk, day=day, items=form.items(), texts=form.texts())

    return _saved(request, "每日巡检", "登记巡检", form, act, hall)


@needs(RECORD)
def reading_new(request: HttpRequest, code: str) -> HttpResponse:
    """Count a day's visitors."""
    hall, form = get_object_or_404(Hall, code=code), ReadingForm(posted(request), initial={"day": localdate()})
    hint = "团体登记人数由接待记录自动合计，与读数并列保存。"
    return _saved(
        request, "登记客流", "登记", form, lambda: read_counter(actor=actor_of(request), hall=hall.pk, **form.cleaned_data), hall, hint
    )


@needs(RECORD)
@require_POST
def defect_mend(request: HttpRequest, pk: int) -> HttpResponse:
    """A defect is mended."""
    row = get_object_or_404(Defect.objects.select_related("inspection__hall"), pk=pk)
    back = request.POST.get("next", "") if request.POST.get("next", "") == reverse("manage:guide-day") else ""
    return act_and_return(
        request, lambda: mend_defect(actor=actor_of(request), defect=pk), "已记为修好", back or _after(request, row.inspection.hall)
    )  # fmt: skip


@needs(MANAGE)
def guide_list(request: HttpRequest) -> HttpResponse:
    """Who guides."""
    return render(request, "portal/halls/guides.html", {"guides": Guide.objects.order_by("-active", "name")})


@needs(MANAGE)
def guide_edit(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """A guide, new or changed."""
    row = get_object_or_404(Guide, pk=pk) if pk else None
    initial = {name: getattr(row, name) for name in ("name", "languages", "account", "active")} if row else {}
    form = GuideForm(posted(request), initial=initial)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(lambda: save_guide(actor=actor_of(request), guide=pk, **form.cleaned_data))
        if not problems:
            messages.success(request, "已保存")
            return redirect("manage:guides")
    back = reverse("manage:guides")
    return form_page(
        request, Asked("讲解员", "保存", back, crumbs=(("展厅管理", reverse("manage:halls")), ("讲解员", back))), form, problems
    )


def _after(request: HttpRequest, hall: Hall) -> str:
    """Where one goes on: to the hall, or for guides, who do not see it, to their day."""
    return reverse("manage:hall", args=[hall.code]) if actor_of(request).may(SEE) else reverse("manage:guide-day")


def _saved(
    request: HttpRequest, title: str, button: str, form: Form, act: Callable[[], object], hall: Hall | None = None, hint: str = "",
    *, moved: bool = False,
) -> HttpResponse:  # fmt: skip
    """The form, or after it the hall's page."""
    back = _after(request, hall) if hall else reverse("manage:halls")
    crumbs = (("展厅管理", reverse("manage:halls")),) if actor_of(request).may(SEE) else (("我的接待", reverse("manage:guide-day")),)
    name = f"{title}：{hall.title}" if hall else title
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        problems = attempt(act)
        if not problems:
            messages.success(request, "已保存")
            return redirect(reverse("manage:hall", args=[form.cleaned_data["code"]]) if moved else back)
    return form_page(request, Asked(name, button, back, hint, crumbs=crumbs), form, problems)
