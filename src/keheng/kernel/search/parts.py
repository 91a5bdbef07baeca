"""Long texts in parts: PostgreSQL keeps positions up to 16,383, 256 of one word, and one megabyte.

Parts overlap by more than the longest phrase that can be asked, so that every phrase lies whole in one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from keheng.kernel.search.asking import LONGEST_PHRASE

_MOST_POSITIONS = 12_000
_MOST_OF_ONE = 250
_MOST_BYTES = 400_000
_BYTES_OF_POSITION = 2


def parts(tokens: list[str]) -> Iterator[list[str]]:
    """The tokens in overlapping parts that fit; one empty part for an empty text."""
    begin = 0
    while True:
        end = _fits(tokens, begin)
        yield tokens[begin:end]
        if end == len(tokens):
            return
        begin = end - LONGEST_PHRASE


def _fits(tokens: list[str], begin: int) -> int:
    """Where the part that begins there must end."""
    counts, weight = Counter[str](), 0
    last = min(len(tokens), begin + _MOST_POSITIONS)
    for place in range(begin, last):
        token = tokens[place]
        weight += _BYTES_OF_POSITION if token in counts else len(token.encode()) + 16
        counts[token] += 1
        if counts[token] > _MOST_OF_ONE or weight > _MOST_BYTES:
            return place
    return last
