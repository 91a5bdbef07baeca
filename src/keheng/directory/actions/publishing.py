"""What of organisations the search holds: names by which they are and were known, their code. Only who sees them finds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse

from keheng.directory.enums import Status, districts, kinds
from keheng.directory.models import Organisation
from keheng.directory.queries.organisations import SEE, listed
from keheng.kernel.search.documents import Document
from keheng.kernel.search.indexing import index, remove

KIND = "organisation"


def publish(numbers: Iterable[int]) -> int:
    """Put organisations into the search as they are now, in the caller's transaction; merged ones leave it. How many are there."""
    rows = {one.pk: one for one in listed(Organisation.objects.filter(pk__in=list(numbers))).prefetch_related("names")}
    shown = {number: one for number, one in rows.items() if one.status != Status.MERGED}
    if gone := rows.keys() - shown.keys():
        remove(KIND, (str(number) for number in gone))
    return index(_documents(shown.values()))


def _documents(organisations: Iterable[Organisation]) -> Iterator[Document]:
    for one in organisations:
        others = [borne.name for borne in one.names.all() if borne.name != one.name]
        district, kind = districts().get(one.district, one.district), kinds()[one.kind].zh
        yield Document(
            KIND,
            str(one.pk),
            title=one.name,
            body=" ".join([one.credit_code or "", district, kind, *others]),
            url=reverse("directory:organisation", args=[one.pk]),
            audience=SEE,
            unit=one.pk,
            district=one.district,
            facets={"district": district, "organisation_kind": kind},
        )
