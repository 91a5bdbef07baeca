"""Searching what was published.

Ranking every text with a very common word would cost more than it tells, so at most 500 candidates are ranked: all answers where
they are fewer; else those with the words in their title first, then others as the index gives them. A word in the title weighs
eight times one in the body, so what is left out would hardly have come first; a narrower question ranks all its answers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from keheng.kernel.search.asking import Phrase, question
from keheng.kernel.search.backends import Asked, Where, backend
from keheng.kernel.search.documents import Facets, See, asked_marks
from keheng.kernel.search.models import Entry, Shelf
from keheng.kernel.search.snippets import marked, snippet

# More than anybody pages through: to count 10,000 answers took PostgreSQL longer than the 50 ms that are promised.
MOST_COUNTED = 5_000
MOST_RANKED = 500
MOST_HITS = 100
_MOST_SUGGESTED = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. ``title`` and ``snippet`` are escaped, with <mark> around what was asked."""

    kind: str
    ref: str
    title: SafeString
    snippet: SafeString
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of answers. ``total`` is exact, or where ``more`` is set a number that is exceeded; facets are counted within it.

    ``aliases_used``: words that were also searched under their other names.
    """

    hits: tuple[Hit, ...]
    total: int
    more: bool
    facets: Mapping[str, Mapping[str, int]]
    aliases_used: tuple[tuple[str, tuple[str, ...]], ...]

    def count(self) -> str:
        """The number of answers as it is shown: 123, or 5000+."""
        return f"{self.total}{'+' if self.more else ''}"


def search(
    text: str, *, visible: frozenset[See], kinds: tuple[str, ...] = (), facets: Facets | None = None, ranked: bool = True,
    start: int = 0, limit: int = 20, language: str = "",
) -> Found:  # fmt: skip
    """What answers a text among what is visible, ``limit`` (at most 100) hits from number ``start`` on; any text is a question.

    Without words everything visible answers. ``kinds`` and the values of one facet are alternatives, several facets must all hold.
    Unranked answers come the latest published first, as do equal ranks. Of ranked answers those in another ``language`` (a value of
    that facet) than the reader's come last. Pages end where the ranked or counted candidates end.
    """
    asked_for = question(text)
    marks = tuple(tuple(group) for group in asked_marks(visible, tuple(kinds), facets or {}))
    # Nothing may be seen, or what was asked holds only words that are no words.
    if not marks[0] or (text.strip() and not asked_for.clauses):
        return Found((), 0, more=False, facets={}, aliases_used=())
    asked = Asked(asked_for.clauses, marks)
    shelves = backend().hits(asked, Where.ANYWHERE, MOST_COUNTED + 1)
    ids = sorted(shelves, reverse=True)[:MOST_COUNTED]
    ordered = _best_first(asked, {number: shelves[number] for number in ids}, language) if ranked and asked.clauses else ids
    hits = _hits(ordered[max(start, 0) :][: max(0, min(limit, MOST_HITS))], asked_for.phrases())
    return Found(hits, len(ids), len(shelves) > MOST_COUNTED, _facet_counts(shelves[number] for number in ids), asked_for.aliases_used)


def suggest(text: str, *, visible: frozenset[See], kinds: tuple[str, ...] = (), limit: int = 8) -> list[str]:
    """Titles for what is being typed: first those that begin with it, then those that hold it, the shorter first."""
    asked_for = question(text)
    marks = tuple(tuple(group) for group in asked_marks(visible, tuple(kinds), {}))
    if not asked_for.clauses or not marks[0]:
        return []
    titles: dict[str, None] = {}
    for where in (Where.BEGINNING, Where.TITLE):
        ids = backend().hits(Asked(asked_for.clauses, marks), where, _MOST_SUGGESTED)
        found = Entry.objects.filter(pk__in=ids).values_list("title", flat=True)
        titles.update(dict.fromkeys(sorted(found, key=lambda title: (len(title), title))))
        if len(titles) >= limit:
            break
    return list(titles)[:limit]


def _best_first(asked: Asked, answers: dict[int, int], language: str) -> list[int]:
    """The candidates by rank and weight, equal ones the latest first; those in a language that is not the reader's after all others."""
    ranks = backend().ranked(asked, answers, MOST_RANKED)
    weights = dict(Entry.objects.filter(pk__in=list(ranks)).exclude(weight=1.0).values_list("pk", "weight"))
    foreign = _foreign(set(answers.values()), language)

    def worth(number: int) -> tuple[bool, float, int]:
        # A number beyond those counted has no shelf here: it keeps its rank.
        return answers.get(number) not in foreign, ranks[number] * weights.get(number, 1.0), number

    return sorted(ranks, key=worth, reverse=True)


def _foreign(shelves: set[int], language: str) -> set[int]:
    """Those whose entries are in other languages alone; none where no language is asked for."""
    told = Shelf.objects.filter(pk__in=shelves).values_list("pk", "facets") if language else ()
    return {shelf for shelf, facets in told if language not in json.loads(facets).get("language", [language])}


def _hits(ids: list[int], phrases: Collection[Phrase]) -> tuple[Hit, ...]:
    entries = Entry.objects.in_bulk(ids)
    # What was removed since the index answered is no hit.
    shown = (entries[number] for number in ids if number in entries)
    return tuple(Hit(one.kind, one.ref, marked(one.title, phrases), snippet(one.body, phrases), one.url) for one in shown)


def _facet_counts(shelves: Iterable[int]) -> Mapping[str, Mapping[str, int]]:
    """How often each value of each facet occurs, the commonest first."""
    counts: dict[str, Counter[str]] = {}
    times_of = Counter(shelves)
    for shelf, facets in Shelf.objects.filter(pk__in=list(times_of)).values_list("pk", "facets"):
        times = times_of[shelf]
        for name, values in json.loads(facets).items():
            for value in values:
                counts.setdefault(name, Counter())[value] += times
    return {name: dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))) for name, found in sorted(counts.items())}
