"""What a page shows of the class that is claimed in a case: points as a range, routes, what would lift it, whether it agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.timezone import localdate

from keheng.matters.queries.cases import Loaded, applied_on
from keheng.matters.queries.points import routes_told, ways_told
from keheng.matters.rules.claims import Claim, claim_of
from keheng.matters.rules.files.parts import Matter, Section

_WAYS = 3


@dataclass(frozen=True, slots=True)
class ClaimSaid:
    """A claim for a page; ``routes`` are those that are met or open: class, title, clause, ``ok`` or ``open``."""

    name: str
    claim: Claim
    day: date
    ways: tuple[tuple[tuple[str, str, Decimal], ...], ...]
    routes: tuple[tuple[str, str, str, str], ...]


def claim_said(one: Loaded) -> ClaimSaid | None:
    """The claim of a case; None for a matter without a scale."""
    day = applied_on(one.case) or localdate()
    claim = claim_of(one.matter, one.at.answers, day)
    if claim is None:
        return None
    routes = tuple(row for row in routes_told(claim.standing) if row[3] != "bad")
    return ClaimSaid(claim.routes.id, claim, day, ways_told(claim.routes, claim.score, claim.standing)[:_WAYS], routes)


def claim_agrees(one: Loaded) -> bool | None:
    """Whether the class that is claimed is the one that is certain; None while the answers do not tell, or where nothing is claimed."""
    claim = claim_of(one.matter, one.at.answers, applied_on(one.case) or localdate())
    return None if claim is None else claim.agrees


def claims_here(matter: Matter, section: Section) -> bool:
    """Whether a section of the form asks for the class."""
    return matter.scale is not None and any(field.id == matter.scale.claims for field in section.fields)
