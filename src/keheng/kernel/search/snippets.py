"""Titles and stretches of texts with what was asked marked: escaped, made from the source text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from keheng.kernel.latin import is_mark, unmarked
from keheng.kernel.search.asking import Phrase

_LENGTH = 120
_BEFORE = 30
# Texts that must be compared character by character are looked at so far.
_FOLDED = 100_000
_BETWEEN = r"[\W_]*"
_WORD = "0-9a-zµß-öø-ʯͰ-ӿ"
_NOT_AFTER_WORD, _NOT_BEFORE_WORD = f"(?<![{_WORD}])", f"(?![{_WORD}])"


def marked(text: str, phrases: Collection[Phrase]) -> SafeString:
    """The whole text with every phrase marked."""
    return _with_marks(text, list(_spans(text, phrases)))


def snippet(text: str, phrases: Collection[Phrase]) -> SafeString:
    """About 120 characters of a text around the first phrase found in it; its beginning when none is."""
    spans = list(_spans(text, phrases))
    begin = max(0, spans[0][0] - _BEFORE) if spans else 0
    end = min(len(text), max(begin + _LENGTH, spans[0][1] if spans else 0))
    inside = [(a - begin, b - begin) for a, b in spans if b <= end]
    cut = "".join(character if character.isprintable() else " " for character in text[begin:end])
    return mark_safe(("…" if begin else "") + _with_marks(cut, inside) + ("…" if end < len(text) else ""))  # noqa: S308 -- escaped below


def _with_marks(text: str, spans: list[tuple[int, int]]) -> SafeString:
    pieces, place = [], 0
    for begin, end in spans:
        pieces += [escape(text[place:begin]), "<mark>", escape(text[begin:end]), "</mark>"]
        place = end
    return mark_safe("".join([*pieces, escape(text[place:])]))  # noqa: S308 -- every piece of the text is escaped


def _spans(text: str, phrases: Collection[Phrase]) -> Iterator[tuple[int, int]]:
    """Where phrases stand in a text, in order, none over another."""
    if not phrases:
        return
    folded, places = _folded(text)
    pattern = re.compile("|".join(_pattern(phrase) for phrase in sorted(phrases, key=lambda one: len(one.tokens), reverse=True)))
    for match in pattern.finditer(folded):
        if places is None:
            yield match.span()
        else:
            # To where the next character begins: marks that stand alone go with theirs.
            following = places[match.end()] if match.end() < len(places) else min(len(text), _FOLDED)
            yield places[match.start()], max(places[match.end() - 1] + 1, following)


def _folded(text: str) -> tuple[str, list[int] | None]:
    """The text as words are compared, with the place of each of its characters in the source; None when they are the same."""
    lower = text.lower()
    if len(lower) == len(text) and unicodedata.is_normalized("NFKC", text) and len(plain := unmarked(lower)) == len(text):
        return plain, None
    folded, places = list[str](), list[int]()
    for place, character in enumerate(text[:_FOLDED]):
        forms = _form(character)
        # A mark that stands alone goes with the Latin letter before it.
        if is_mark(forms[0]) and folded and unmarked(folded[-1][-1:] + forms) == folded[-1][-1:]:
            continue
        folded.append(forms)
        places += [place] * len(forms)
    return "".join(folded), places


@lru_cache(maxsize=20_000)
def _form(character: str) -> str:
    """A character as words are compared; kept, since a text in Chinese has few that differ and its commas are full-width."""
    return unmarked(unicodedata.normalize("NFKC", character).lower())


def _pattern(phrase: Phrase) -> str:
    pattern = _BETWEEN.join(map(re.escape, phrase.tokens))
    if re.match(f"[{_WORD}]", phrase.tokens[0]):
        pattern = _NOT_AFTER_WORD + pattern + (f"[{_WORD}]*" if phrase.prefix else _NOT_BEFORE_WORD)
    return pattern
