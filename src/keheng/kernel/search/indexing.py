"""Publishing to the search: within the caller's transaction, so that a record and what is found of it change together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b

from django.db import transaction
from django.db.models import QuerySet

from keheng.kernel.chinese_text import tokens
from keheng.kernel.search.backends import Words, backend
from keheng.kernel.search.documents import Document
from keheng.kernel.search.models import LONGEST_TITLE, Entry, Shelf

_AT_ONCE = 1000
_FIELDS = ["audience", "unit", "district", "weight", "url", "title", "body"]


def index(documents: Iterable[Document]) -> int:
    """Publish documents, replacing what was published under the same kind and ref; how many. The last of equal names counts."""
    # In one order, so that two who publish the same records at once wait for each other and never both.
    wanted = sorted({(one.kind, one.ref): one for one in documents}.values(), key=lambda one: (one.kind, one.ref))
    with transaction.atomic():
        shelves = _shelves(sorted({one.facets_text() for one in wanted}))
        for begin in range(0, len(wanted), _AT_ONCE):
            _publish(wanted[begin : begin + _AT_ONCE], shelves)
    return len(wanted)


def remove(kind: str, refs: Iterable[str]) -> int:
    """Take records of a kind out of the search; how many there were."""
    return _erase(Entry.objects.filter(kind=kind, ref__in=sorted(set(refs))))


def remove_kind(kind: str) -> int:
    """Take all records of a kind out of the search, before they are published anew; how many there were."""
    return _erase(Entry.objects.filter(kind=kind))


def _shelves(facets: list[str]) -> Mapping[str, int]:
    """The shelf of each combination of facets, made where there is none."""
    digests = {blake2b(text.encode("utf-8", "replace"), digest_size=20).hexdigest(): text for text in facets}
    found: dict[str, int] = {}
    for some in _batches(sorted(digests)):
        Shelf.objects.bulk_create([Shelf(digest=one, facets=digests[one]) for one in some], ignore_conflicts=True)
        found.update((digests[digest], number) for digest, number in Shelf.objects.filter(digest__in=some).values_list("digest", "id"))
    return found


def _publish(documents: list[Document], shelves: Mapping[str, int]) -> None:
    entries = [
        Entry(
            kind=one.kind, ref=one.ref, audience=one.audience, unit=one.unit, district=one.district, weight=one.weight,
            url=one.url, title=_storable(one.title)[:LONGEST_TITLE], body=_storable(one.body),
        )
        for one in documents
    ]  # fmt: skip
    Entry.objects.bulk_create(entries, update_conflicts=True, unique_fields=["kind", "ref"], update_fields=_FIELDS)
    # Rows that were there keep their numbers, which bulk_create does not tell on every database.
    ids = {
        (kind, ref): number
        for kind, ref, number in Entry.objects.filter(kind__in={one.kind for one in documents}, ref__in=[one.ref for one in documents])
        .values_list("kind", "ref", "id")
    }  # fmt: skip
    words = [
        Words(ids[entry.kind, entry.ref], shelves[one.facets_text()], tokens(entry.title)[:LONGEST_TITLE], tokens(entry.body), one.marks())
        for entry, one in zip(entries, documents, strict=True)
    ]
    backend().erase([one.entry for one in words])
    backend().write(words)


def _erase(entries: QuerySet[Entry]) -> int:
    with transaction.atomic():
        # Locked before the words go, as publishing does: who publishes the same record at once waits or begins after.
        ids = list(entries.order_by("kind", "ref").select_for_update().values_list("id", flat=True))
        for begin in range(0, len(ids), _AT_ONCE):
            some = ids[begin : begin + _AT_ONCE]
            backend().erase(some)
            Entry.objects.filter(pk__in=some).delete()
        return len(ids)


def _batches(texts: list[str]) -> Iterator[list[str]]:
    yield from (texts[begin : begin + _AT_ONCE] for begin in range(0, len(texts), _AT_ONCE))


def _storable(text: str) -> str:
    """A text without what no database keeps, NUL and halves of surrogate pairs; they part words here as they do in a question."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()
