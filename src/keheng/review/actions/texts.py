"""Texts of all cases are compared with those of all years and matters, by a job: a text is compared once, when it is new.

First the rows are noted, then documents are read and fingerprints kept, which may take long and holds no transaction; what was found
is written last. A run that breaks off leaves rows without ``compared_at``, and the next one goes on from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localtime, now

from keheng.matters.service import Case, HeldText, cases_to_compare, oldest_of, texts_of
from keheng.review.enums import parameter
from keheng.review.models import CopyHit, KeptCase, KeptText
from keheng.review.queries.words import words_of
from keheng.review.rules.passages import Likeness, Prints, alike, merged, plain, prints_of
from keheng.review.rules.print_store import PrintStore

KEEP_TEXTS, SWEEP_TEXTS = "review.keep_texts", "review.sweep_texts"
_AT_ONCE = 2_000
_BATCH = 500


def case_prints() -> PrintStore:
    """Fingerprints of cases: their numbers are those of ``KeptText``."""
    return PrintStore(settings.PRINTS_FOLDER / "cases")


def keep_texts() -> int:
    """Compare what is new or was changed since the last run; how many cases were read. They follow from rows: no entry is due."""
    store = case_prints()
    _compare_lost_years_again(store)
    read = after = 0
    while cases := list(_waiting().filter(pk__gt=after)[:_AT_ONCE]):
        _compare(store, cases)
        read, after = read + len(cases), cases[-1].pk
    return read


def _waiting() -> QuerySet[Case]:
    """Cases whose texts were not compared as they are now, the oldest first."""
    compared = KeptCase.objects.filter(case=OuterRef("pk"), version=OuterRef("version"))
    return cases_to_compare().filter(~Exists(compared)).defer("private", "marks").order_by("pk")


def _compare_lost_years_again(store: PrintStore) -> None:
    """Years whose file is gone, as after a restore without it, are made anew from the texts."""
    lost = set(KeptCase.objects.values_list("year", flat=True).distinct()) - set(store.years())
    if lost:
        with transaction.atomic():
            KeptText.objects.filter(kept__year__in=lost).update(compared_at=None)
            KeptCase.objects.filter(year__in=lost).update(version=None)


def _compare(store: PrintStore, cases: Sequence[Case]) -> None:
    fresh, gone = _note(cases)
    store.forget(gone)
    parts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for text, held in fresh:
        words = words_of(held)
        # What is shorter says the same by chance.
        counted = words if len(plain(words)) >= int(parameter("copied_shortest")) else ""
        parts[text.kept.year].append((text.pk, counted))
    kept: list[Prints] = []
    for year, texts in sorted(parts.items()):
        kept.append(prints_of(texts))
        store.keep(year, kept[-1])
    new = merged(kept) if kept else prints_of([])
    found = alike(new, store.like(new), least=float(parameter("copied_least")))
    _write(cases, [text for text, _ in fresh], found)


@transaction.atomic
def _note(cases: Sequence[Case]) -> tuple[list[tuple[KeptText, HeldText]], list[int]]:
    """Rows of the cases and their texts; those that are to be compared, and the numbers of texts that are there no longer."""
    tops, moment = oldest_of(cases), now()
    rows = [
        KeptCase(case=case, family=tops[case.pk], year=localtime(case.submitted_at).year, version=None, at=moment) for case in cases
    ]  # fmt: skip
    KeptCase.objects.bulk_create(rows, _BATCH, update_conflicts=True, unique_fields=["case"], update_fields=["family", "version", "at"])
    kept = {row.case_id: row for row in KeptCase.objects.filter(case__in=cases)}
    held = {(kept[case.pk].pk, one.place): one for case, texts in texts_of(cases) for one in texts}
    known = {(row.kept_id, row.place): row for row in KeptText.objects.filter(kept__in=kept.values()).select_related("kept")}
    gone = [row.pk for key, row in known.items() if key not in held or held[key].digest != row.digest]
    KeptText.objects.filter(pk__in=gone).delete()
    stay = {key: row for key, row in known.items() if row.pk not in set(gone)}
    of_kept = {row.pk: row for row in kept.values()}
    made = [
        KeptText(kept=of_kept[number], place=place, label=one.label, digest=one.digest)
        for (number, place), one in held.items()
        if (number, place) not in stay
    ]
    KeptText.objects.bulk_create(made, _BATCH)
    waiting = [*made, *(row for row in stay.values() if row.compared_at is None)]
    return [(row, held[row.kept_id, row.place]) for row in waiting], gone


@transaction.atomic
def _write(cases: Sequence[Case], texts: Sequence[KeptText], found: Iterable[Likeness]) -> None:
    """What was found, but for texts of one family; then the cases are done with, as they were when they were read."""
    pairs = list(found)
    known = KeptText.objects.select_related("kept").in_bulk({number for pair in pairs for number in (pair.text, pair.other)})
    matters = dict(KeptText.objects.filter(pk__in=known).values_list("pk", "kept__case__matter"))
    hits = [
        CopyHit(one=known[pair.text], other=known[pair.other], percent=int(pair.share * 100), matter=matters[pair.text])
        for pair in pairs
        if pair.text in known and pair.other in known and known[pair.text].kept.family != known[pair.other].kept.family
    ]
    # After a year was made anew its pairs are found again.
    CopyHit.objects.bulk_create(hits, _BATCH, ignore_conflicts=True)
    KeptText.objects.filter(pk__in=[text.pk for text in texts]).update(compared_at=now())
    done = list(KeptCase.objects.filter(case__in=cases))
    versions = {case.pk: case.version for case in cases}
    for row in done:
        row.version = versions[row.case_id]
    KeptCase.objects.bulk_update(done, ["version"], _BATCH)


def forget_texts(*, case: int) -> int:
    """Leave a case out of the index, as when its archive was destroyed; how many texts that were. Safe to be called again."""
    rows = list(KeptText.objects.filter(kept__case=case).values_list("pk", flat=True))
    KeptCase.objects.filter(case=case).delete()
    case_prints().forget(rows)
    return len(rows)


def sweep_texts() -> int:
    """Leave out fingerprints of texts that are no more, such as those of deleted cases; how many fingerprints went."""
    store = case_prints()
    of_year = {year: KeptText.objects.filter(kept__year=year) for year in store.years()}
    return sum(store.keep_only(year, list(rows.values_list("pk", flat=True))) for year, rows in of_year.items())
