"""Facts of many enterprises as columns: numbers, yes or no, words; what is not known is marked, never zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Numbers:
    """A number of every enterprise, or yes and no as 1 and 0; NaN where ``unknown`` is 1."""

    values: npt.NDArray[np.float64]
    unknown: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Names:
    """A word of every enterprise as its place in ``words``; the place after the last stands for unknown."""

    places: npt.NDArray[np.int32]
    words: Mapping[str, int]

    @property
    def unknown(self) -> npt.NDArray[np.int8]:
        """1 where the word is not known."""
        found: npt.NDArray[np.int8] = np.equal(self.places, len(self.words)).view(np.int8)
        return found


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of ``count`` enterprises by name, in one order of the enterprises."""

    count: int
    columns: Mapping[str, Numbers | Names]


def facts_of(rows: Sequence[Mapping[str, Any]]) -> Facts:
    """Columns of rows, one for each enterprise; a fact that is None or absent is unknown.

    Raises TypeError for a fact that is a number in one row and a word in another.
    """
    # A fact that nobody has told is as absent as one that nobody has heard of.
    names = sorted({name for row in rows for name, value in row.items() if value is not None})
    return Facts(len(rows), {name: _column(name, [row.get(name) for row in rows]) for name in names})


def _column(name: str, told: Sequence[Any]) -> Numbers | Names:
    if all(isinstance(value, str) for value in told if value is not None):
        words: dict[str, int] = {}
        for value in told:
            if value is not None:
                words.setdefault(value, len(words))
        return Names(np.array([words.get(value, len(words)) for value in told], dtype=np.int32), words)
    if any(isinstance(value, str) for value in told):
        raise TypeError(f"{name} is a word for some and a number for others")
    return numbers([float(Decimal(value)) if value is not None else np.nan for value in told])


def numbers(values: Iterable[float] | npt.NDArray[np.float64]) -> Numbers:
    """Numbers with NaN for what is unknown."""
    found = np.asarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.float64)
    return Numbers(found, np.isnan(found).astype(np.int8))
