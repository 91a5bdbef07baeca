"""Words in PostgreSQL: rows of tsvector with a GIN index, several for a long text.

The vectors are written by us, not by a parser. A token is a lexeme with its places: those of the title, with weight A, before those
of the body and so far from them that no phrase reaches across. Tokens of the title are there once more with "=" before them, and
its beginning as one lexeme after "^", so that titles are asked through the index. Marks are lexemes without a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection

from keheng.kernel.search.asking import Clause, Phrase, Way
from keheng.kernel.search.backends.protocol import Asked, Where, Words
from keheng.kernel.search.parts import parts

# A title has at most 250 tokens.
_BODY_BEGINS = 300
# How many characters of a title's beginning are one lexeme.
_BEGINNING = 16
# Weights of D, C, B, A: a word in the title counts eight times.
_RANK = "ts_rank('{0.1, 0.1, 0.1, 0.8}', words, %s::tsquery, 1)"


class PostgresIndex:
    """Entries come as they lie; with many answers which of them come is the database's choice."""

    def write(self, words: list[Words]) -> None:
        """Add entries that are not there."""
        rows = [row for one in words for row in _rows(one)]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO search_part (entry, part, shelf, divided, words) VALUES (%s, %s, %s, %s, %s::tsvector)", rows)

    def erase(self, entries: list[int]) -> None:
        """Take entries out, whether they are there or not."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_part WHERE entry = ANY(%s)", [entries])

    def hits(self, asked: Asked, where: Where, limit: int) -> dict[int, int]:
        """Entries that answer, at most so many."""
        found: dict[int, int] = {}
        rows, seen = limit, limit
        with connection.cursor() as cursor:
            # A divided text answers with several rows: until there are enough entries, or all, more rows are read.
            while len(found) < limit <= seen:
                statement, values = _answers(asked, where, rows)
                # As two arrays: thousands of rows would take longer to hand over than to find.
                cursor.execute(f"SELECT array_agg(entry), array_agg(shelf) FROM ({statement}) AS found", values)  # noqa: S608 -- made of constants only
                entries, shelves = cursor.fetchone()
                found = dict(zip(entries or (), shelves or (), strict=True))
                seen, rows = (limit if len(entries or ()) >= rows else 0), rows * 4
        return dict(islice(found.items(), limit))

    def ranked(self, asked: Asked, answers: dict[int, int], limit: int) -> dict[int, float]:
        """Candidates with the best rank of their parts."""
        titled = self.hits(asked, Where.TITLE, limit) if len(answers) > limit else {}
        candidates = list(islice(titled | answers, limit))
        words = " | ".join(_phrase(phrase, Where.ANYWHERE) for clause in asked.clauses for way in clause for phrase in way)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT entry, max({_RANK}) FROM search_part WHERE entry = ANY(%s) GROUP BY entry", [words, candidates])  # noqa: S608 -- made of constants only
            return dict(cursor.fetchall())


def _answers(asked: Asked, where: Where, limit: int) -> tuple[str, list[str | int]]:
    """Entry and shelf of parts that hold all that is asked; of divided texts also all parts of those whose parts hold it together."""
    marks = [f"({' | '.join(map(_quoted, group))})" for group in asked.marks]
    whole = " & ".join([*marks, *(_clause(clause, each) for clause, each in asked.placed(where))])
    query = "(SELECT entry, shelf FROM search_part WHERE words @@ %s::tsquery LIMIT %s)"
    values: list[str | int] = [whole, limit]
    if sum(len(way) for clause in asked.clauses for way in clause) > 1 and where is Where.ANYWHERE:
        clauses = [_united((_together(way, marks, values) for way in clause), "UNION") for clause in asked.clauses]
        # The values are gathered in the order in which the placeholders stand.
        together = _united(clauses, "INTERSECT")
        query += f" UNION ALL (SELECT entry, shelf FROM search_part WHERE divided AND entry IN ({together}) LIMIT %s)"  # noqa: S608 -- made of constants only
        values.append(limit)
    return query, values


def _together(way: Way, marks: list[str], values: list[str | int]) -> str:
    """Divided texts whose parts hold all phrases of a way, each phrase in one of them."""
    selects = []
    for phrase in way:
        selects.append("(SELECT entry FROM search_part WHERE divided AND words @@ %s::tsquery)")
        values.append(" & ".join([*marks, _phrase(phrase, Where.ANYWHERE)]))
    return _united(selects, "INTERSECT")


def _united(selects: Iterable[str], how: str) -> str:
    return f"({f' {how} '.join(selects)})"


def _clause(clause: Clause, where: Where) -> str:
    ways = (" & ".join(_phrase(phrase, where, first=not place) for place, phrase in enumerate(way)) for way in clause)
    return f"({' | '.join(ways)})"


def _phrase(phrase: Phrase, where: Where, *, first: bool = False) -> str:
    before = "" if where is Where.ANYWHERE else "="
    tokens = " <-> ".join(_quoted(before + token) for token in phrase.tokens) + (":*" if phrase.prefix else "")
    beginning = f"{_quoted('^' + ''.join(phrase.tokens)[:_BEGINNING])}:* & " if where is Where.BEGINNING and first else ""
    return f"({beginning}({tokens}))"


def _quoted(token: str) -> str:
    """Tokens hold letters, digits and characters: nothing in them can end the quotes."""
    return f"'{token}'"


def _rows(words: Words) -> Iterator[tuple[int, int, int, bool, str]]:
    """The rows of an entry; each carries title and marks."""
    title = list(_lexemes(_places([f"={token}" for token in words.title], 1, "")))
    marks = [_quoted(mark) for mark in [*words.marks, "^" + "".join(words.title)[:_BEGINNING]]]
    bodies = list(parts(words.body))
    for part, body in enumerate(bodies):
        places = _places(words.title, 1, "A")
        for token, found in _places(body, _BODY_BEGINS, "").items():
            places.setdefault(token, []).extend(found)
        yield words.entry, part, words.shelf, len(bodies) > 1, " ".join([*title, *marks, *_lexemes(places)])


def _places(tokens: list[str], begin: int, weight: str) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for place, token in enumerate(tokens, begin):
        places.setdefault(token, []).append(f"{place}{weight}")
    return places


def _lexemes(places: dict[str, list[str]]) -> Iterator[str]:
    # PostgreSQL keeps 256 places of one lexeme: the body's are fewer, the first of the title's go on top.
    return (f"{_quoted(token)}:{','.join(found)}" for token, found in places.items())
