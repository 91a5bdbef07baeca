"""Two records of one become one, and two again: every reference that moves is remembered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, InternalError, transaction
from django.db.models import Field, ForeignKey, ManyToOneRel, Model
from django.utils.timezone import localtime

from keheng.directory.actions.publishing import publish
from keheng.directory.actions.relations import hold_structure
from keheng.directory.enums import PersonStatus, Side, Status
from keheng.directory.events import MergeUndone, OrganisationsMerged, PeopleMerged
from keheng.directory.models import DistinctPair, Merge, MergeField, MergeMove, Organisation, Person
from keheng.directory.rules.merging import (
    CHOICES,
    MODELS,
    UNIQUE,
    breaks_structure,
    merge_problems,
    sees_to_structure,
    undo_problems,
)
from keheng.kernel.errors import Refused, problem
from keheng.kernel.jobs.outbox import emit
from keheng.kernel.trail.record import Actor, act, digest_of, record

Subject = Organisation | Person


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a merge or its undoing did: references moved, and what was left as it is, in words."""

    merge: Merge
    moved: int
    left: tuple[str, ...]


def references(model: type[Model]) -> Iterator[ForeignKey[Any, Any]]:
    """Every foreign key of any installed model that points at this one, hidden ones and those to itself included."""
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001 -- the documented door to a model's relations
        if isinstance(relation, ManyToOneRel) and isinstance(relation.field, ForeignKey):
            yield relation.field


@act("directory.merge", Refused)
def merge_records(*, actor: Actor, model: str, survivor: int, loser: int, reason: str, take: Iterable[str] = ()) -> Outcome:
    """Merge one record into another; ``take`` names the facts that the survivor takes over.

    Everything that points at the loser points at the survivor afterwards, but for rows that would break a rule or a unique key:
    they stay where they are and are told. Raises Refused with everything that forbids the merge.
    """
    hold_structure()
    kept, gone = _both(model, survivor, loser)
    chosen = frozenset(take)
    if found := merge_problems(kept, gone, chosen, reason):
        raise Refused(found)
    merge = Merge.objects.create(
        model=model, survivor=survivor, loser=loser, merged_at=localtime(), merged_by=actor.account, reason=reason.strip()
    )
    moves = [move for key in references(type(kept)) for move in _move(merge, key)]
    _change(merge, kept, gone, chosen)
    MergeMove.objects.bulk_create(moves)
    left = tuple(f"{_title(move)}：{move.row}" for move in moves if move.aside)
    moved = len(moves) - len(left)
    after = digest_of({"survivor": survivor, "loser": loser, "moved": moved, "left": left, "take": sorted(chosen)})
    record("directory.merge", actor=actor, target=f"{model.lower()}:{survivor}", after=after, reason=reason.strip())
    if model == "Organisation":
        publish([survivor, loser])
    emit((OrganisationsMerged if model == "Organisation" else PeopleMerged)(merge.pk, survivor, loser))
    return Outcome(merge, moved, left)


def _both(model: str, survivor: int, loser: int) -> tuple[Subject, Subject]:
    """Both records, locked in one order whichever survives."""
    rows: dict[int, Subject] = {row.pk: row for row in _rows(model, [survivor, loser])}
    return rows[survivor], rows[loser]


def _rows(model: str, numbers: list[int]) -> Iterable[Subject]:
    return MODELS[model].objects.select_for_update().filter(pk__in=numbers).order_by("pk")


def _move(merge: Merge, key: ForeignKey[Any, Any]) -> Iterator[MergeMove]:
    """Move what points at the loser by one foreign key; all at once where the database agrees, else row by row."""
    related, column = key.model, key.attname
    rows = list(related._base_manager.filter(**{column: merge.loser}).order_by("pk"))  # noqa: SLF001 -- custom managers may hide rows
    turn = partial(_pointed, related, column, before=merge.loser, after=merge.survivor)
    aside: set[Any] = set()
    if sees_to_structure(related, column):
        aside = {row.pk for row in rows if breaks_structure(row, column, merge.survivor) or not turn([row.pk])}
    elif rows and not turn([row.pk for row in rows]):
        aside = {row.pk for row in rows if not turn([row.pk])}
    table = related._meta.label  # noqa: SLF001 -- the documented name of a model
    yield from (MergeMove(merge=merge, table=table, column=column, row=str(row.pk), aside=row.pk in aside) for row in rows)


def _pointed(related: type[Model], column: str, numbers: list[Any], before: int, after: int) -> int:
    """How many of the rows were turned from one record to another; 0 where the database refuses."""
    try:
        with transaction.atomic():
            rows = related._base_manager.filter(pk__in=numbers, **{column: before})  # noqa: SLF001 -- custom managers may hide rows
            return rows.update(**{column: after})
    except (IntegrityError, InternalError):
        # A constraint or a trigger says no; a full disk or a lock is no answer to the question.
        return 0


