"""Why who must not sit where, written down when the pool is fixed: the draw, its published sheet and the list of reasons rest on it."""

from __future__ import annotations

from keheng.review.models import Bar, Round
from keheng.review.queries.avoiding import all_bars
from keheng.review.queries.pools import panel_of


def write_bars(row: Round) -> None:
    """Keep every reason there is on this day; part of the act around it."""
    entries = list(row.entries.filter(withdrawn_at=None).order_by("pk"))
    Bar.objects.bulk_create(all_bars(row, panel_of(row), entries))
    # What applicants wrote has done its work: names of people are not kept twice.
    row.entries.exclude(unwanted=[]).update(unwanted=[])
