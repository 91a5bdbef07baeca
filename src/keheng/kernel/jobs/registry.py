"""Kinds of jobs, their handlers, and what is wired to which event."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Handler = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of job runs. With ``atomic`` the handler and the end of its job are one transaction: its effects happen once.

    Without it the handler must bear being run again after a crash, and may take longer than a transaction should.
    """

    name: str
    handler: Handler
    attempts: int
    atomic: bool


@dataclass(frozen=True, slots=True)
class Timed:
    """A kind of job that is due again and again."""

    kind: str
    every: timedelta


_kinds: dict[str, Kind] = {}
_timed: dict[str, Timed] = {}


def job(name: str, *, attempts: int = 8, atomic: bool = True) -> Callable[[Handler], Handler]:
    """Register a handler of JSON payloads under a name; raises ValueError for a name taken by another handler."""

    def register(handler: Handler) -> Handler:
        if name in _kinds and _kinds[name].handler is not handler:
            raise ValueError(f"job {name} is registered twice")
        _kinds[name] = Kind(name, handler, attempts, atomic)
        return handler

    return register


def every(interval: timedelta, name: str) -> None:
    """Make a registered kind due at each interval, first as soon as a worker runs."""
    _timed[name] = Timed(_kinds[name].name, interval)


def kind_of(name: str) -> Kind:
    """The kind of that name; raises KeyError when nobody registered it (an older program meets a newer job)."""
    return _kinds[name]


def most_attempts(name: str) -> int:
    """How often a job of that name may be tried. A process that does not know it sets no limit: one that does will decide."""
    return _kinds[name].attempts if name in _kinds else sys.maxsize


def all_timed() -> list[Timed]:
    """All schedules."""
    return list(_timed.values())
