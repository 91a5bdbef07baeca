"""The city's resources on one page, in groups: told by whoever has something that people may visit, read or take away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

logger = logging.getLogger("keheng.portal")
# A group shows its first ones; the rest stands behind its link.
MOST = 6


@dataclass(frozen=True, slots=True)
class Resource:
    """One of a group: what it is called, where it is, a word about it."""

    title: str | Promise
    url: str
    note: str | Promise = ""


@dataclass(frozen=True, slots=True)
class ResourceGroup:
    """Resources of a kind. ``found`` tells them in the visitor's language, a few; ``all_at`` leads to all ('' where these are)."""

    code: str
    title: str | Promise
    text: str | Promise
    icon: str
    order: int
    found: Callable[[], Iterable[Resource]]
    all_at: Callable[[], str] = str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group with what is there."""

    group: ResourceGroup
    resources: tuple[Resource, ...]
    all_at: str


_groups: dict[str, ResourceGroup] = {}


def register_resources(group: ResourceGroup) -> None:
    """Make a group known; raises ValueError for a code taken by another group."""
    if _groups.setdefault(group.code, group) != group:
        raise ValueError(f"resources {group.code} are registered twice")


def resource_groups() -> list[ShownGroup]:
    """The groups that have something, in their order. One that fails is left out, with the fault in the log."""
    shown = []
    for group in sorted(_groups.values(), key=lambda one: (one.order, one.code)):
        try:
            found = tuple(group.found())[:MOST]
            if found:
                shown.append(ShownGroup(group, found, group.all_at()))
        except Exception:
            # The page must stand, whatever one of its groups does wrong.
            logger.exception("resources %s failed", group.code)
    return shown
