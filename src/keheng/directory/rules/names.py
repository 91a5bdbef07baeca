"""Names as they are searched and compared: the same organisation is written in many ways."""

from __future__ import annotations

import json
import re
import unicodedata
from difflib import SequenceMatcher
from functools import cache

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.latin import unmarked

_NO_WORD = re.compile(r"[\W_]+")
_SHORTEST_CORE = 2
# From this likeness on, two cores in one district are worth a question: one character of eight may differ.
LIKE = 0.85


@cache
def _parts() -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    data = json.loads((definitions_folder("directory") / "names.json").read_text(encoding="utf-8"))
    longest_first = sorted(data["suffixes"], key=len, reverse=True)
    return tuple(data["prefixes"]), tuple(longest_first), tuple(data["variants"].items())


def plain(name: str) -> str:
    """A name as it is searched: half width, lower case, without blanks, brackets and other signs, Latin letters without marks."""
    return _NO_WORD.sub("", unmarked(unicodedata.normalize("NFKC", name).lower()))


def core(name: str) -> str:
    """What is left for finding doubles: the plain name without the city, its legal form and words that are used for each other.

    A name that consists of nothing else stays as it is.
    """
    prefixes, suffixes, variants = _parts()
    whole = left = plain(name)
    for prefix in prefixes:
        left = left.replace(prefix, "", 1)
    for suffix in suffixes:
        if left.endswith(suffix):
            left = left.removesuffix(suffix)
            break
    for word, other in variants:
        left = left.replace(word, other)
    return left if len(left) >= _SHORTEST_CORE else whole


def alike(one: str, other: str) -> bool:
    """Whether two cores are so near to each other that one of them may be a slip of the pen."""
    return one == other or SequenceMatcher(None, one, other, autojunk=False).ratio() >= LIKE
