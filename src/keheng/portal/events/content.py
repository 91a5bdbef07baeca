"""Facts of the content that others may react to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArticlePublished:
    """A version became public; ``first``: the article was not public before."""

    article: int
    version: int
    first: bool


@dataclass(frozen=True, slots=True)
class ArticleWithdrawn:
    """An article is public no longer."""

    article: int


@dataclass(frozen=True, slots=True)
class FeedbackAnswered:
    """Somebody's question was answered."""

    feedback: int
