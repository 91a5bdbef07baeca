"""What an index of words does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from keheng.kernel.search.asking import Clause


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of an entry's title and body, its marks, and the shelf of its facets."""

    entry: int
    shelf: int
    title: list[str]
    body: list[str]
    marks: list[str]


class Where(Enum):
    """Where what is asked must stand: anywhere, in the title, or in the title with the first clause at its beginning."""

    ANYWHERE = "anywhere"
    TITLE = "title"
    BEGINNING = "beginning"


@dataclass(frozen=True, slots=True)
class Asked:
    """Clauses that must all hold, and groups of marks of each of which one must be carried; never without a group."""

    clauses: tuple[Clause, ...]
    marks: tuple[tuple[str, ...], ...]

    def placed(self, where: Where) -> Iterator[tuple[Clause, Where]]:
        """Each clause with where it must stand."""
        for place, clause in enumerate(self.clauses):
            yield clause, Where.TITLE if where is Where.BEGINNING and place else where


class Index(Protocol):
    """Written and read in the caller's transaction."""

    def write(self, words: list[Words]) -> None:
        """Add entries that are not there."""

    def erase(self, entries: list[int]) -> None:
        """Take entries out, whether they are there or not."""

    def hits(self, asked: Asked, where: Where, limit: int) -> dict[int, int]:
        """Entries that answer, at most so many, each with its shelf."""
        ...

    def ranked(self, asked: Asked, answers: dict[int, int], limit: int) -> dict[int, float]:
        """Candidates among the answers (entries with their shelves), each with its rank: the larger the better.

        They are all answers, or where there are more than ``limit``, so many: those with the words in the title first.
        """
        ...
