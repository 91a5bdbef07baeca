"""Chance that can be repeated: keys are committed to first and revealed after, and every number is drawn from them.

A number belongs to (key, entry, judge) and nothing else: not to the order of lists, the process, or the machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint64]
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def canonical(document: object) -> str:
    """One JSON text for equal documents: sorted keys, no blanks, characters as they are."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(document: Any) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def commitment(half: str) -> str:
    """What is published of a half of the key before the draw."""
    return hashlib.sha256(f"keheng.key:{half}".encode()).hexdigest()


def joined(halves: Sequence[str]) -> str:
    """The key of a draw from its halves in their order; nobody who lacks one can know it."""
    return digest(["keheng.draw", *halves])


def later(key: str, number: int) -> str:
    """The key of the ``number``-th drawing again (replacements), fixed when the key was."""
    return digest(["keheng.again", key, number])


def pair_numbers(key: str, entries: Sequence[str], judges: Sequence[str]) -> Numbers:
    """A 64-bit number for each entry (row) and judge (column), equal for equal key and references wherever they stand."""
    rows = _seeds(f"{key}/entry/", entries)
    columns = _seeds(f"{key}/judge/", judges)
    # A round of splitmix64 over the two seeds: every bit of the result depends on every bit of both.
    mixed = rows[:, None] ^ columns[None, :]
    mixed ^= mixed >> np.uint64(30)
    mixed *= _FIRST
    mixed ^= mixed >> np.uint64(27)
    mixed *= _SECOND
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _seeds(prefix: str, names: Sequence[str]) -> Numbers:
    first = b"".join(hashlib.sha256(f"{prefix}{name}".encode()).digest()[:8] for name in names)
    return np.frombuffer(first, dtype="<u8").astype(np.uint64)
