"""Copied passages: texts leave fingerprints of grams of eight characters, and texts that share many are looked at side by side.

Winnowing (Schleimer, Wilkerson, Aiken 2003): of each twelve neighbouring grams the one with the smallest number stays, so that any
passage of 19 equal characters leaves an equal fingerprint wherever it stands. Grams that many texts share are boilerplate of the form
and count for nobody. Letters, digits and Chinese characters count; blanks, punctuation, width and case do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Marks = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]

GRAM, WINDOW, COMMON = 8, 12, 20
_BASE, _MIX = np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)
_NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
_UNCOUNTED = re.compile(r"[\W_]+")
# So many characters at once: the arrays of a batch stay within the processor's cache.
_AT_ONCE = 1 << 17


@dataclass(frozen=True, slots=True)
class Prints:
    """Fingerprints and the number of the text each comes from, sorted by fingerprint, each once a text."""

    marks: Marks
    texts: Whole

    def __len__(self) -> int:
        return len(self.marks)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two texts that share passages: ``share`` is how much of the first is found in the second, 0 to 1, by fingerprints."""

    text: int
    other: int
    shared: int
    share: float


@dataclass(frozen=True, slots=True)
class Passage:
    """The same passage in two texts: half-open places of characters as they were written."""

    begin: int
    end: int
    other_begin: int
    other_end: int


def plain(text: str) -> str:
    """What counts of a text."""
    kept = _UNCOUNTED.sub("", text)
    # Most texts are normal once their punctuation is gone; to find that out is far quicker than to normalise.
    if not unicodedata.is_normalized("NFKC", kept):
        kept = _UNCOUNTED.sub("", unicodedata.normalize("NFKC", kept))
    return kept.casefold()


def prints_of(texts: Iterable[tuple[int, str]]) -> Prints:
    """Fingerprints of numbered texts, in any order."""
    marks: list[Marks] = []
    owners: list[Whole] = []
    batch: list[tuple[int, str]] = []
    size = 0
    for number, text in texts:
        batch.append((number, plain(text)))
        size += len(batch[-1][1])
        if size > _AT_ONCE:
            _add(batch, marks, owners)
            batch, size = [], 0
    _add(batch, marks, owners)
    if not marks:
        return Prints(np.zeros(0, np.uint64), np.zeros(0, np.int64))
    return merged([Prints(one, owner) for one, owner in zip(marks, owners, strict=True)])


def merged(parts: Sequence[Prints]) -> Prints:
    """Several stores as one, each fingerprint once a text."""
    marks, texts = np.concatenate([one.marks for one in parts]), np.concatenate([one.texts for one in parts])
    order = np.lexsort((texts, marks))
    marks, texts = marks[order], texts[order]
    first = np.ones(len(marks), dtype=np.bool_)
    first[1:] = (marks[1:] != marks[:-1]) | (texts[1:] != texts[:-1])
    return Prints(marks[first], texts[first])


def alike(new: Prints, old: Prints | None = None, *, least: float) -> list[Likeness]:
    """Pairs of new texts, and of new with old ones, where at least this share of a text is found in the other; the most alike first.

    Numbers of old texts differ from those of new ones. Each pair is told once: of two new texts from the one with fewer fingerprints,
    of a new and an old one from the new one, since of the old ones only what may match need be handed over (``PrintStore.like``).
    """
    everything = new if old is None else merged([new, old])
    fresh = np.unique(new.texts)
    size = dict(zip(*(one.tolist() for one in np.unique(everything.texts, return_counts=True)), strict=True))
    known = set(fresh.tolist())
    found = []
    for text, other, shared in _shared_pairs(everything, fresh):
        turned = text not in known or (other in known and size[other] < size[text])
        one, two = (other, text) if turned else (text, other)
        if shared >= least * size[one]:
            found.append(Likeness(one, two, shared, shared / size[one]))
    return sorted(found, key=lambda pair: (-pair.share, pair.text, pair.other))


