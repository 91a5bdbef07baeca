"""What an actor may do, and how far: named permissions bounded by a reach.

A *power* is one permission within one reach: one's own records, those of one's unit, of a district, or all. Powers come from the
roles an account holds (``access``); whoever checks them knows neither roles nor accounts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.trail.record import Actor


class Reach(StrEnum):
    """How far a power goes."""

    OWN = "own"
    UNIT = "unit"
    DISTRICT = "district"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Permission:
    """A named right; a dangerous one asks the person to prove again who they are."""

    code: str
    zh: str
    en: str
    dangerous: bool = False


@dataclass(frozen=True, slots=True)
class Power:
    """One permission within one reach; ``unit`` is an organisation's id, ``district`` a district's code, where the reach needs them."""

    permission: str
    reach: Reach
    unit: int | None = None
    district: str = ""


@dataclass(frozen=True, slots=True)
class Principal(Actor):
    """An actor with powers: who asks for a page."""

    powers: tuple[Power, ...] = ()

    def may(self, permission: str) -> bool:
        """Whether any power holds this permission, however far it reaches."""
        return any(power.permission == permission for power in self.powers)

    def demand(self, permission: str) -> None:
        """Raise PermissionDenied unless it is held."""
        if not self.may(permission):
            raise PermissionDenied(permission)

    def within(self, permission: str, *, own: str = "", unit: str = "", district: str = "") -> Q:
        """The records of a model that this permission reaches, as one condition.

        ``own``, ``unit`` and ``district`` are the model's paths to an account's id, an organisation's id and a district's code.
        A reach whose path is not given reaches nothing; without the permission the condition is never true.
        """
        found = Q(pk__in=[])
        for reach, value in self._bounds(permission):
            path = {Reach.OWN: own, Reach.UNIT: unit, Reach.DISTRICT: district}.get(reach, "")
            if reach is Reach.ALL:
                return Q()
            if path and value:
                found |= Q(**{path: value})
        return found

    def _bounds(self, permission: str) -> Iterator[tuple[Reach, object]]:
        for power in self.powers:
            if power.permission == permission:
                yield power.reach, {Reach.OWN: self.account, Reach.UNIT: power.unit, Reach.DISTRICT: power.district}.get(power.reach)


@cache
def permissions() -> Mapping[str, Permission]:
    """Every permission, from all ``definitions/*/permissions.json``; raises ValueError when two files name one."""
    known: dict[str, Permission] = {}
    for file in sorted(definitions_folder("kernel").parent.glob("*/permissions.json")):
        for code, entry in json.loads(file.read_text(encoding="utf-8")).items():
            if code in known:
                raise ValueError(f"{file.parent.name}/permissions.json names again: {code}")
            known[code] = Permission(code, entry["zh"], entry["en"], entry.get("dangerous", False))
    return known
