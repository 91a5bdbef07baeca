"""Telling whoever registered or booked: into the inbox of those who have an account, else by short message in a job."""

from __future__ import annotations

from django.utils.translation import override

from keheng.kernel.desk.messages import tell
from keheng.kernel.jobs.queue import enqueue
from keheng.portal.models import Registration, Visit
from keheng.portal.queries.addresses import address
from keheng.portal.queries.notices import registration_text, visit_text
from keheng.portal.queries.tickets import link_of, visit_link

KIND, VISIT_KIND = "portal.registration", "portal.visit"
SEND, SEND_VISIT = "portal.send_notice", "portal.send_visit"


def announce(registration: Registration, what: str, once: str = "") -> None:
    """Tell one thing about a registration; what was told under the same ``once`` is not told again."""
    key = f"registration:{registration.pk}:{what}:{once}"
    with override(registration.language):
        title, body = registration_text(registration, what)
    page = address("registration", link_of(registration.pk), language=registration.language)
    if registration.account:
        tell([registration.account], kind=KIND, key=key, title=title, body=body, url=page)
    else:
        enqueue(SEND, {"registration": registration.pk, "what": what}, key=key)


def announce_visit(visit: Visit, what: str) -> None:
    """Tell one thing about a visit, once for each guide it was given."""
    key = f"visit:{visit.pk}:{what}:{visit.guide_id or ''}"
    with override(visit.spoken):
        title, body = visit_text(visit, what)
    page = address("visit", visit_link(visit.pk), language=visit.spoken)
    if visit.account:
        tell([visit.account], kind=VISIT_KIND, key=key, title=title, body=body, url=page)
    else:
        enqueue(SEND_VISIT, {"visit": visit.pk, "what": what}, key=key)
