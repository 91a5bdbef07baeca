"""Other systems are let in to send figures, heard, and sent away."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from io import BytesIO
from uuid import UUID

from django.utils.timezone import now

from keheng.kernel.api.hooks.hearing import is_signed
from keheng.kernel.errors import Refused, problem
from keheng.kernel.trail.record import Actor, act, digest_of, record
from keheng.performance.actions.evaluations import keep_proof
from keheng.performance.actions.outside import Figure, import_figures
from keheng.performance.models import OutsideSender
from keheng.performance.rules.lengths import long_problems


@act("outside.sender", Refused)
def let_in(*, actor: Actor, unit: int, name: str) -> OutsideSender:
    """Let a system in, with a secret of its own that is shown once."""
    if not name.strip():
        raise Refused(problem("PERF_TITLE", "name"))
    if wrong := long_problems(OutsideSender, {"name": name}):
        raise Refused(wrong)
    made = OutsideSender.objects.create(
        unit_id=unit, name=name.strip(), secret=f"ofs_{secrets.token_urlsafe(32)}", by=actor.account, at=now()
    )
    record("outside.sender", actor=actor, target=f"sender:{made.pk}", after=digest_of({"unit": unit, "name": made.name}))
    return made


@act("outside.send_away", ())
def send_away(*, actor: Actor, sender: UUID) -> None:
    """Nothing more is taken from it; what it sent stays."""
    OutsideSender.objects.filter(pk=sender, stopped_at=None).update(stopped_at=now())
    record("outside.send_away", actor=actor, target=f"sender:{sender}")


def sender_of(key: str, header: str, body: bytes) -> OutsideSender | None:
    """Whose message it is; None for an unknown or stopped system, and for a signature that is not its own, or old."""
    try:
        number = UUID(key)
    except ValueError:
        return None
    found = OutsideSender.objects.filter(pk=number, stopped_at=None).first()
    return found if found is not None and is_signed(found.secret, header, body, time.time()) else None


def take_figures(*, actor: Actor, sender: OutsideSender, figures: Sequence[Figure], body: bytes) -> int:
    """Enter what a system sent, all or nothing; the signed message is kept as their file. What was heard before changes nothing."""
    kept = keep_proof(BytesIO(body))
    count = import_figures(actor=actor, unit=sender.unit_id, figures=figures, file=kept, file_title=f"{sender.name}.txt")
    OutsideSender.objects.filter(pk=sender.pk).update(heard_at=now())
    return count
