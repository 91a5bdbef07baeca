"""Word lists as patterns."""

from __future__ import annotations

import re
from functools import cache

from keheng.appraisal.definitions import load_definition


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One pattern that finds any word of a list in ``vocabulary.json``, longer words first."""
    words = sorted(load_definition("vocabulary.json")[name], key=len, reverse=True)
    return re.compile("|".join(words))


@cache
def words(name: str) -> frozenset[str]:
    """A list of ``vocabulary.json`` as a set."""
    return frozenset(load_definition("vocabulary.json")[name])
