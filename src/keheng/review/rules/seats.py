"""What a draw is about: judges, entries with their seats, who must not sit where, and seats that stand already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Judge:
    """One of a panel: the kind of seat taken, units they belong to (related ones as one), at most so many entries, fields of work."""

    ref: str
    kind: str
    units: tuple[str, ...]
    most: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What is judged: seats by kind, a field of work ('' for none), judges who must not sit on it."""

    ref: str
    need: Mapping[str, int]
    avoid: frozenset[str] = frozenset()
    field: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """A judge on an entry."""

    entry: str
    judge: str


@dataclass(frozen=True, slots=True)
class Pool:
    """All that a draw depends on besides its key. ``kept`` are seats that stand, with judges who may not take more."""

    judges: Sequence[Judge]
    entries: Sequence[Entry]
    kept: Sequence[Seat] = field(default=())

    def document(self) -> dict[str, Any]:
        """The pool as plain data, the same for the same pool in whatever order it was told."""
        return {
            "judges": sorted(
                (
                    {"ref": one.ref, "kind": one.kind, "units": sorted(one.units), "most": one.most, "fields": sorted(one.fields)}
                    for one in self.judges
                ),
                key=_by_ref,
            ),
            "entries": sorted(
                ({"ref": one.ref, "need": dict(one.need), "avoid": sorted(one.avoid), "field": one.field} for one in self.entries),
                key=_by_ref,
            ),
            "kept": [[one.entry, one.judge] for one in sorted(self.kept)],
        }


def _by_ref(row: Mapping[str, Any]) -> str:
    return str(row["ref"])


def pool_from(document: Mapping[str, Any]) -> Pool:
    """The pool of a document; raises KeyError or TypeError for what is none."""
    return Pool(
        [Judge(one["ref"], one["kind"], tuple(one["units"]), int(one["most"]), tuple(one["fields"])) for one in document["judges"]],
        [Entry(one["ref"], dict(one["need"]), frozenset(one["avoid"]), one["field"]) for one in document["entries"]],
        [Seat(entry, judge) for entry, judge in document["kept"]],
    )
