"""Demo records of the portal: the public site and the outreach of the invented city Yunling."""

from __future__ import annotations

from keheng.portal.demo import activities, content, feedback, halls, media, surveys, visits
from keheng.portal.demo.faults import Fault, Progress

__all__ = ["CONTENT", "OUTREACH", "Fault", "faults", "load"]

CONTENT = (content, feedback, visits)
OUTREACH = (activities, halls, surveys, media)
_PARTS = (*CONTENT, *OUTREACH)


def load(*, scale: str, progress: Progress) -> None:
    """Fill an empty portal; ``progress`` hears what is being written, how much is done and of how much."""
    for part in _PARTS:
        part.load(scale=scale, progress=progress)


def faults() -> list[Fault]:
    """What is wrong on purpose."""
    return [fault for part in _PARTS for fault in part.FAULTS]
