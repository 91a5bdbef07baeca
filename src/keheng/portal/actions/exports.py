"""Exports of registrations: recorded, and without whole phone numbers."""

from __future__ import annotations

from typing import Any

from keheng.kernel.personal.masks import mask
from keheng.kernel.spreadsheets import Column, Sheet, write_sheet
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.portal.models import Registration, Session
from keheng.portal.queries.checkin_lists import offline_list

_SHEET = Sheet("报名", (
    Column("number", "报名编号"), Column("session", "场次"), Column("name", "姓名"), Column("phone", "手机号码"), Column("unit", "单位"),
    Column("state", "状态"), Column("made", "报名时间"),
))  # fmt: skip


@act("registration.export", ())
def export_registrations(*, actor: Actor, activity: int) -> bytes:
    """Registrations of an activity as XLSX."""
    found = Registration.objects.filter(session__activity=activity).select_related("session").order_by("session", "pk")
    rows: list[dict[str, object]] = [
        {
            "number": one.number, "session": one.session.title or f"{one.session.begins_at:%Y-%m-%d}", "name": one.name,
            "phone": mask("phone", one.phone), "unit": one.unit_title or None, "state": str(one.get_state_display()),
            "made": f"{one.made_at:%Y-%m-%d}",
        }
        for one in found
    ]  # fmt: skip
    record("registration.export", actor=actor, target=f"activity:{activity}", after=digest_of({"rows": len(rows)}))
    return write_sheet(_SHEET, rows)


@act("attendance.list", ())
def export_offline_list(*, actor: Actor, session: Session) -> dict[str, Any]:
    """The signed list of a session for a device without a connection."""
    content = offline_list(session)
    record("attendance.list", actor=actor, target=f"session:{session.pk}", after=digest_of({"people": len(content["people"])}))
    return content
