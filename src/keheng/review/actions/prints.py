"""Fingerprints of documents are kept for all years, so that later rounds are compared with earlier ones of any kind."""

from __future__ import annotations

from django.conf import settings

from keheng.review.models import Round
from keheng.review.rules.passages import prints_of
from keheng.review.rules.print_store import PrintStore

KEEP = "review.keep_prints"


def keep_prints(pk: int) -> None:
    """Keep those of a round, whose documents no longer change; doing it again changes nothing. They follow from rows: no entry is due."""
    row = Round.objects.get(pk=pk)
    PrintStore(settings.PRINTS_FOLDER).keep(row.opened_at.year, prints_of(row.entries.order_by("pk").values_list("pk", "document")))
