"""Drawing forms for re-check: likelier where more money may be wrong, and the same for the same seed and frame."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

_BITS = 53


@dataclass(frozen=True, slots=True)
class Candidate:
    """A form of the frame: its number, the money in fen, and the points that its findings put in question."""

    form: int
    title: str
    fen: int
    doubtful: float

    @property
    def risk(self) -> float:
        """Money times the share of points in question; a form without findings keeps a small chance."""
        return max(1.0, self.fen / 100) * (0.01 + self.doubtful / 100)


def key_of(seed: str, candidate: Candidate) -> float:
    """A number between 0 and 1 from seed and form, raised to 1 / risk: the largest keys are drawn (Efraimidis and Spirakis 2006)."""
    digest = hashlib.new("sm3", f"{seed}|{candidate.form}".encode()).digest()
    uniform = (int.from_bytes(digest[:8], "big") >> (64 - _BITS)) + 1
    return log(uniform / (2**_BITS + 1)) / candidate.risk


def drawn(seed: str, frame: Sequence[Candidate], wanted: int) -> list[Candidate]:
    """So many forms of the frame, the first drawn first."""
    return sorted(frame, key=lambda one: (-key_of(seed, one), one.form))[:wanted]
