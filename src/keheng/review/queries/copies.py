"""Passages that entries of a round share with each other and with those of earlier rounds, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet

from keheng.review.enums import parameter
from keheng.review.models import CopyPair, CopySearch, Entry, Round
from keheng.review.rules.passages import alike, passages, prints_of
from keheng.review.rules.print_store import PrintStore

Piece = tuple[str, int]
_TELL_EVERY = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries and how much of the first is found in the second, in percent; ``earlier`` when the second is of another round."""

    one: Entry
    other: Entry
    percent: Decimal
    earlier: bool


def copied_pairs(row: Round, told: Callable[[int, int], None] = lambda _done, _total: None) -> list[Pair]:
    """Pairs of a round's entries, and of them with any kept earlier, that share passages; the most alike first.

    ``told`` hears how many documents were read, and of how many.
    """
    own = {one.pk: one for one in row.entries.order_by("pk")}
    new = prints_of((pk, one.document) for pk, one in _counted(own, told))
    found = alike(new, PrintStore(settings.PRINTS_FOLDER).like(new), least=float(parameter("copied_least")))
    older = Entry.objects.select_related("round").in_bulk({one.other for one in found} - own.keys())
    known = own | older
    return [
        Pair(known[one.text], known[one.other], Decimal(one.share * 100).quantize(Decimal(1)), one.other in older)
        for one in found
        if one.other in known
    ]


def _counted(own: Mapping[int, Entry], told: Callable[[int, int], None]) -> Iterator[tuple[int, Entry]]:
    for number, pair in enumerate(own.items(), 1):
        if number % _TELL_EVERY == 0 or number == len(own):
            told(number, len(own))
        yield pair


def pairs_of(search: CopySearch) -> QuerySet[CopyPair]:
    """What a search found, the most alike first."""
    rows = search.pairs.select_related("one", "other__round").defer("one__document", "other__document", "other__round__rubric")
    return rows.order_by("-percent", "pk")


def passages_between(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces with the number of the passage each belongs to, 0 for none."""
    found = passages(one, other)
    mine = [(passage.begin, passage.end, number) for number, passage in enumerate(found, 1)]
    theirs = [(passage.other_begin, passage.other_end, number) for number, passage in enumerate(found, 1)]
    return _pieces(one, mine), _pieces(other, theirs)


def _pieces(text: str, marked: list[tuple[int, int, int]]) -> list[Piece]:
    """In the order of the text; where two passages overlap the first one stands."""
    found: list[Piece] = []
    at = 0
    for begin, end, number in sorted(marked):
        start = max(at, begin)
        if start < end:
            found += [(text[at:start], 0), (text[start:end], number)]
            at = end
    return [piece for piece in [*found, (text[at:], 0)] if piece[0]]
