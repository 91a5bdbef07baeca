"""What SQLite knows of how values are spread in its tables, found out anew every night; PostgreSQL does so by itself.

Without it SQLite guesses: among a million rows some pages of lists then took 1 to 5 s that take 20 to 140 ms (decision 0013).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection

from keheng.kernel.jobs.registry import every, job


@job("site.statistics", atomic=False)
def renew_statistics(_payload: Mapping[str, Any]) -> None:
    """Read every table's indexes, one table after the other: whoever writes waits for one of them at most, 5 s at a million rows."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


every(timedelta(days=1), "site.statistics")
