"""Pages by key: a page begins after (or ends before) a row's place in the order, whatever was inserted meanwhile.

The order is one path and the primary key, so that no two rows have one place. Rows without a value stand last, in both directions.
They are a segment of their own with a query of its own: each query is a range of an index, on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import dropwhile
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Field, Model

from keheng.kernel.tables.table import Rows

# What sorting adds to a row where the path leads to another table.
_KEY = "table_key"


@dataclass(frozen=True, slots=True)
class Order:
    """Sorted by a path of the model, or by the key alone where it is ``pk``."""

    path: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its value of the path (None: it has none) and its key."""

    value: Any
    key: Any


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in their order, and whether there are rows before and after them."""

    rows: list[Any]
    first: Place | None
    last: Place | None
    has_before: bool
    has_after: bool


@dataclass(frozen=True, slots=True)
class _Segment:
    """Rows with a value, or those without; ``sign`` is the direction it is walked in."""

    order: Order
    valued: bool
    nullable: bool

    def ranges(self, rows: Rows, beyond: Place | None) -> Iterator[Rows]:
        """Its rows beyond a place: first those with the same value, by key, then those with values beyond it.

        Asked for as one, ``(path, key) > (value, key)``, they would be one range of an index too; but how many they are PostgreSQL reckons
        by the value alone, and where most rows share one it thinks that there are none.
        """
        sign = "-" if self.order.descending else ""
        compare = "lt" if self.order.descending else "gt"
        if self.order.path == "pk" or not self.valued:
            if not self.valued:
                rows = rows.filter(**{f"{self.order.path}__isnull": True})
            yield (rows.filter(**{f"pk__{compare}": beyond.key}) if beyond else rows).order_by(f"{sign}pk")
            return
        if beyond is not None:
            yield rows.filter(**{self.order.path: beyond.value, f"pk__{compare}": beyond.key}).order_by(f"{sign}pk")
            rows = rows.filter(**{f"{self.order.path}__{compare}": beyond.value})
        elif self.nullable:
            rows = rows.filter(**{f"{self.order.path}__isnull": False})
        yield rows.order_by(f"{sign}{self.order.path}", f"{sign}pk")


def page_of(rows: Rows, order: Order, size: int, *, after: Place | None = None, before: Place | None = None) -> Page:
    """A page of at most ``size`` rows; a place with nothing beyond it gives the first page."""
    rows = _with_key(rows, order)
    if before is not None:
        found = _take(rows, order, size, before, backwards=True)
        if len(found) > size:
            return _page(list(reversed(found[:size])), order, has_before=True, has_after=True)
        # Nothing stands before these: the first page, filled up.
        after = None
    found = _take(rows, order, size, after, backwards=False)
    if not found and after is not None:
        return page_of(rows, order, size)
    return _page(found[:size], order, has_before=after is not None, has_after=len(found) > size)


def place_of(row: Any, order: Order) -> Place:
    """Where a row of a page stands."""
    if order.path == "pk":
        return Place(None, row.pk)
    return Place(getattr(row, _KEY) if hasattr(row, _KEY) else getattr(row, order.path), row.pk)


def _page(rows: list[Any], order: Order, *, has_before: bool, has_after: bool) -> Page:
    first, last = (place_of(rows[0], order), place_of(rows[-1], order)) if rows else (None, None)
    return Page(rows, first, last, has_before, has_after)


def _take(rows: Rows, order: Order, size: int, start: Place | None, *, backwards: bool) -> list[Any]:
    """One row more than a page from a place on, so that it is known whether more follow."""
    segments = list(_segments(rows, order, backwards=backwards))
    if start is not None:
        # What lies before the place's own segment is past.
        valued = order.path == "pk" or start.value is not None
        segments = list(dropwhile(lambda segment: segment.valued != valued, segments))
    found: list[Any] = []
    for segment in segments:
        for some in segment.ranges(rows, start):
            found.extend(some[: size + 1 - len(found)])
            if len(found) > size:
                return found
        start = None
    return found


def _segments(rows: Rows, order: Order, *, backwards: bool) -> Iterator[_Segment]:
    walked = replace(order, descending=order.descending != backwards)
    nullable = order.path != "pk" and _nullable(rows.model, order.path)
    valued = [_Segment(walked, valued=True, nullable=nullable)]
    all_of_them = [*valued, _Segment(walked, valued=False, nullable=True)] if nullable else valued
    yield from reversed(all_of_them) if backwards else all_of_them


def _fields(model: type[Model], path: str) -> list[Field[Any, Any]]:
    """The fields along a path; none where it names something computed."""
    found: list[Field[Any, Any]] = []
    at: Any = model
    try:
        for part in path.split("__"):
            found.append(at._meta.get_field(part))  # noqa: SLF001 -- Django's public name for what a model is
            at = found[-1].related_model
    except FieldDoesNotExist:
        return []
    return found


def _nullable(model: type[Model], path: str) -> bool:
    """Whether rows may be without a value; of what is computed it is assumed."""
    fields = _fields(model, path)
    return not fields or any(getattr(field, "null", True) for field in fields)


def _with_key(rows: Rows, order: Order) -> Rows:
    """The rows with their value where it stands in another table."""
    return rows.annotate(**{_KEY: F(order.path)}) if "__" in order.path and _KEY not in rows.query.annotations else rows


def write_cursor(place: Place, order: Order, salt: str) -> str:
    """A place as text for an address, signed: nobody else can make one."""
    return signing.dumps([order.path, order.descending, _coded(place.value), _coded(place.key)], salt=f"keheng.tables.{salt}")


def read_cursor(text: str, order: Order, salt: str) -> Place | None:
    """The place, None for anything that was not written for this order."""
    try:
        path, descending, value, key = signing.loads(text, salt=f"keheng.tables.{salt}")
    except (signing.BadSignature, ValueError):
        return None
    return Place(_decoded(value), _decoded(key)) if (path, descending) == (order.path, order.descending) else None


_CODED: dict[str, tuple[type, Any]] = {
    "time": (datetime, datetime.fromisoformat),
    "date": (date, date.fromisoformat),
    "decimal": (Decimal, Decimal),
    "uuid": (UUID, UUID),
}


def _coded(value: Any) -> Any:
    """What JSON does not know is written with its type."""
    for name, (kind, _) in _CODED.items():
        if isinstance(value, kind):
            return {name: value.isoformat() if isinstance(value, date) else str(value)}
    return value


def _decoded(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((name, text),) = value.items()
    return _CODED[name][1](text)
