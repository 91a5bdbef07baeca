"""The signed list of a session: recorded when it is taken along."""

from __future__ import annotations

from typing import Any

from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.portal.models import Session
from keheng.portal.queries.checkin_lists import offline_list


@act("attendance.list", ())
def export_offline_list(*, actor: Actor, session: Session) -> dict[str, Any]:
    """The signed list of a session for a device without a connection."""
    content = offline_list(session)
    record("attendance.list", actor=actor, target=f"session:{session.pk}", after=digest_of({"people": len(content["people"])}))
    return content