def _shared_pairs(prints: Prints, fresh: Whole) -> list[tuple[int, int, int]]:
    """Two texts, the one with the smaller number first, at least one of them new, and how many fingerprints they share."""
    marks, texts = prints.marks, prints.texts
    begins = np.flatnonzero(np.concatenate(([True], marks[1:] != marks[:-1]))) if len(marks) else np.zeros(0, np.int64)
    counts = np.diff(np.concatenate((begins, [len(marks)])))
    telling = (counts > 1) & (counts <= COMMON)
    keep = np.repeat(telling, counts)
    marks, texts = marks[keep], texts[keep]
    known, texts = np.unique(texts, return_inverse=True)
    is_new = np.isin(known, fresh)
    codes: list[Whole] = []
    for step in range(1, COMMON):
        same = marks[step:] == marks[:-step]
        if not same.any():
            break
        one, other = texts[:-step][same], texts[step:][same]
        wanted = is_new[one] | is_new[other]
        codes.append(one[wanted] * len(known) + other[wanted])
    if not codes:
        return []
    pairs, shared = np.unique(np.concatenate(codes), return_counts=True)
    return list(zip(known[pairs // len(known)].tolist(), known[pairs % len(known)].tolist(), shared.tolist(), strict=True))


def _add(batch: Sequence[tuple[int, str]], marks: list[Marks], owners: list[Whole]) -> None:
    """Fingerprints of some texts at once: joined, with a gap between them that no gram spans."""
    batch = [(number, text) for number, text in batch if len(text) >= GRAM]
    if not batch:
        return
    joined = ("\0" * GRAM).join(text for _, text in batch)
    number = _numbers(joined)
    places = _chosen(number)
    lengths = np.array([len(text) + GRAM for _, text in batch])
    ends = np.cumsum(lengths)
    owner = np.array([number for number, _ in batch], dtype=np.int64)[np.searchsorted(ends, places, side="right")]
    marks.append(number[places])
    owners.append(owner)


def _numbers(joined: str) -> Marks:
    """A number for the gram at each place; that of a gram which reaches into a gap is never chosen."""
    letters = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = len(letters) - GRAM + 1
    number = np.zeros(count, dtype=np.uint64)
    broken = np.zeros(count, dtype=np.bool_)
    for step in range(GRAM):
        number *= _BASE
        number += letters[step : step + count]
        broken |= letters[step : step + count] == 0
    number ^= number >> np.uint64(29)
    number *= _MIX
    number ^= number >> np.uint64(32)
    number[broken] = _NONE
    return number


def _chosen(number: Marks) -> Whole:
    """Places whose number is the smallest of some window; what is shorter than a window counts as one."""
    padded = np.concatenate((np.full(WINDOW - 1, _NONE), number, np.full(WINDOW - 1, _NONE)))
    smallest = _over_window(padded, np.minimum)
    # The largest of the smallest numbers of all windows over a place is its own number where one of them chose it.
    return np.flatnonzero((_over_window(smallest, np.maximum) == number) & (number != _NONE)).astype(np.int64)


def _over_window(values: Marks, of_two: np.ufunc) -> Marks:
    """The smallest or largest of each ``WINDOW`` neighbours, by doubling."""
    width, found = 1, values
    while width * 2 <= WINDOW:
        found = of_two(found[:-width], found[width:])
        width *= 2
    rest = WINDOW - width
    return np.asarray(of_two(found[:-rest], found[rest:]) if rest else found, dtype=np.uint64)


def passages(text: str, other: str, least: int = GRAM + WINDOW - 1) -> list[Passage]:
    """The longest equal passages of two texts, from ``least`` counted characters on, where they stand; none overlaps in the first.

    What stands between two halves of a passage and does not count (blanks, punctuation) belongs to it.
    """
    (one, places), (two, other_places) = _placed(text), _placed(other)
    where: dict[str, list[int]] = {}
    for begin in range(len(two) - least + 1):
        where.setdefault(two[begin : begin + least], []).append(begin)
    found: list[Passage] = []
    begin = 0
    while begin <= len(one) - least:
        best, length = -1, 0
        for candidate in where.get(one[begin : begin + least], ()):
            reach = least
            while begin + reach < len(one) and candidate + reach < len(two) and one[begin + reach] == two[candidate + reach]:
                reach += 1
            if reach > length:
                best, length = candidate, reach
        if length:
            found.append(
                Passage(places[begin], places[begin + length - 1] + 1, other_places[best], other_places[best + length - 1] + 1)
            )  # fmt: skip
        begin += length or 1
    return found


def _placed(text: str) -> tuple[str, list[int]]:
    """What counts of a text, and where each of its characters was written."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        counted = plain(letter)
        letters.append(counted)
        places += [place] * len(counted)
    return "".join(letters), places
