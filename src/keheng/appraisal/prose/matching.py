"""Which number in prose speaks of which indicator row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keheng.appraisal.model import Row
from keheng.appraisal.prose.mentions import Mention, matching, mentions, same_kind
from keheng.appraisal.prose.text import bare_words

_POSSIBLE, _RELATED = 0.6, 0.45
_SHORT_NOUN = 3


@dataclass(frozen=True, slots=True)
class Pairing:
    """A row and the mention that most surely speaks of it, each being the other's best match."""

    row: Row
    mention: Mention
    sureness: float


def pairings(rows: Sequence[Row], text: str, column: str) -> list[Pairing]:
    """Mutual best matches between the rows' ``target`` or ``actual`` and the numbers of a text."""
    found = mentions(text)
    if not found:
        return []
    scored: list[tuple[float, int, int]] = []
    for r, row in enumerate(rows):
        quantity = row.wanted if column == "target" else row.reached
        if quantity.base is None:
            continue
        name = bare_words(row.name.text)
        for m, mention in enumerate(found):
            if same_kind(quantity, mention.quantity):
                sureness = matching(name, mention)
                if sureness >= _POSSIBLE:
                    # Equal numbers settle which of several similar nouns is meant.
                    scored.append((sureness + (0.3 if quantity.base == mention.quantity.base else 0.0), r, m))
    scored.sort(key=lambda entry: (-entry[0], entry[1], entry[2]))
    taken_rows: set[int] = set()
    taken_mentions: set[int] = set()
    pairs: list[Pairing] = []
    for _, r, m in scored:
        if r not in taken_rows and m not in taken_mentions:
            taken_rows.add(r)
            taken_mentions.add(m)
            pairs.append(Pairing(rows[r], found[m], round(matching(bare_words(rows[r].name.text), found[m]), 3)))
    return sorted(pairs, key=lambda pair: pair.row.ordinal)


def uncovered(rows: Sequence[Row], goal: str) -> list[Mention]:
    """Demands of a goal that resemble no row's name."""
    names = [bare_words(row.name.text) for row in rows]
    return [
        mention
        for mention in mentions(goal)
        if len(mention.noun) > _SHORT_NOUN
        and not mention.partial
        and mention.quantity.dimension != "days"
        and max(matching(name, mention) for name in names) < _RELATED
    ]
