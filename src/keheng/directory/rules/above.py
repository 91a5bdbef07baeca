"""Everything that stands above a unit, through any number of steps."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

# All that an edge leads to from below, the start included; ``UNION`` without ``ALL`` ends also where the data has a circle.
UP = "up(id) AS (SELECT CAST(%s AS bigint) UNION SELECT edge.upper FROM up JOIN edge ON edge.lower = up.id)"
_BY_PARENT = "WITH RECURSIVE edge(lower, upper) AS (SELECT id, parent_id FROM directory_organisation WHERE parent_id IS NOT NULL), "
_BY_CONTROL = (
    "WITH RECURSIVE edge(lower, upper) AS (SELECT controlled_id, owner_id FROM directory_control "
    "WHERE since < %s AND (until IS NULL OR until > %s)), "
)


def above_by_parent(organisation: int) -> frozenset[int]:
    """The organisation and everything above it by parents."""
    return _ids(_BY_PARENT, [organisation])


def above_by_control(organisation: int, since: date, until: date | None) -> frozenset[int]:
    """The organisation and everything that holds it, at any remove and with any share, within a span of days."""
    begin, end = (connection.ops.adapt_datefield_value(day) for day in (since, until or date.max))
    return _ids(_BY_CONTROL, [end, begin, organisation])


def _ids(edges: str, values: list[Any]) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"{edges}{UP} SELECT id FROM up", values)  # noqa: S608 -- constants of this module alone
        return frozenset(number for (number,) in cursor.fetchall())
