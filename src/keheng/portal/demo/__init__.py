"""Demo records of the portal: the public site of the invented city Yunling."""

from __future__ import annotations

from collections.abc import Callable

from keheng.portal.demo import content, feedback, visits
from keheng.portal.demo.faults import Fault

__all__ = ["Fault", "faults", "load"]

Progress = Callable[[str, int, int], None]
_PARTS = (content, feedback, visits)


def load(*, scale: str, progress: Progress) -> None:
    """Fill an empty portal; ``progress`` hears what is being written, how much is done and of how much."""
    for part in _PARTS:
        part.load(scale=scale, progress=progress)


def faults() -> list[Fault]:
    """What is wrong on purpose."""
    return [fault for part in _PARTS for fault in part.FAULTS]
