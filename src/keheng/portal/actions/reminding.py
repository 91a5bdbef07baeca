"""Reminders before a session, once for each rung of the ladder, and sending what goes by short message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import override

from keheng.kernel.desk.deliveries import page_address
from keheng.kernel.messenger import MESSENGER
from keheng.kernel.plugins import chosen
from keheng.portal.actions.notices import announce
from keheng.portal.actions.surveys import survey_message
from keheng.portal.enums.activities import ActivityState, RegistrationState
from keheng.portal.enums.outreach import parameter
from keheng.portal.models import Registration, Session, Visit
from keheng.portal.queries.addresses import address
from keheng.portal.queries.notices import registration_text, visit_text
from keheng.portal.queries.tickets import link_of, visit_link

S = ActivityState


def remind(moment: datetime | None = None) -> int:
    """Remind everybody expected at a session whose rung has come; how many were addressed.

    Of several rungs that have come only the nearest is told, and none to whoever registered after it. Run again, it tells nothing twice.
    """
    at, told = moment or now(), 0
    rungs = sorted(parameter("reminder_hours"))
    soon = Session.objects.filter(
        begins_at__gt=at, begins_at__lte=at + timedelta(hours=rungs[-1]), activity__state__in=[S.PUBLISHED, S.OPEN, S.CLOSED]
    )
    for session in soon.order_by("begins_at", "pk"):
        rung = next(hours for hours in rungs if session.begins_at - at <= timedelta(hours=hours))
        before = session.begins_at - timedelta(hours=rung)
        expected = Registration.objects.filter(session=session, state=RegistrationState.CONFIRMED, made_at__lt=before)
        with transaction.atomic():
            for one in expected.select_related("session__activity").iterator():
                announce(one, "reminder", f"{rung}@{session.begins_at.isoformat()}")
                told += 1
    return told


def send_notice(payload: Mapping[str, Any]) -> None:
    """Send one short message to a visitor; nothing when the registration was made anonymous meanwhile."""
    row = Registration.objects.select_related("session__activity").filter(pk=payload["registration"]).first()
    if row is None or not row.phone:
        return
    with override(row.language):
        title, body = registration_text(row, payload["what"])
    _send(row.phone, title, body, address("registration", link_of(row.pk), language=row.language))


def _send(phone: str, title: str, body: str, page: str) -> None:
    """The link opens the page on which one sees and cancels, without signing in."""
    chosen(MESSENGER).send(phone, f"{title}\n{body}\n{page_address(page)}")


def send_survey(payload: Mapping[str, Any]) -> None:
    """Send one visitor the link of a survey; nothing once it is closed or the visitor is forgotten."""
    message = survey_message(payload["survey"], payload["attendance"])
    if message is not None:
        chosen(MESSENGER).send(*message)


def send_visit(payload: Mapping[str, Any]) -> None:
    """Send a group's contact one short message; nothing when the visit was made anonymous meanwhile."""
    row = Visit.objects.select_related("hall").filter(pk=payload["visit"]).first()
    if row is None or not row.phone:
        return
    with override(row.spoken):
        title, body = visit_text(row, payload["what"])
    _send(row.phone, title, body, address("visit", visit_link(row.pk), language=row.spoken))
