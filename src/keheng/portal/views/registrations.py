"""Pages on which people register, find their registration, show their ticket and cancel. They hold forms and are never cached."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from keheng.directory.service import organisation_name
from keheng.kernel.doors import actor_of, public, signed_in
from keheng.kernel.errors import Problem, attempt, problem
from keheng.kernel.row_numbers import whole
from keheng.kernel.spoken import in_chinese
from keheng.portal.actions.registrations import cancel_registration, register_people
from keheng.portal.enums.activities import RegistrationState
from keheng.portal.forms.activities import GroupForm, RegisterForm
from keheng.portal.models import Activity, Registration, Session
from keheng.portal.queries.activities import activity_sessions, shown_activities
from keheng.portal.queries.texts import spoken
from keheng.portal.queries.tickets import link_of, registration_behind, ticket_of
from keheng.portal.rules.registrations import (
    Attendee,
    cancel_problems,
    firm_key,
    person_problems,
    registration_problems,
    window_problems,
)
from keheng.portal.views.activities import calendar_answer, in_words
from keheng.portal.views.asking import PUBLIC, Asked, act_and_return, form_page, posted
from keheng.portal.views.looking_up import look_up_page

R = RegistrationState


def _choices(activity: Activity) -> list[tuple[int, str]]:
    """Sessions as one chooses among them: when, where, how many places are left."""
    found: list[tuple[int, str]] = []
    for one in activity_sessions(activity):
        left = _("余 %(left)d 个名额") % {"left": one.left} if one.left > 0 and not one.waiting else _("已满，可候补")
        place = in_chinese(one.place) or _("线上")
        parts = [in_chinese(one.title), date_format(localtime(one.begins_at), "DATETIME_FORMAT"), place, left]
        found.append((one.pk, format_html_join(" · ", "{}", ((part,) for part in parts if part))))
    return found


def _asked(activity: Activity, title: str) -> Asked:
    back = reverse("portal:activity", args=[activity.pk])
    crumbs = ((_("活动"), reverse("portal:activities")), (in_chinese(spoken(activity, "title")), back))
    return Asked(
        format_html("{}{}{}", title, _("："), in_chinese(spoken(activity, "title"))), _("提交报名"), back, crumbs=crumbs, base=PUBLIC
    )


def _open(request: HttpRequest, pk: int) -> tuple[Activity, HttpResponse | None]:
    """The activity, and a way back where one cannot register now."""
    activity = get_object_or_404(shown_activities(), pk=pk)
    wrong = window_problems(activity, now())
    if wrong and request.method != "POST":
        return activity, redirect("portal:activity", pk=pk)
    return activity, None


def _foreseen(form: Form, people: list[Attendee], firm: str) -> tuple[Problem, ...]:
    """What the rules find in what could be read of a form that is not whole, so that all is told at once."""
    sitting = Session.objects.select_related("activity").filter(pk=form.cleaned_data.get("session", 0)).first()
    if sitting is None:
        return tuple(wrong for one in people for wrong in person_problems(one))
    return tuple(registration_problems(sitting, people, firm, now()))


@public
@never_cache
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Register oneself for a session, with or without an account."""
    activity, away = _open(request, pk)
    if away is not None:
        return away
    choices, actor = _choices(activity), actor_of(request)
    chosen = whole(request.GET.get("session", ""))
    initial = {"session": chosen if chosen is not None else choices[0][0] if choices else None}
    form = RegisterForm(posted(request), sessions=choices, initial=initial)
    made: list[Registration] = []
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        problems = attempt(lambda: made.extend(register_people(
            actor=actor, session=given["session"], people=form.people(), unit_title=given["unit_title"],
            language=get_language() or "zh-hans",
        )))  # fmt: skip
    elif request.method == "POST":
        problems = _foreseen(form, form.people(), firm_key(None, form.cleaned_data.get("unit_title", "")))
    if not made:
        return form_page(request, _asked(activity, _("报名")), form, problems)
    return redirect("portal:registration", token=link_of(made[0].pk))


