"""Facts of matters that others react to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A case went from one state to another; ``end`` is '' while it goes on."""

    case: int
    matter: str
    do: str
    before: str
    after: str
    std: str
    end: str


@dataclass(frozen=True, slots=True)
class CaseEnded:
    """A case came to its end."""

    case: int
    matter: str
    end: str


@dataclass(frozen=True, slots=True)
class CaseRated:
    """An applicant rated a case."""

    case: int
    matter: str
    stars: int
    comment: str


@dataclass(frozen=True, slots=True)
class ArchiveDestroyed:
    """The archive of a case was destroyed after its term."""

    case: int
    matter: str
