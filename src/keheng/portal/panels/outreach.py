"""Outreach on composite pages: today's sessions, what waits to be decided, what one registered for, the guide's day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate, now

from keheng.kernel.panels import Panel, PanelPlace, register_panel
from keheng.kernel.powers import Principal
from keheng.portal.enums.activities import ActivityState, RegistrationState
from keheng.portal.enums.halls import VisitState
from keheng.portal.models import Activity, Registration, Visit
from keheng.portal.queries.activities import registrations_of, sessions_on
from keheng.portal.queries.halls import day_sheet, visits_of
from keheng.portal.queries.tickets import link_of, visit_link

_MOST = 5


def _today(_actor: Principal) -> Mapping[str, object]:
    return {"sessions": sessions_on(now())[:_MOST]}


def _waiting(actor: Principal) -> Mapping[str, object]:
    """Only what the actor may decide: one's own activities are for others to approve."""
    waiting: Mapping[str, tuple[str, QuerySet[Any]]] = {
        "reviews": ("portal.activity.approve", Activity.objects.filter(state=ActivityState.IN_REVIEW).exclude(author=actor.account)),
        "pending": ("portal.registration.decide", Registration.objects.filter(state=RegistrationState.PENDING)),
        "visits": ("portal.visit.decide", Visit.objects.filter(state__in=[VisitState.REQUESTED, VisitState.APPROVED])),
    }
    return {name: rows.count() if actor.may(permission) else 0 for name, (permission, rows) in waiting.items()}


def _own(actor: Principal) -> Mapping[str, object]:
    return {"rows": [(one, link_of(one.pk)) for one in registrations_of(actor.account)[:_MOST]]}


def _visits(actor: Principal) -> Mapping[str, object]:
    return {"rows": [(one, visit_link(one.pk)) for one in visits_of(actor.account)[:_MOST]]}


def _day(actor: Principal) -> Mapping[str, object]:
    return {"visits": day_sheet(actor.account, localdate())}


register_panel(
    Panel("portal.today", PanelPlace.WORKBENCH, "今天的场次", 300, "portal.attendance.record", "portal/activities/panel_today.html", _today)
)
register_panel(
    Panel("portal.waiting", PanelPlace.WORKBENCH, "待审核", 310, "portal.activity.see", "portal/activities/panel_waiting.html", _waiting)
)
register_panel(
    Panel("portal.guide_day", PanelPlace.WORKBENCH, "我的接待", 300, "portal.visit.receive", "portal/halls/panel_day.html", _day)
)
register_panel(Panel("portal.registrations", PanelPlace.PERSONAL, "我的活动", 300, None, "portal/activities/panel_own.html", _own))
register_panel(Panel("portal.visits", PanelPlace.PERSONAL, "我的参观", 310, None, "portal/halls/panel_own.html", _visits))
