"""Events: facts that other capabilities react to after the fact is committed. The wiring stands in one page of the site."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from keheng.kernel.jobs.queue import enqueue
from keheng.kernel.jobs.registry import job

Reaction = Callable[[Mapping[str, Any]], None]
_wired: dict[type, list[str]] = {}


def wire(reactions: Mapping[type, Sequence[Reaction]]) -> None:
    """Connect events with what follows from them; each reaction is a job kind of its own, so that one failing stops no other."""
    for event, handlers in reactions.items():
        for handler in handlers:
            name = f"{event.__name__}>{handler.__module__}.{handler.__qualname__}"
            job(name)(handler)
            if name not in _wired.setdefault(event, []):
                _wired[event].append(name)


def emit(event: Any) -> None:
    """Queue everything wired to a fact, in the transaction that made it true. The event is a dataclass of JSON values."""
    if not is_dataclass(event) or isinstance(event, type):
        raise TypeError(f"{event!r} is no event: events are dataclass values")
    for name in _wired.get(type(event), []):
        enqueue(name, asdict(event))
