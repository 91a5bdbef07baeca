"""Facts of the directory that others may react to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrganisationRegistered:
    """A new organisation stands in the directory."""

    organisation: int


@dataclass(frozen=True, slots=True)
class OrganisationRenamed:
    """An organisation bears another name."""

    organisation: int


@dataclass(frozen=True, slots=True)
class OrganisationMoved:
    """An organisation belongs to another district."""

    organisation: int
    district_before: str


@dataclass(frozen=True, slots=True)
class OrganisationChanged:
    """Code, kind, address or phone of an organisation were corrected."""

    organisation: int


@dataclass(frozen=True, slots=True)
class OrganisationClosed:
    """An organisation exists no longer."""

    organisation: int


@dataclass(frozen=True, slots=True)
class OrganisationsMerged:
    """Two records of one organisation became one; the loser's references point at the survivor."""

    merge: int
    survivor: int
    loser: int


@dataclass(frozen=True, slots=True)
class PeopleMerged:
    """Two records of one person became one."""

    merge: int
    survivor: int
    loser: int


@dataclass(frozen=True, slots=True)
class MergeUndone:
    """Two records stand for themselves again; ``model`` is ``Organisation`` or ``Person``."""

    merge: int
    model: str
    survivor: int
    loser: int


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    """A new person stands in the directory."""

    person: int


@dataclass(frozen=True, slots=True)
class AffiliationEnded:
    """A person left a post."""

    affiliation: int
    person: int
    organisation: int


@dataclass(frozen=True, slots=True)
class ExpertStateChanged:
    """An expert entered the pool, was suspended, came back or left."""

    expert: int
    person: int
    state: str


@dataclass(frozen=True, slots=True)
class AvoidanceFactAdded:
    """There is a new reason for which a person should not judge somebody."""

    fact: int
    person: int
