"""Legal holds: what must not be erased while a court or an authority needs it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from keheng.kernel.errors import Refused, problem
from keheng.kernel.personal.models import LegalHold
from keheng.kernel.personal.retention_rules import rules
from keheng.kernel.trail.record import Actor, act, digest_of, record

_TARGET = re.compile(r"(?P<kind>account|person|rule|[a-z_]+\.[A-Za-z]+):(?P<id>[A-Za-z0-9_.-]+)")
_SHORTEST_DOCUMENT = 2


def in_force() -> QuerySet[LegalHold]:
    """Holds that are not lifted."""
    return LegalHold.objects.filter(lifted_at__isnull=True)


def hold_on(targets: Iterable[str]) -> LegalHold | None:
    """A hold in force on any of the targets."""
    return in_force().filter(target__in=list(targets)).order_by("pk").first()


@act("personal.hold.place", Refused)
def place_hold(*, actor: Actor, target: str, document: str) -> LegalHold:
    """Hold a person key, a record ``app.Model:id`` or ``rule:id``, on the word of a document; raises Refused with every problem."""
    target, document = target.strip(), document.strip()
    found = []
    if not _is_target(target):
        found.append(problem("personal.hold_target", "target"))
    if len(document) < _SHORTEST_DOCUMENT:
        found.append(problem("personal.hold_document", "document"))
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            hold = LegalHold.objects.create(target=target, document=document, placed_by=actor.account, placed_at=datetime.now(UTC))
    except IntegrityError:
        raise Refused(problem("personal.hold_known", "target")) from None
    record("personal.hold.place", actor=actor, target=f"legal_hold:{hold.pk}", after=_digest(hold), reason=document)
    return hold


@act("personal.hold.lift", Refused)
def lift_hold(*, actor: Actor, hold_id: int) -> None:
    """End a hold; raises Refused when it is lifted already."""
    hold = in_force().filter(pk=hold_id).first()
    moment = datetime.now(UTC)
    if hold is None or not in_force().filter(pk=hold_id).update(lifted_by=actor.account, lifted_at=moment):
        raise Refused(problem("personal.hold_lifted"))
    before = _digest(hold)
    hold.lifted_by, hold.lifted_at = actor.account, moment
    record("personal.hold.lift", actor=actor, target=f"legal_hold:{hold_id}", before=before, after=_digest(hold))


def _is_target(target: str) -> bool:
    found = _TARGET.fullmatch(target)
    if not found:
        return False
    kind, number = found.group("kind"), found.group("id")
    if kind == "rule":
        return number in rules()
    if kind in {"account", "person"}:
        return number.isdigit()
    try:
        return bool(apps.get_model(kind)._meta.label == kind)  # noqa: SLF001 -- Django's public name for what a model is
    except LookupError:
        return False


def _digest(hold: LegalHold) -> str:
    return digest_of(
        {
            "target": hold.target,
            "document": hold.document,
            "placed_by": hold.placed_by,
            "placed_at": hold.placed_at,
            "lifted_at": hold.lifted_at,
        }
    )
