"""Public pages of exhibition halls: the month with its free slots, the request of a group, one's own booking."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from keheng.kernel.doors import actor_of, public, shared
from keheng.kernel.errors import Problem, attempt, problem
from keheng.kernel.spoken import in_chinese
from keheng.portal.actions.hall_visits import cancel_visit, request_visit
from keheng.portal.enums.halls import AHEAD, WEEKDAYS, GuideLanguage
from keheng.portal.enums.outreach import parameter
from keheng.portal.forms.halls import BookingForm
from keheng.portal.models import Hall, Visit
from keheng.portal.queries.calendar_files import MEDIA_TYPE, calendar_file
from keheng.portal.queries.halls import known_of, month_of, open_halls
from keheng.portal.queries.texts import spoken
from keheng.portal.queries.tickets import visit_behind, visit_link
from keheng.portal.rules.halls import request_problems
from keheng.portal.rules.slots import Slot, slots_of
from keheng.portal.views.asking import PUBLIC, Asked, act_and_return, form_page, posted
from keheng.portal.views.looking_up import look_up_page
from keheng.portal.views.showing import show


def _said(hall: Hall) -> dict[str, str]:
    return {name: spoken(hall, name) for name in ("title", "intro")}


def _hall(code: str) -> Hall:
    return get_object_or_404(open_halls().prefetch_related("hours"), code=code)


def _month(text: str) -> date:
    """The first day of the month asked for; of this one where none is, or none that can be booked."""
    today = localdate()
    last = today + timedelta(days=parameter("visit_ahead_days"))
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        asked = today.replace(day=1)
    return asked if today.replace(day=1) <= asked <= last else today.replace(day=1)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "") or (get_language() or "")
    return asked if asked in GuideLanguage.values else str(GuideLanguage.CHINESE)


def _hours(hall: Hall) -> list[tuple[str, str, time, time]]:
    """Opening times, days with the same ones after each other told together: first, last ('' for one day alone), from, to."""
    spans: list[tuple[int, int, time, time]] = []
    for one in sorted(hall.hours.all(), key=lambda one: one.weekday):
        if spans and spans[-1][1:] == (one.weekday - 1, one.begins, one.ends):
            spans[-1] = (spans[-1][0], one.weekday, one.begins, one.ends)
        else:
            spans.append((one.weekday, one.weekday, one.begins, one.ends))
    return [
        (str(WEEKDAYS[first]), "" if first == last else str(WEEKDAYS[last]), begins, ends) for first, last, begins, ends in spans
    ]  # fmt: skip


@shared
def hall_list(request: HttpRequest) -> HttpResponse:
    """The halls."""
    return show(request, "portal/halls/list.html", {"halls": [(one, _said(one)) for one in open_halls()]})


@shared
def hall_page(request: HttpRequest, code: str) -> HttpResponse:
    """One hall with a month of free slots for groups of a language."""
    hall, first, language = _hall(code), _month(request.GET.get("month", "")), _language(request)
    today = localdate()
    before, after = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=32)).replace(day=1)
    context = {
        "hall": hall, "said": _said(hall), "weeks": month_of(hall, first, language), "first": first, "today": today,
        "before": before if before >= today.replace(day=1) else None,
        "after": after if after <= today + timedelta(days=parameter("visit_ahead_days")) else None,
        "language": language, "languages": GuideLanguage.choices, "hours": _hours(hall), "weekdays": WEEKDAYS,
        "closures": hall.closures.filter(until__gt=today).order_by("since"),
    }  # fmt: skip
    return show(request, "portal/halls/page.html", context)


def _free(hall: Hall, day: date, language: str) -> list[Slot]:
    return [one for one in slots_of(known_of(hall, day, day + timedelta(days=1)), day, language) if one.free]


def _times(slot: Slot) -> str:
    return "–".join(date_format(localtime(at), "TIME_FORMAT") for at in (slot.begins_at, slot.ends_at))


@public
@never_cache
def hall_book(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for one of the free slots of a day."""
    hall, language = _hall(code), _language(request)
    back = reverse("portal:hall", args=[code])
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return redirect(back)
    free = _free(hall, day, language)
    choices = [(one.begins_at.isoformat(), _times(one)) for one in free]
    form = BookingForm(posted(request), slots=choices)
    made: list[Visit] = []
    problems: tuple[Problem, ...] = () if free else (problem("VISIT_SLOT", "slot"),)
    if request.method == "POST" and form.is_valid():
        begins_at = datetime.fromisoformat(form.cleaned_data["slot"])
        facts, actor = form.facts(language), actor_of(request)
        problems = attempt(lambda: made.append(
            request_visit(actor=actor, hall=hall.pk, begins_at=begins_at, facts=facts, spoken=get_language() or "zh-hans")
        ))  # fmt: skip
    elif request.method == "POST":
        problems = (*problems, *request_problems(hall, form.facts(language)))
    if made:
        return redirect("portal:visit", token=visit_link(made[0].pk))
    called = in_chinese(spoken(hall, "title"))
    title = format_html(_("预约参观：{hall} {day}"), hall=called, day=date_format(day, "DATE_FORMAT"))
    guided = format_html('<span lang="{}">{}</span>', language, GuideLanguage(language).label)
    hint = format_html(_("讲解语言：{language}。每批最多 {most} 人，由工作人员审核后排定讲解员。"), language=guided, most=hall.most_people)
    crumbs = ((_("展厅"), reverse("portal:halls")), (called, back))
    return form_page(request, Asked(title, _("提交预约"), back, hint, crumbs=crumbs, base=PUBLIC), form, problems)


