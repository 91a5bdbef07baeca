"""Whether two records may become one or two again, what may be chosen, and which references must not be moved."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Model

from keheng.directory.models import Control, Merge, Organisation, Person
from keheng.directory.rules.above import above_by_control, above_by_parent
from keheng.directory.rules.organisations import structure_problems
from keheng.kernel.errors import Problem, problem

MODELS: Mapping[str, type[Organisation | Person]] = {"Organisation": Organisation, "Person": Person}
# Facts that can be taken over from the loser; an organisation's name has an act of its own.
# What belongs together goes together: a number and its mark, a text and its key.
CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Organisation": {
        "credit_code": ("credit_code", "code_given"),
        "kind": ("kind",),
        "district": ("district",),
        "address": ("address", "address_plain"),
        "contact_phone": ("contact_phone", "phone_mark"),
    },
    "Person": {
        "name": ("name", "name_plain"),
        "id_number": ("id_number", "id_mark", "born_on"),
        "phone": ("phone", "phone_mark"),
        "email": ("email",),
    },
}
# Fields that two records cannot both have: who gives one away keeps none.
UNIQUE: Mapping[str, Mapping[str, object]] = {
    "Organisation": {"credit_code": None, "code_given": ""},
    "Person": {"id_number": "", "id_mark": None},
}


def merge_problems(survivor: Organisation | Person, loser: Organisation | Person, take: frozenset[str], reason: str) -> list[Problem]:
    """What forbids a merge: the same record, records that are over, a choice there is not, no reason."""
    found: list[Problem] = []
    if survivor.pk == loser.pk:
        found.append(problem("DIR_MERGE_ITSELF"))
    if any(one.merged_into_id is not None for one in (survivor, loser)):
        found.append(problem("DIR_MERGED_ALREADY"))
    if take - CHOICES[type(survivor).__name__].keys():
        found.append(problem("DIR_MERGE_CHOICE"))
    if isinstance(survivor, Person) and isinstance(loser, Person) and survivor.id_mark and loser.id_mark:
        found.append(problem("DIR_MERGE_TWO_IDS"))
    if not reason.strip():
        found.append(problem("DIR_REASON_MISSING", "reason"))
    return found


def undo_problems(merge: Merge) -> list[Problem]:
    """What forbids to undo: it was undone already, or the survivor itself went into another record since."""
    found = [problem("DIR_UNDONE_ALREADY")] if merge.undone_at is not None else []
    if Merge.objects.filter(model=merge.model, loser=merge.survivor, undone_at__isnull=True).exists():
        found.append(problem("DIR_UNDO_ORDER"))
    return found


def sees_to_structure(related: type[Model], column: str) -> bool:
    """Whether references of this kind must be moved one by one, each looked at before."""
    return related is Control or (related is Organisation and column == "parent_id")


def breaks_structure(row: Model, column: str, target: int) -> bool:
    """Whether a reference that points at ``target`` would close a circle, or hold more than everything of a unit."""
    if isinstance(row, Organisation):
        return column == "parent_id" and row.pk in above_by_parent(target)
    if isinstance(row, Control):
        setattr(row, column, target)
        return bool(structure_problems(row, above_by_control(row.owner_id, row.since, row.until)))
    return False
