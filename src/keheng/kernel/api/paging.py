"""Pages by key: the cursor holds the last key seen, so that rows that come and go neither repeat nor hide others."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Query, Schema
from pydantic import Field

from keheng.kernel.api.limits import limits
from keheng.kernel.errors import Refused, problem

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


def _write(key: int) -> str:
    return base64.urlsafe_b64encode(f"k{key}".encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        text = ""
    number = text.removeprefix("k")
    if not (text.startswith("k") and number.isascii() and number.isdecimal() and len(number) < 19 and _write(int(number)) == cursor):  # noqa: PLR2004 -- digits of the largest key
        raise Refused(problem("API_CURSOR", "cursor"))
    return int(number)
