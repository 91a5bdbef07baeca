"""What was typed, as something an index can be asked.

A question is a list of clauses that must all hold; a clause holds when one of its ways of saying it (the word typed, or its
aliases) is found; a way is a list of phrases that must all occur, each within the title or within the body.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keheng.kernel.chinese_text import fts5_query
from keheng.kernel.search.aliases import aliases, normal

# A search box is no place for essays; the parts of long texts overlap by more than this, so that no phrase is cut in two.
LONGEST_QUESTION = 100
LONGEST_PHRASE = 120
_MOST_WAYS = 24


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens one after the other; with ``prefix`` the last (the only) one may go on."""

    tokens: tuple[str, ...]
    prefix: bool


Way = tuple[Phrase, ...]
Clause = tuple[Way, ...]
# Pieces of a text, each with the ways to say it, the one typed first.
Chunk = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """All clauses, and which words were also searched under other names: (word typed, its other names)."""

    clauses: tuple[Clause, ...]
    aliases_used: tuple[tuple[str, tuple[str, ...]], ...]

    def phrases(self) -> list[Phrase]:
        """Every phrase of every way."""
        return [phrase for clause in self.clauses for way in clause for phrase in way]


def question(text: str) -> Question:
    """What a text asks; no clauses when it holds no words. Of the text 100 characters count."""
    used: dict[str, tuple[str, ...]] = {}
    chunks = list(_chunks(normal(text)[:LONGEST_QUESTION], used))
    # The last word in ASCII may still be being typed.
    latin = [place for place, chunk in enumerate(chunks) if fts5_query(_joined(piece[0] for piece in chunk)).count("*")]
    clauses = (_clause(chunk, typing=[place] == latin[-1:]) for place, chunk in enumerate(chunks))
    return Question(tuple(clause for clause in clauses if clause), tuple(used.items()))


def _chunks(text: str, used: dict[str, tuple[str, ...]]) -> Iterator[Chunk]:
    """Stretches that are phrases of their own; ``used`` gathers the words with other names."""
    known, chunk, place = aliases(), Chunk(), 0
    for match in known.pattern.finditer(text):
        chunk.append((text[place : match.start()],))
        place = match.end()
        if match["blank"]:
            yield chunk
            chunk = Chunk()
        else:
            word = " ".join(match.group().split())
            others = tuple(other for other in known.groups[word] if other != word)
            # A Latin word never was one phrase with its neighbours: its other names are not either.
            if _latin(word[0]):
                yield chunk
                chunk = Chunk()
            chunk.append((word, *others))
            if _latin(word[-1]):
                yield chunk
                chunk = Chunk()
            if others:
                used[word] = others
    yield [*chunk, (text[place:],)]


def _clause(chunk: Chunk, *, typing: bool) -> Clause:
    """All ways to say a chunk. Where they are too many, only the first pieces are said in other words."""
    options = list(chunk)
    while math.prod(len(piece) for piece in options) > _MOST_WAYS:
        last = max(place for place, piece in enumerate(options) if len(piece) > 1)
        options[last] = options[last][:1]
    ways = list[Way]()
    for number, pieces in enumerate(itertools.product(*options)):
        way = _way(_joined(pieces), typing=typing and number == 0)
        if way and way not in ways and all(len(phrase.tokens) <= LONGEST_PHRASE for phrase in way):
            ways.append(way)
    return tuple(way for way in ways if not any(_follows(way, other) for other in ways))


def _follows(way: Way, other: Way) -> bool:
    """Whether texts with one phrase are always found by another, shorter one: it need not be asked for."""
    if len(way) > 1 or len(other) > 1 or other[0].prefix or len(other[0].tokens) >= len(way[0].tokens):
        return False
    long, short = way[0].tokens, other[0].tokens
    return any(long[begin : begin + len(short)] == short for begin in range(len(long) - len(short) + 1))


def _joined(pieces: Iterable[str]) -> str:
    """Pieces as one text; two Latin words put side by side stay two."""
    text = ""
    for piece in pieces:
        glue = " " if text and piece and _latin(text[-1]) and _latin(piece[0]) else ""
        text += glue + piece
    return text


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _way(text: str, *, typing: bool) -> Way:
    """The phrases of a text, as the index is asked for them."""
    written = [piece for piece in fts5_query(text).split(" AND ") if piece]
    return tuple(Phrase(tuple(piece.rstrip("*").strip('"').split(" ")), typing and piece.endswith("*")) for piece in written)
