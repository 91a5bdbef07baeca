"""Prices of a case against a dated price book, and its quotes against each other: hints with their figures, never a verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pypdfium2
from django.utils.timezone import localdate

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.uploads.receiving import store
from keheng.matters.service import Loaded, Quotes, material_files
from keheng.review.rules.prices import Known, book_of, standings
from keheng.review.rules.quotes import Hint, Line, Quote, collusion_hints

_FEN_A_YUAN = 100
# From here on a price is marked: two scales of its item above the median (rules/prices.py).
MARKED = 2.0


@dataclass(frozen=True, slots=True)
class Book:
    """A price book: since when it counts, where its prices are from, whether that was confirmed, and what it knows by item."""

    name: str
    since: date
    source: str
    confirmed: bool
    known: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class Priced:
    """A line of a budget: its price, the lowest quote for it, both in fen, and where it stands in the book."""

    item: str
    kind: str
    fen: int
    lowest: int | None
    known: Known | None
    z: float | None

    @property
    def dear(self) -> bool:
        """Whether it stands out upwards."""
        return self.z is not None and self.z > MARKED


@dataclass(frozen=True, slots=True)
class Market:
    """What a reviewer of prices sees of a case."""

    book: Book | None
    lines: tuple[Priced, ...]
    suppliers: tuple[str, ...]
    hints: tuple[Hint, ...]

    @property
    def dear(self) -> int:
        """How many lines stand out."""
        return sum(one.dear for one in self.lines)


@cache
def books() -> tuple[Book, ...]:
    """All price books, by name and the latest first."""
    found = [_read(json.loads(path.read_text(encoding="utf-8"))) for path in (definitions_folder("review") / "prices").glob("*.json")]
    return tuple(sorted(found, key=lambda one: (one.name, -one.since.toordinal())))


def _read(content: Mapping[str, Any]) -> Book:
    prices = [(item, int(yuan) * _FEN_A_YUAN) for item, some in content["prices"].items() for yuan in some]
    return Book(content["book"], date.fromisoformat(content["since"]), content["source"], bool(content["confirmed"]), book_of(prices))


def book_on(name: str, day: date) -> Book | None:
    """The book of that name that counts on a day; None when none does."""
    return next((one for one in books() if one.name == name and one.since <= day), None)


def market_of(one: Loaded) -> Market | None:
    """The prices and quotes of a case; None for a matter whose file names none."""
    asked = one.matter.market
    if asked is None:
        return None
    day = localdate(one.case.submitted_at) if one.case.submitted_at is not None else localdate()
    book = book_on(asked.prices.book, day)
    budget = _rows(one, asked.prices.table)
    # An item is known by its place in the budget: whoever quotes in the order of the request shows nothing by it.
    places = {str(row.get(asked.prices.item, "")): f"{number:03}" for number, row in enumerate(budget)}
    quotes = _quotes(one, asked.quotes, places)
    lowest: dict[str, int] = {}
    for line in (line for quote in quotes for line in quote.lines if line.fen > 0):
        lowest[line.item] = min(line.fen, lowest.get(line.item, line.fen))
    lines = []
    for row in budget:
        fen, kind, item = _fen(row.get(asked.prices.price)), str(row.get(asked.prices.kind, "")), str(row.get(asked.prices.item, ""))
        standing = standings([(kind, fen)], book.known if book is not None else {})[0]
        lines.append(Priced(item, kind, fen, lowest.get(places[item]), standing.known, standing.z))
    hints = [*collusion_hints(quotes), *_same_authors(one, asked.quotes.files)]
    return Market(book, tuple(lines), tuple(quote.supplier for quote in quotes), tuple(hints))


def _rows(one: Loaded, table: str) -> list[Mapping[str, Any]]:
    found = one.at.answers.get(table)
    return found if isinstance(found, list) else []


def _fen(value: Any) -> int:
    return value if type(value) is int else 0


def _quotes(one: Loaded, names: Quotes, places: Mapping[str, str]) -> list[Quote]:
    addresses = {str(row.get(names.supplier, "")): str(row.get(names.address, "")) for row in _rows(one, names.suppliers)}
    lines: dict[str, list[Line]] = {}
    for row in _rows(one, names.table):
        item = str(row.get(names.item, ""))
        line = Line(places.get(item, item), str(row.get(names.said) or item), _fen(row.get(names.price)))
        lines.setdefault(str(row.get(names.supplier, "")), []).append(line)
    return [Quote(supplier, some, address=addresses.get(supplier, "")) for supplier, some in lines.items()]


def _same_authors(one: Loaded, material: str) -> list[Hint]:
    """Scans of quotes that name the same author or maker in their files."""
    found: list[Hint] = []
    seen: dict[str, str] = {}
    for name, digest in material_files(one, material):
        author = _author(digest)
        if author and author in seen:
            found.append(Hint("author", seen[author], name, f"两份询价单的文件作者都是“{author}”"))
        elif author:
            seen[author] = name
    return found


def _author(digest: str) -> str:
    """The author that a PDF names; '' for none, and for what is no sound PDF."""
    try:
        document = pypdfium2.PdfDocument(store().path(digest))
    except (pypdfium2.PdfiumError, OSError):
        return ""
    try:
        return str(document.get_metadata_value("Author")).strip()
    finally:
        document.close()
