"""Revealing one masked value: with the right to do so, within the actor's scope, for a reason, and seen on the trail."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.errors import Refused, problem
from keheng.kernel.personal.catalogue import entry_of
from keheng.kernel.personal.log_filter import redacted
from keheng.kernel.personal.masks import HIDDEN, mask
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, record

PERMISSION = "personal.reveal"
QuerysetFor = Callable[[Principal], QuerySet[Any]]
_subjects: dict[str, QuerysetFor] = {}


class OutOfReachError(Exception):
    """There is no such value for this actor: absent, not personal, or outside the scope. A page answers 404."""


def register_subject(label: str, queryset_for: QuerysetFor) -> None:
    """Register whose records of a model (``app.Model``) an actor may reveal; raises ValueError for a label taken by another one."""
    if _subjects.setdefault(label, queryset_for) is not queryset_for:
        raise ValueError(f"subject {label} is registered twice")


def can_reveal(actor: Principal, label: str) -> bool:
    """Whether to offer the button at all."""
    return label in _subjects and actor.may(PERMISSION)


@cache
def policy() -> Mapping[str, Any]:
    """Usual reasons, shortest reason of one's own in characters, seconds until the value is hidden again."""
    found: dict[str, Any] = json.loads((definitions_folder("personal") / "reveal.json").read_text(encoding="utf-8"))
    return found


def subject(actor: Principal, label: str, pk: str, field: str) -> Model:
    """The record whose value may be asked for; raises OutOfReachError."""
    try:
        entry_of(label, field)
        return _subjects[label](actor).get(pk=pk)  # type: ignore[no-any-return]  # querysets of any model
    except (KeyError, ValueError, ObjectDoesNotExist):
        raise OutOfReachError(f"{label}:{pk} {field}") from None


def masked(row: Model, field: str) -> str:
    """The mask of a record's field, of the kind the catalogue says; raises KeyError when the field is not personal."""
    return mask(entry_of(_label(row), field).kind, _text(row, field))


@act(PERMISSION, (Refused, OutOfReachError))
def reveal(*, actor: Principal, model: str, pk: str, field: str, reason: str) -> str:
    """The value of a personal field; raises Refused without the right or a reason, OutOfReachError outside the scope.

    ``model`` is ``app.Model``. ``reason`` is the code of a usual reason, or one's own words. The trail gets the reference, never the value.
    """
    words = {one["code"]: one["zh"] for one in policy()["reasons"]}.get(reason, reason.strip())
    found = []
    if not actor.may(PERMISSION):
        found.append(problem("personal.no_power"))
    if len(words) < policy()["shortest_reason"]:
        found.append(problem("personal.reason_short", "reason", shortest=policy()["shortest_reason"]))
    if found:
        raise Refused(found)
    row = subject(actor, model, pk, field)
    value = _text(row, field)
    told = redacted(words.replace(value, HIDDEN) if value else words)
    record(PERMISSION, actor=actor, target=f"{_label(row)}:{row.pk}", reason=f"{field}: {told}")
    return value


def _label(row: Model) -> str:
    return row._meta.label  # noqa: SLF001 -- Django's public name for what a model is


def _text(row: Model, field: str) -> str:
    value = getattr(row, field)
    return "" if value is None else str(value)