def _title(move: MergeMove) -> str:
    model = apps.get_model(move.table)
    return f"{move.table}.{move.column}（{model._meta.verbose_name}）"  # noqa: SLF001 -- the documented name of a model


def _change(merge: Merge, kept: Subject, gone: Subject, chosen: frozenset[str]) -> None:
    """Carry chosen facts over, then close the loser; remember every field that changes on either side."""
    model = merge.model
    taken = [field for choice in sorted(chosen) for field in CHOICES[model][choice]]
    for_kept = {field: getattr(gone, field) for field in taken}
    for_gone: dict[str, object] = {"merged_into_id": kept.pk, "status": Status.MERGED if model == "Organisation" else PersonStatus.MERGED}
    for_gone |= {field: UNIQUE[model][field] for field in taken if field in UNIQUE[model]}
    # The loser lets go of what cannot exist twice before the survivor takes it.
    for side, row, values in ((Side.LOSER, gone, for_gone), (Side.SURVIVOR, kept, for_kept)):
        changes = {field: value for field, value in values.items() if getattr(row, field) != value}
        MergeField.objects.bulk_create(
            MergeField(merge=merge, side=side, field=field, before=_text(getattr(row, field)), after=_text(value))
            for field, value in changes.items()
        )
        _write(row, changes)


def _write(row: Subject, values: Mapping[str, object]) -> None:
    for field, value in values.items():
        setattr(row, field, value)
    row.save(update_fields=list(values))


def _text(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


@act("directory.undo_merge", Refused)
def undo_merge(*, actor: Actor, merge: int) -> Outcome:
    """Make two records of one again: references and facts go back; what was changed since stays and is told."""
    hold_structure()
    present = Merge.objects.select_for_update().get(pk=merge)
    if found := undo_problems(present):
        raise Refused(found)
    kept, gone = _both(present.model, present.survivor, present.loser)
    left: list[str] = []
    # The survivor lets go of what cannot exist twice before the loser takes it back.
    for side, row in ((Side.SURVIVOR, kept), (Side.LOSER, gone)):
        left += _restore(present, side, row)
    moved = 0
    for move in present.moves.filter(aside=False).order_by("pk"):
        turned = _turned_back(move, present)
        moved += turned
        if not turned:
            left.append(f"{_title(move)}：{move.row}")
    present.undone_at, present.undone_by = localtime(), actor.account
    present.save(update_fields=["undone_at", "undone_by"])
    after = digest_of({"survivor": present.survivor, "loser": present.loser, "moved": moved, "left": left})
    record("directory.undo_merge", actor=actor, target=f"{present.model.lower()}:{present.survivor}", after=after)
    if present.model == "Organisation":
        publish([present.survivor, present.loser])
    emit(MergeUndone(present.pk, present.model, present.survivor, present.loser))
    return Outcome(present, moved, tuple(left))


def _turned_back(move: MergeMove, merge: Merge) -> int:
    """1 when the row points at the loser again; 0 when it was changed since, or would break the structure as it is now."""
    related = apps.get_model(move.table)
    row = related._base_manager.filter(pk=move.row).first()  # noqa: SLF001 -- custom managers may hide rows
    if row is None or breaks_structure(row, move.column, merge.loser):
        return 0
    return _pointed(related, move.column, [move.row], merge.survivor, merge.loser)


def _restore(merge: Merge, side: Side, row: Subject) -> list[str]:
    """Put a record's fields back as they were; names of those that somebody changed since, which stay."""
    remembered = list(merge.changed.filter(side=side).order_by("pk"))
    unchanged = {one.field: one.before for one in remembered if _text(getattr(row, one.field)) == one.after}
    values = {field: _value(row, field, before) for field, before in unchanged.items()}
    label = side.label
    try:
        with transaction.atomic():
            _write(row, values)
    except IntegrityError as error:
        # Somebody else has taken what was given up, such as a credit code.
        raise Refused(problem("DIR_UNDO_TAKEN")) from error
    return [f"{label}.{one.field}" for one in remembered if one.field not in unchanged]


def _value(row: Subject, name: str, text: str) -> object:
    field = cast("Field[Any, Any]", row._meta.get_field(name))  # noqa: SLF001 -- the documented door to a field
    return field.to_python(json.loads(text))


@act("directory.tell_apart", Refused)
def tell_apart(*, actor: Actor, model: str, one: int, other: int, reason: str) -> DistinctPair:
    """Two records that look alike are two; the pair is proposed no more."""
    low, high = sorted((one, other))
    found = [problem("DIR_MERGE_ITSELF")] if low == high else []
    if not reason.strip():
        found.append(problem("DIR_REASON_MISSING", "reason"))
    if found:
        raise Refused(found)
    pair, _ = DistinctPair.objects.get_or_create(
        model=model, low=low, high=high, defaults={"found_at": localtime(), "found_by": actor.account, "reason": reason.strip()}
    )
    record("directory.tell_apart", actor=actor, target=f"{model.lower()}:{low}", after=digest_of({"other": high}), reason=reason.strip())
    return pair
