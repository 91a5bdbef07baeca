"""Words in SQLite's FTS5: a table with one row for an entry, its columns the tokens of title and body and the marks."""

from __future__ import annotations

import json
from itertools import islice

from django.db import connection

from keheng.kernel.search.asking import Clause, Phrase, Way
from keheng.kernel.search.backends.protocol import Asked, Where, Words

_COLUMNS = {Where.ANYWHERE: "{title body}", Where.TITLE: "title", Where.BEGINNING: "title"}
# A rowid holds the number of an entry above and that of its shelf in its lower bits: both are told without reading a row.
_SHELF_BITS = 30
_SHELF = (1 << _SHELF_BITS) - 1
# The usual parameters of bm25, the weight of a title, and how far a body is read for ranking.
_K1, _B = 1.2, 0.75
_TITLE = 8
_RANKED_BODY = 4000


class SqliteIndex:
    """The latest entries come first: their rows are read backwards."""

    def write(self, words: list[Words]) -> None:
        """Add entries that are not there."""
        rows = [(one.entry << _SHELF_BITS | one.shelf, " ".join(one.title), " ".join(one.body), " ".join(one.marks)) for one in words]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO search_words (rowid, title, body, marks) VALUES (%s, %s, %s, %s)", rows)

    def erase(self, entries: list[int]) -> None:
        """Take entries out, whether they are there or not."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "DELETE FROM search_words WHERE rowid BETWEEN %s AND %s",
                [(entry << _SHELF_BITS, entry << _SHELF_BITS | _SHELF) for entry in entries],
            )

    def hits(self, asked: Asked, where: Where, limit: int) -> dict[int, int]:
        """Entries that answer, the latest first, at most so many."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rowid FROM search_words WHERE search_words MATCH %s ORDER BY rowid DESC LIMIT %s", [_match(asked, where), limit]
            )
            return {row >> _SHELF_BITS: row & _SHELF for (row,) in cursor.fetchall()}

    def ranked(self, asked: Asked, answers: dict[int, int], limit: int) -> dict[int, float]:
        """Candidates with their rank by bm25, reckoned here: FTS5 would read the whole list of every word for it, marks too.

        It leaves out how rare a word is, for every candidate holds every word asked for.
        """
        titled = self.hits(asked, Where.TITLE, limit) if len(answers) > limit else {}
        chosen = dict(islice((titled | answers).items(), limit))
        rows = [entry << _SHELF_BITS | shelf for entry, shelf in chosen.items()]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid, ' ' || title || ' ', ' ' || substr(body, 1, {_RANKED_BODY}) || ' ', length(title) + length(body) "  # noqa: S608 -- made of constants only
                "FROM search_words WHERE rowid IN (SELECT value FROM json_each(%s))",
                [json.dumps(rows)],
            )
            return _bm25([phrase for clause in asked.clauses for way in clause for phrase in way], cursor.fetchall())


def _bm25(phrases: list[Phrase], texts: list[tuple[int, str, str, int]]) -> dict[int, float]:
    """Okapi bm25 without the rarity of words; a word in the title counts eight times."""
    average = sum(length for _, _, _, length in texts) / max(len(texts), 1)
    wanted = [f" {' '.join(phrase.tokens)}{'' if phrase.prefix else ' '}" for phrase in phrases]
    ranks = {}
    for row, title, body, length in texts:
        slow = _K1 * (1 - _B + _B * length / average)
        counts = (_TITLE * title.count(text) + body.count(text) for text in wanted)
        ranks[row >> _SHELF_BITS] = sum(count * (_K1 + 1) / (count + slow) for count in counts)
    return ranks


def _match(asked: Asked, where: Where) -> str:
    """The question in the language of FTS5. Tokens and marks hold only letters, digits and underscores, and stand in quotes."""
    marks = [f"(marks : ({' OR '.join(map(_quoted, group))}))" for group in asked.marks]
    return " AND ".join([f"({_COLUMNS[each]} : ({_clause(clause, each)}))" for clause, each in asked.placed(where)] + marks)


def _clause(clause: Clause, where: Where) -> str:
    return " OR ".join(f"({_way(way, where)})" for way in clause)


def _way(way: Way, where: Where) -> str:
    return " AND ".join(("^ " if where is Where.BEGINNING and not place else "") + _phrase(phrase) for place, phrase in enumerate(way))


def _phrase(phrase: Phrase) -> str:
    return _quoted(" ".join(phrase.tokens)) + ("*" if phrase.prefix else "")


def _quoted(text: str) -> str:
    return f'"{text}"'
