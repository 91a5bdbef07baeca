"""The list of a session that works without a connection, and the scans that come back as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from keheng.kernel.personal.masks import mask
from keheng.portal.models import Session
from keheng.portal.queries.activities import expected_at
from keheng.portal.queries.tickets import list_signature, ticket_of


def offline_list(session: Session) -> dict[str, Any]:
    """Tickets and masked names of everybody expected, with a signature over all of it; no phone number leaves the house."""
    content = {
        "session": session.pk,
        "title": session.activity.title,
        "begins_at": session.begins_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "people": [
            {"ticket": ticket_of(one.pk), "number": one.number, "name": mask("name", one.name), "unit": one.unit_title}
            for one in expected_at(session)
        ],
    }
    return {**content, "signature": list_signature(_canonical(content))}


def is_genuine(content: Mapping[str, Any]) -> bool:
    """Whether a list is one of ours, unchanged."""
    signed = {name: value for name, value in content.items() if name != "signature"}
    return list_signature(_canonical(signed)) == content.get("signature")


def scans_in(data: bytes) -> Iterator[Mapping[str, str]]:
    """Scans of a file, JSON (a list, or an object with ``scans``) or CSV with a header: code, scanned_at, gate, device.

    Raises ValueError for a file that is neither.
    """
    text = data.decode("utf-8-sig")
    if text.lstrip()[:1] in {"[", "{"}:
        content = json.loads(text)
        rows = content.get("scans") if isinstance(content, dict) else content
    else:
        rows = list(csv.DictReader(io.StringIO(text)))
    if (
        not isinstance(rows, list)
        or not rows
        or not all(isinstance(row, dict) and row.get("code") and row.get("scanned_at") for row in rows)
    ):
        raise ValueError("no list of scans")
    for row in rows:
        yield {name: str(row.get(name) or "") for name in ("code", "scanned_at", "gate", "device")}


def _canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
