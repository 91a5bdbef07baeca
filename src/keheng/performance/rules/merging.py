"""Two people edit one record: what each changed is kept, what both changed differently is told, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Merged:
    """The fields to be written, and those that others changed meanwhile: name → their value."""

    values: dict[str, Any]
    conflicts: dict[str, Any]


def merge(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Merged:
    """What was typed (``mine``) over what the page was made from (``base``), where the record now says ``theirs``."""
    values, conflicts = {}, {}
    for name, typed in mine.items():
        then, now = base.get(name, theirs[name]), theirs[name]
        if typed == then:
            values[name] = now
        elif now in (then, typed):
            values[name] = typed
        else:
            conflicts[name] = now
    return Merged(values, conflicts)
