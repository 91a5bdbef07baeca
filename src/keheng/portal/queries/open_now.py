"""What is open now: activities, calls, surveys, halls; told by whoever has something open, shown on the front page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

logger = logging.getLogger("keheng.portal")


@dataclass(frozen=True, slots=True)
class OpenNow:
    """Something that is open until ``ends_at`` (None: no end is set); ``kind`` is a word for the visitor."""

    title: str
    url: str
    ends_at: datetime | None
    kind: str


Source = Callable[[], Iterable[OpenNow]]
_sources: list[Source] = []


def register_open_now(source: Source) -> None:
    """Make a source known; asked at each front page that is not cached, so it ought to be quick, and tell its next two or three."""
    if source not in _sources:
        _sources.append(source)


def open_now(limit: int = 12) -> list[OpenNow]:
    """What is open, the soonest to close first. A source that fails is left out, with the fault in the log."""
    found: list[OpenNow] = []
    for source in _sources:
        try:
            found += source()
        except Exception:
            # The front page must stand, whatever one of its sources does wrong.
            logger.exception("a source of what is open failed")
    return sorted(found, key=lambda one: (one.ends_at is None, one.ends_at.timestamp() if one.ends_at else 0.0, one.title))[:limit]
