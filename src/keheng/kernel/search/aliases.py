"""Words that mean the same: a query with one of them finds the texts with any."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.latin import unmarked


@dataclass(frozen=True, slots=True)
class Aliases:
    """Groups of equal words by each of their words, and a pattern that finds the longest word first, and blanks."""

    groups: Mapping[str, tuple[str, ...]]
    pattern: re.Pattern[str]


@cache
def aliases() -> Aliases:
    """All groups of ``definitions/kernel/aliases.json``; raises ValueError when a word stands in two of them."""
    told = json.loads((definitions_folder("kernel") / "aliases.json").read_text(encoding="utf-8"))
    groups: dict[str, tuple[str, ...]] = {}
    for group in told["groups"]:
        words = tuple(normal(word) for word in group)
        for word in words:
            if word in groups:
                raise ValueError(f"aliases.json has twice: {word}")
            groups[word] = words
    # A word that only looks as if it held an alias is found as itself: it stands for nothing else.
    groups.update({normal(word): (normal(word),) for word in told["not_aliases"]})
    longest_first = sorted(groups, key=len, reverse=True)
    return Aliases(groups, re.compile("|".join([*map(_bounded, longest_first), r"(?P<blank>\s+)"])))


def normal(text: str) -> str:
    """A text as words are compared: NFKC, lower case, Latin letters without marks."""
    return unmarked(unicodedata.normalize("NFKC", text).lower())


def _bounded(word: str) -> str:
    """A pattern for a word; Latin letters and digits at its ends are the ends of a word of the text too."""
    before = "(?<![0-9a-z])" if word[0].isascii() else ""
    after = "(?![0-9a-z])" if word[-1].isascii() else ""
    return before + re.escape(word).replace(r"\ ", r"\s+") + after
