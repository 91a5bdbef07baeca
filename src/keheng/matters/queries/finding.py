"""Matters by what somebody needs, in their own words: pairs of characters and words that a file shares with what was typed."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from keheng.kernel.chinese_text import tokens
from keheng.kernel.definitions import definitions_folder
from keheng.kernel.search.aliases import aliases, normal
from keheng.matters.rules.files.reading import Read
from keheng.matters.rules.files.shelf import matter_of_text
from keheng.matters.rules.files.texts import texts

# Half of what was typed stands in the file: a sentence around the words that matter does no harm.
_ENOUGH = 0.5
_LOUD, _CLEAR, _QUIET = 4.0, 2.0, 1.0
# Words this long go on: "permit" finds "permits", and the other way round.
_STEM = 4
_EDITIONS = 512


@dataclass(frozen=True, slots=True)
class Finding:
    """Matters that answer what was typed, best first; ``near`` are those that share a little, told where none answers."""

    found: list[Read]
    near: list[Read]


def find(reads: Sequence[Read], text: str, most_near: int = 3) -> Finding:
    """Which of these matters somebody means; all of them, in their order, for a text without words."""
    ways = [way for way in map(_grams, _ways(text)) if way]
    if not ways:
        return Finding(list(reads), [])
    held = [_held(read.text) for read in reads]
    common = Counter(gram for edition in held for gram in edition.marks)
    scored = [(max(_score(way, edition, common, len(reads)) for way in ways), read) for edition, read in zip(held, reads, strict=True)]
    best = [(share, worth, read) for (share, worth), read in scored if share > 0]
    found = sorted((one for one in best if one[0] >= _ENOUGH), key=lambda one: -one[1])
    near = sorted((one for one in best if one[0] < _ENOUGH), key=lambda one: -one[1])
    return Finding([read for _, _, read in found], [] if found else [read for _, _, read in near[:most_near]])


def _score(grams: tuple[str, ...], held: Held, common: Counter[str], count: int) -> tuple[float, float]:
    """The share of the question that a file holds, and what that is worth: rare pairs in loud places the most.

    A file that says just this, and nothing besides in the same breath, is meant before those that only speak of it.
    """
    there = [place for gram in grams if (place := _place(gram, held.marks)) is not None]
    worth = sum(held.marks[place] * (1 + math.log(count / common[place])) for place in there)
    return len(there) / len(grams), worth * (_LOUD if grams in held.said else 1)


def _place(gram: str, marks: Mapping[str, float]) -> str | None:
    """The pair or word of a file that answers one of the question."""
    if gram in marks or not gram.isascii() or len(gram) < _STEM:
        return gram if gram in marks else None
    alike = (held for held in marks if held.isascii() and len(held) >= _STEM and (held.startswith(gram) or gram.startswith(held)))
    return max(alike, key=marks.__getitem__, default=None)


def _ways(text: str) -> Iterator[str]:
    """What was typed without the words that only make it a question, and the same with each known word under its other names."""
    typed = _fillers().sub(" ", normal(text))
    yield typed
    for match in aliases().pattern.finditer(typed):
        if match.lastgroup != "blank":
            for name in aliases().groups.get(match.group(), ()):
                yield typed[: match.start()] + name + typed[match.end() :]


@cache
def _fillers() -> re.Pattern[str]:
    told = json.loads((definitions_folder("matters") / "fillers.json").read_text(encoding="utf-8"))
    longest_first = sorted(told["zh"], key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, longest_first), rf"\b(?:{'|'.join(map(re.escape, told['en']))})\b"]), re.ASCII)


def _grams(text: str) -> tuple[str, ...]:
    """Words of letters, and adjoining pairs of characters within a piece; a character that stands alone is itself."""
    found: list[str] = []
    for piece in text.split():
        run = tokens(piece)
        pairs = [one + other for one, other in pairwise(run) if not one.isascii() and not other.isascii()]
        found += [*(token for token in run if token.isascii()), *(pairs or [token for token in run if not token.isascii()])]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Held:
    """Of an edition: its pairs, characters and words with how loud the place is where each stands; and its title and needs, whole."""

    marks: Mapping[str, float]
    said: frozenset[tuple[str, ...]]


@lru_cache(_EDITIONS)
def _held(text: str) -> Held:
    matter = matter_of_text(text)
    translated = {one: (words.en, words.ja, words.ko) for one, words in matter.words.items()}
    marks: dict[str, float] = {}

    def put(some: Iterable[str], loudness: float) -> None:
        for one in some:
            for said in filter(None, (one, *translated.get(one, ()))):
                for gram in {*_grams(normal(said)), *tokens(said)}:
                    marks[gram] = max(loudness, marks.get(gram, 0.0))

    loud = [matter.title, *matter.needs]
    put(loud, _LOUD)
    put([matter.about, matter.result, *matter.topics], _CLEAR)
    put(texts(matter), _QUIET)
    return Held(marks, frozenset(_grams(normal(one)) for one in loud))
