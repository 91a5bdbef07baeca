"""Pages by key: the cursor holds the last key seen, so that rows that come and go neither repeat nor hide others.

Rows without keys are paged by the last row itself: its cursor holds where it stood and what it said.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Query, Schema
from pydantic import Field

from keheng.kernel.api.limits import limits
from keheng.kernel.errors import Refused, problem
from keheng.kernel.trail.record import canonical

M = TypeVar("M", bound=Model)
Out = TypeVar("Out")
Cursor = Annotated[str, Query(max_length=60, description="`next` of the page before; empty for the first page")]
Limit = Annotated[int, Query(ge=1, le=limits()["largest_page"], description="Rows on a page")]
# Keys as the database can hold them; anything else is no key of a record.
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]


class Page(Schema, Generic[Out]):
    """A page of rows, and the cursor of the next; null on the last page."""

    items: list[Out]
    next: str | None


def page(rows: QuerySet[M], cursor: str, limit: int, shown: Callable[[M], Any]) -> dict[str, Any]:
    """The rows after the cursor, newest key first. Raises Refused for a cursor that was not given out."""
    rows = rows.order_by("-pk")
    if cursor:
        rows = rows.filter(pk__lt=_read(cursor))
    found = list(rows[: limit + 1])
    following = _write(found[limit - 1].pk) if len(found) > limit else None
    return {"items": [shown(one) for one in found[:limit]], "next": following}


def page_of_rows(rows: Callable[[], Iterable[Mapping[str, Any]]], cursor: str, limit: int) -> dict[str, Any]:
    """The rows after the one that the cursor tells, in their order; ``rows`` gives them anew each time it is called.

    Where rows came or went before it, it is looked for; raises Refused where it is gone, and for a cursor that was not given out.
    """
    passed, following = _after(rows, cursor) if cursor else (0, iter(rows()))
    found = [dict(one) for one in islice(following, limit + 1)]
    more = _coded(f"r{passed + limit}.{_mark(found[limit - 1])}") if len(found) > limit else None
    return {"items": found[:limit], "next": more}


def _after(rows: Callable[[], Iterable[Mapping[str, Any]]], cursor: str) -> tuple[int, Iterator[Mapping[str, Any]]]:
    """How many rows stand up to the one that the cursor tells, and those after it."""
    number, _, mark = _decoded(cursor).removeprefix("r").partition(".")
    if not (number.isascii() and number.isdecimal() and 0 < len(number) < 10 and _coded(f"r{number}.{mark}") == cursor):  # noqa: PLR2004 -- digits of a place
        raise Refused(problem("API_CURSOR", "cursor"))
    place, following = int(number), iter(rows())
    there = next(islice(following, max(place - 1, 0), None), None)
    if there is not None and _mark(there) == mark:
        return place, following
    following = iter(rows())
    for passed, row in enumerate(following, 1):
        if _mark(row) == mark:
            return passed, following
    raise Refused(problem("API_CURSOR", "cursor"))


def _mark(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(dict(row)).encode()).hexdigest()[:24]


def _coded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(cursor: str) -> str:
    """What a cursor says; '' for what is none."""
    try:
        return base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""


def _write(key: int) -> str:
    return _coded(f"k{key}")


def _read(cursor: str) -> int:
    text = _decoded(cursor)
    number = text.removeprefix("k")
    if not (text.startswith("k") and number.isascii() and number.isdecimal() and len(number) < 19 and _write(int(number)) == cursor):  # noqa: PLR2004 -- digits of the largest key
        raise Refused(problem("API_CURSOR", "cursor"))
    return int(number)
