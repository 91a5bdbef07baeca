"""Numbers in year-prefixed series without gaps: 受〔2026〕00012号 and the like."""

from __future__ import annotations

from django.db import connection

_DRAW = (
    "INSERT INTO kernel_series (code, year, last) VALUES (%s, %s, %s) "
    "ON CONFLICT (code, year) DO UPDATE SET last = kernel_series.last + excluded.last RETURNING last"
)


class NumberOutsideTransactionError(RuntimeError):
    """A number was drawn outside a transaction: if what it numbers fails, the number would be lost."""


def draw(series: str, year: int) -> int:
    """The next number of a series in a year, from 1, inside the caller's transaction. Raises NumberOutsideTransactionError."""
    return draw_many(series, year, 1)[0]


def draw_many(series: str, year: int, count: int) -> range:
    """The next numbers of a series, at least one, without a gap between them.

    One statement takes the row's lock, so that numbers are drawn one after the other; a transaction that is undone gives its
    number back. Raises NumberOutsideTransactionError.
    """
    if not connection.in_atomic_block:
        raise NumberOutsideTransactionError(f"{series}: draw numbers inside the transaction that uses them")
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [series, year, count])
        last = int(cursor.fetchone()[0])
    return range(last - count + 1, last + 1)


def written(series: str, year: int, number: int, digits: int = 5) -> str:
    """A number as people read and sort it: ``KH-2026-00012``."""
    return f"{series}-{year}-{number:0{digits}d}"
