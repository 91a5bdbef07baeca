"""What capabilities publish to the search, and who sees it.

Audience, unit, district, kind and facets become *marks*: words of the index that no text can contain. So who sees what is part of
the query itself, and a rare facet of a common word is found as fast as a rare word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from keheng.kernel.powers import Principal, Reach

PUBLIC = "public"
Facets = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Document:
    """A record as the search sees it; ``kind`` and ``ref`` name it.

    ``audience`` is "public" or the permission that opens the record; ``unit`` (an organisation's id) and ``district`` (a code)
    bound that permission where it does not reach everything. ``weight`` multiplies the rank. Of a title 250 characters count.
    """

    kind: str
    ref: str
    title: str
    body: str
    url: str
    audience: str
    unit: int | None = None
    district: str = ""
    facets: Facets = field(default_factory=dict)
    weight: float = 1.0

    def marks(self) -> list[str]:
        """Every mark the document is found by."""
        found = {_mark("kind", self.kind), See(self.audience).mark()}
        if self.unit is not None:
            found.add(See(self.audience, unit=self.unit).mark())
        if self.district:
            found.add(See(self.audience, district=self.district).mark())
        found.update(_mark("facet", name, value) for name, values in self.facets.items() for value in several(values))
        return sorted(found)

    def facets_text(self) -> str:
        """The facets as JSON, equal for equal facets."""
        return json.dumps({name: sorted(set(several(values))) for name, values in sorted(self.facets.items())}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class See:
    """Sight of the documents for one audience, all of them or those of a unit or of a district."""

    audience: str
    unit: int | None = None
    district: str = ""

    def mark(self) -> str:
        """The mark of the documents it opens."""
        return _mark("see", self.audience, "" if self.unit is None else str(self.unit), self.district)


def visible_to(actor: Principal) -> frozenset[See]:
    """What an actor sees: everything public, and what the actor's powers reach. A power over one's own records opens none here."""
    seen = {See(PUBLIC)}
    for power in actor.powers:
        if power.reach is Reach.ALL:
            seen.add(See(power.permission))
        elif power.reach is Reach.UNIT and power.unit is not None:
            seen.add(See(power.permission, unit=power.unit))
        elif power.reach is Reach.DISTRICT and power.district:
            seen.add(See(power.permission, district=power.district))
    return frozenset(seen)


def asked_marks(visible: frozenset[See], kinds: tuple[str, ...], facets: Facets) -> Iterator[list[str]]:
    """Groups of marks: of each group a document must carry one. The first group is empty when nothing may be seen."""
    yield sorted(see.mark() for see in visible)
    if kinds:
        yield sorted(_mark("kind", kind) for kind in kinds)
    for name, values in sorted(facets.items()):
        if wanted := sorted(_mark("facet", name, value) for value in several(values)):
            yield wanted


def several(values: str | tuple[str, ...]) -> tuple[str, ...]:
    """The values of a facet, one or several."""
    return (values,) if isinstance(values, str) else tuple(values)


def _mark(*parts: str) -> str:
    """A word beginning with a character that no token holds; two different marks are never the same in practice (64 bits)."""
    return "_" + blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()