@signed_in
@never_cache
def register_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Register several people of the unit one acts for."""
    activity, away = _open(request, pk)
    if away is not None:
        return away
    actor = actor_of(request)
    unit = int(actor.unit) if actor.unit else None
    form = GroupForm(posted(request), sessions=_choices(activity))
    made: list[Registration] = []
    problems: tuple[Problem, ...] = () if unit else (problem("REG_NO_UNIT"),)
    if request.method == "POST" and unit and form.is_valid():
        problems = attempt(lambda: made.extend(register_people(
            actor=actor, session=form.cleaned_data["session"], people=form.attendees(), unit=unit, unit_title=organisation_name(unit),
            language=get_language() or "zh-hans",
        )))  # fmt: skip
    elif request.method == "POST" and unit:
        problems = _foreseen(form, form.attendees(), firm_key(unit, ""))
    if not made:
        return form_page(request, _asked(activity, _("单位报名")), form, problems)
    waiting = sum(one.state == R.WAITING for one in made)
    messages.success(request, _("已报名 %(all)d 人，其中候补 %(waiting)d 人") % {"all": len(made), "waiting": waiting})
    return redirect("portal:registration", token=link_of(made[0].pk))


@public
@never_cache
def look_up(request: HttpRequest) -> HttpResponse:
    """Find one's registration by its number and the phone; which of the two is wrong is not told."""
    asked = Asked(_("查询报名"), _("查询"), reverse("portal:activities"), crumbs=((_("活动"), reverse("portal:activities")),), base=PUBLIC)

    def find(number: str, mark: str) -> str | None:
        found = Registration.objects.filter(number=number, phone_mark=mark).first()
        return reverse("portal:registration", args=[link_of(found.pk)]) if found else None

    return look_up_page(request, asked, find)


def _behind(token: str) -> Registration:
    number = registration_behind(token)
    found = Registration.objects.select_related("session__activity").filter(pk=number).first() if number is not None else None
    if found is None:
        raise Http404
    return found


@public
@never_cache
def registration_page(request: HttpRequest, token: str) -> HttpResponse:
    """One's own registration behind its signed link: where it stands, the ticket, the way to cancel; those of the same group."""
    row = _behind(token)
    activity = row.session.activity
    in_words([activity])
    group = Registration.objects.filter(batch=row.batch).exclude(pk=row.pk).order_by("pk") if row.batch else Registration.objects.none()
    ahead = 0
    if row.state == R.WAITING:
        ahead = Registration.objects.filter(session=row.session, state=R.WAITING, waiting_since__lt=row.waiting_since).count()
    context = {
        "row": row, "activity": activity, "session": row.session, "token": token, "ahead": ahead,
        "group": [(one, link_of(one.pk)) for one in group],
        "ticket": ticket_of(row.pk) if row.state in {R.CONFIRMED, R.ATTENDED} else "",
        "cancellable": not cancel_problems(row, now()),
    }  # fmt: skip
    return render(request, "portal/activities/registration.html", context)


@public
@never_cache
def registration_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give it up, asked once: who registers again stands at the end."""
    row, back = _behind(token), reverse("portal:registration", args=[token])
    if request.method == "POST":
        return act_and_return(request, lambda: cancel_registration(actor=actor_of(request), registration=row.pk), _("报名已取消"), back)
    if cancel_problems(row, now()):
        return redirect(back)
    context = {"title": _("取消报名"), "row": row, "begins_at": row.session.begins_at, "back": back}
    return render(request, "portal/activities/cancel.html", context)


@public
@never_cache
def registration_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The session of one's own registration as a file for the calendar, with the online room."""
    row = _behind(token)
    page = request.build_absolute_uri(reverse("portal:registration", args=[token]))
    place = row.session.place or (row.session.online_url if row.state == R.CONFIRMED else "")
    return calendar_answer(row.session, page, cancelled=row.state in {R.CANCELLED, R.REFUSED}, place=place)
