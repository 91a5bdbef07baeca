"""The index of words that each database offers, behind one protocol."""

from __future__ import annotations

from django.db import connection

from keheng.kernel.search.backends.postgresql import PostgresIndex
from keheng.kernel.search.backends.protocol import Asked, Index, Where, Words
from keheng.kernel.search.backends.sqlite import SqliteIndex

__all__ = ["Asked", "Index", "Where", "Words", "backend"]


def backend() -> Index:
    """The index of the database in use."""
    return PostgresIndex() if connection.vendor == "postgresql" else SqliteIndex()
