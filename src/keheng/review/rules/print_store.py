"""Fingerprints of all years: one file a year, sorted, read without loading what is not looked at.

Ten years of 10,769 texts are 30 million fingerprints of 16 bytes. A year's file is written whole and put in place at once; numbers of
texts are those of the rows they stand in, so that a text is found again whatever it was handed in for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np

from keheng.review.rules.passages import COMMON, Marks, Prints, merged


class PrintStore:
    """A folder with ``<year>.npy`` files of two rows: fingerprints, and numbers of texts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def years(self) -> list[int]:
        """The years kept, oldest first."""
        return sorted(int(path.stem) for path in self.folder.glob("[0-9]*.npy"))

    def keep(self, year: int, prints: Prints) -> None:
        """Add fingerprints to a year; those of texts that are there already are replaced. Writers wait for each other."""
        with self._alone():
            old = _chosen(self.of_year(year), np.unique(prints.texts).tolist(), but=True)
            self._write(year, _with(old, prints))

    def forget(self, texts: Collection[int]) -> int:
        """Leave the fingerprints of some texts out of all years; how many fingerprints that were."""
        return sum(self._rewrite(year, lambda old: _chosen(old, texts, but=True)) for year in self.years())

    def keep_only(self, year: int, texts: Collection[int]) -> int:
        """Leave all fingerprints out of a year but those of some texts; how many went. Nothing is written where all may stay."""
        return self._rewrite(year, lambda old: _chosen(old, texts))

    def _rewrite(self, year: int, change: Callable[[Prints], Prints]) -> int:
        with self._alone():
            old = self.of_year(year)
            new = change(old)
            if len(new) < len(old):
                self._write(year, new)
            return len(old) - len(new)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            flock(lock, LOCK_EX)
            yield

    def _write(self, year: int, prints: Prints) -> None:
        with NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as file:
            np.save(file, np.stack((prints.marks, prints.texts.astype(np.uint64))))
        Path(file.name).replace(self._path(year))

    def of_year(self, year: int) -> Prints:
        """Fingerprints of a year, mapped from its file; none for a year without one."""
        if not self._path(year).exists():
            return Prints(np.zeros(0, np.uint64), np.zeros(0, np.int64))
        rows = np.load(self._path(year), mmap_mode="r")
        return Prints(rows[0], rows[1].view(np.int64))

    def like(self, new: Prints, years: Iterable[int] | None = None) -> Prints:
        """What older years have of these fingerprints, texts of ``new`` itself left out: enough to compare with.

        The whole size of each older text is not in it: shares of a pair are told of the new text.
        """
        marks = _each_once(new.marks)
        found = [_common(marks, self.of_year(year)) for year in (self.years() if years is None else years)]
        parts = [Prints(one.marks[keep], one.texts[keep]) for one in found for keep in [~np.isin(one.texts, new.texts)]]
        return merged(parts) if parts else Prints(np.zeros(0, np.uint64), np.zeros(0, np.int64))

    def _path(self, year: int) -> Path:
        return self.folder / f"{year}.npy"


def _with(old: Prints, new: Prints) -> Prints:
    """Both in the order of fingerprints: to put a few where they belong is quicker than to sort millions anew."""
    places = np.searchsorted(old.marks, new.marks, "right")
    return Prints(np.insert(old.marks, places, new.marks), np.insert(old.texts, places, new.texts))


def _chosen(prints: Prints, texts: Collection[int], *, but: bool = False) -> Prints:
    """Fingerprints of some texts, or of all ``but`` those."""
    keep = np.isin(prints.texts, np.fromiter(texts, np.int64, len(texts)), invert=but)
    return Prints(prints.marks[keep], prints.texts[keep])


def _each_once(marks: Marks) -> Marks:
    """Sorted fingerprints without repetitions; ``np.unique`` would hash them, which is slow for the small numbers that winnowing leaves."""
    first = np.ones(len(marks), dtype=np.bool_)
    first[1:] = marks[1:] != marks[:-1]
    return marks[first]


def _common(marks: Marks, old: Prints) -> Prints:
    """Rows of ``old`` with one of some fingerprints: a search in the sorted file for each of them."""
    begins, ends = np.searchsorted(old.marks, marks, "left"), np.searchsorted(old.marks, marks, "right")
    # What more texts than this share is boilerplate: to know that much is enough.
    counts = np.minimum(ends - begins, COMMON + 1)
    places = np.repeat(begins, counts) + np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return Prints(np.asarray(old.marks[places]), np.asarray(old.texts[places]))
