"""Guides are put where the site's search finds them; those that are no longer in force are taken out."""

from __future__ import annotations

from django.utils.timezone import localdate

from keheng.kernel.search.indexing import index, remove
from keheng.matters.queries.guides import KIND, documents, refs
from keheng.matters.rules.files.shelf import shelf


def publish_guides() -> int:
    """Index every guide in force, in each of its languages; how many. It changes no record, so it leaves no entry on the trail."""
    found = list(documents(localdate()))
    gone = {ref for matter in shelf() for ref in refs(matter)} - {one.ref for one in found}
    if gone:
        remove(KIND, sorted(gone))
    index(found)
    return len(found)
