"""What a unit was granted before for the person a case is about; a passport renewed since does not make them somebody else."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from keheng.kernel.powers import Principal
from keheng.matters.models import Case
from keheng.matters.queries.cases import Loaded, all_answers, cases_for, matter_of
from keheng.matters.rules.files.shelf import shelf

# A unit's latest ones: each is unsealed to be compared.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Earlier:
    """A case granted before for the same person; ``renewed``: the document has another number now."""

    case: Case
    renewed: bool


def earlier_of_holder(one: Loaded, actor: Principal) -> list[Earlier]:
    """Cases that the unit was granted for a person of this name or document, the latest first, of those the actor may see."""
    mine = _holder(one.case)
    if mine is None or one.case.unit_id is None:
        return []
    kinds = [name for name, versions in shelf().items() if any(read.matter.holder is not None for read in versions)]
    rows = cases_for(actor).filter(unit=one.case.unit_id, matter__in=kinds, end="granted").exclude(pk=one.case.pk)
    found = []
    for row in rows.select_related("edition").order_by("-ended_at", "-pk")[:_MOST]:
        theirs = _holder(row)
        if theirs is not None and (theirs[0] == mine[0] or theirs[1] == mine[1]):
            found.append(Earlier(row, theirs[1] != mine[1]))
    return found


def _holder(case: Case) -> tuple[str, str] | None:
    """Name and number of whom a case is about, as they are compared; None where its file names nobody, or nothing is typed."""
    asked = matter_of(case).holder
    if asked is None:
        return None
    answers = all_answers(case)
    name, number = (_plain(str(answers.get(field) or "")) for field in (asked.name, asked.number))
    return (name, number) if name and number else None


def _plain(text: str) -> str:
    """Letters and digits of any script, half width, in capitals: blanks, hyphens and accents differ from passport to passport."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", text).upper() if mark.isalnum())
