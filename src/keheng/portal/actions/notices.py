"""Telling whoever registered or booked: into the inbox of those who have an account, else by short message in a job."""

from __future__ import annotations

from django.utils.translation import override

from keheng.kernel.desk.messages import tell
from keheng.kernel.jobs.queue import enqueue
from keheng.portal.models import Registration
from keheng.portal.queries.addresses import address
from keheng.portal.queries.notices import registration_text
from keheng.portal.queries.tickets import link_of

KIND = "portal.registration"
SEND = "portal.send_notice"


def announce(registration: Registration, what: str, once: str = "") -> None:
    """Tell one thing about a registration; what was told under the same ``once`` is not told again."""
    key = f"registration:{registration.pk}:{what}:{once}"
    with override(registration.language):
        title, body = registration_text(registration, what)
    if registration.account:
        tell([registration.account], kind=KIND, key=key, title=title, body=body, url=address("registration", link_of(registration.pk)))
    else:
        enqueue(SEND, {"registration": registration.pk, "what": what}, key=key)
