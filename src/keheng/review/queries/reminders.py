"""Who was reminded when, beside the judges of a round."""

from __future__ import annotations

from django.db.models import prefetch_related_objects

from keheng.review.queries.results import JudgeLine


def with_reminders(lines: list[JudgeLine]) -> list[JudgeLine]:
    """The same lines of judges; the reminders of all of them are read at once."""
    prefetch_related_objects([line.panelist for line in lines], "reminders")
    return lines
