"""Quieter display: the same finding on many forms becomes one card, a soft finding folds under the hard one that explains it.

The list of findings itself is never shortened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keheng.appraisal.auditing.finding import Finding
from keheng.appraisal.definitions import load_definition

_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A finding as shown, the same finding on other forms, and what it explains."""

    finding: Finding
    others: tuple[Finding, ...] = ()
    folded: tuple[Finding, ...] = ()


def damp(findings: Sequence[Finding]) -> list[Card]:
    """Cards in the order of their first finding."""
    explained = _explained(findings)
    hidden = {id(soft) for softs in explained.values() for soft in softs}
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        if id(finding) not in hidden:
            groups.setdefault((finding.code, finding.variant, tuple(sorted(finding.values.items()))), []).append(finding)
    cards: list[Card] = []
    for same in groups.values():
        if len({(f.file, f.form_index) for f in same}) >= _FEWEST:
            cards.append(Card(same[0], tuple(same[1:]), tuple(soft for f in same for soft in explained.get(id(f), ()))))
        else:
            cards.extend(Card(f, (), tuple(explained.get(id(f), ()))) for f in same)
    return cards


def _explained(findings: Sequence[Finding]) -> dict[int, list[Finding]]:
    """Soft findings by the hard finding on the same form and rows that explains them."""
    explains: dict[str, list[str]] = load_definition("explains.json")["explains"]
    hard = [f for f in findings if f.code in explains]
    by_form: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings:
        by_form.setdefault((finding.file, finding.form_index), []).append(finding)
    found: dict[int, list[Finding]] = {}
    taken: set[int] = set()
    for finding in hard:
        for soft in by_form[(finding.file, finding.form_index)]:
            touches = not soft.rows or not finding.rows or bool(set(soft.rows) & set(finding.rows))
            if soft.code in explains[finding.code] and touches and id(soft) not in taken and soft is not finding:
                taken.add(id(soft))
                found.setdefault(id(finding), []).append(soft)
    return found