@public
@never_cache
def visit_look_up(request: HttpRequest) -> HttpResponse:
    """Find one's booking by its number and the phone; which of the two is wrong is not told."""
    asked = Asked(_("查询预约"), _("查询"), reverse("portal:halls"), crumbs=((_("展厅"), reverse("portal:halls")),), base=PUBLIC)

    def find(number: str, mark: str) -> str | None:
        found = Visit.objects.filter(number=number, phone_mark=mark).first()
        return reverse("portal:visit", args=[visit_link(found.pk)]) if found else None

    return look_up_page(request, asked, find)


def _behind(token: str) -> Visit:
    number = visit_behind(token)
    found = Visit.objects.select_related("hall", "guide").filter(pk=number).first() if number is not None else None
    if found is None:
        raise Http404
    return found


@public
@never_cache
def visit_page(request: HttpRequest, token: str) -> HttpResponse:
    """One's own booking behind its signed link."""
    row = _behind(token)
    context: dict[str, Any] = {"row": row, "said": _said(row.hall), "token": token, "cancellable": row.state in AHEAD}
    return render(request, "portal/halls/visit.html", context)


@public
@never_cache
def visit_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give the booking up, asked once."""
    row, back = _behind(token), reverse("portal:visit", args=[token])
    if request.method == "POST":
        return act_and_return(request, lambda: cancel_visit(actor=actor_of(request), visit=row.pk), _("预约已取消"), back)
    if row.state not in AHEAD:
        return redirect(back)
    context = {"title": _("取消预约"), "row": row, "begins_at": row.begins_at, "back": back}
    return render(request, "portal/activities/cancel.html", context)


@public
@never_cache
def visit_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The visit as a file for the calendar."""
    row = _behind(token)
    content = calendar_file(
        uid=f"visit-{row.pk}@keheng", title=spoken(row.hall, "title"), begins_at=row.begins_at, ends_at=row.ends_at, place=row.hall.place,
        about=row.number, url=request.build_absolute_uri(reverse("portal:visit", args=[token])), stamp=row.made_at,
        cancelled=row.state not in AHEAD,
    )  # fmt: skip
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{row.number}.ics"'})
