"""Who holds data of persons: registered by the packages, so that one page shows a person everything and one act erases it.

A *person key* is ``account:id`` or ``person:id``. Packages register how an account leads to its keys, and a ``Holder`` each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from keheng.kernel.trail.record import Actor


@dataclass(frozen=True, slots=True)
class Kept:
    """Records that stay because a law or a document demands it; ``until`` None: no end is set yet."""

    count: int
    because_zh: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: so many records erased, blanked or made anonymous, and what was kept."""

    erased: int
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """A package's data of persons. ``export`` gives records as ``{label: value}``; ``erase`` runs inside the act of the decision.

    ``keeps_zh`` tells the person beforehand what the law keeps, until when and why; '' for nothing.
    """

    code: str
    title_zh: str
    export: Callable[[str], Sequence[Mapping[str, object]]]
    erase: Callable[[str, Actor], Erased]
    keeps_zh: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What one holder has about a person."""

    code: str
    title_zh: str
    keeps_zh: str
    rows: list[Mapping[str, object]] = field(default_factory=list)


_holders: dict[str, Holder] = {}
_resolvers: list[Callable[[str], Iterable[str]]] = []


def register_holder(holder: Holder) -> None:
    """Register a holder; raises ValueError when another one has its code."""
    if _holders.setdefault(holder.code, holder) != holder:
        raise ValueError(f"holder {holder.code} is registered twice")


def register_keys(resolve: Callable[[str], Iterable[str]]) -> None:
    """Register how an account's id leads to further person keys."""
    if resolve not in _resolvers:
        _resolvers.append(resolve)


def all_holders() -> list[Holder]:
    """All holders by code."""
    return [_holders[code] for code in sorted(_holders)]


def keys_of(account: str) -> tuple[str, ...]:
    """All person keys of an account, its own first; none for nobody."""
    if not account:
        return ()
    found = [f"account:{account}", *(key for resolve in _resolvers for key in resolve(account))]
    return tuple(dict.fromkeys(found))


def sections_of(account: str) -> list[Section]:
    """Everything held about the person of an account, by holder; holders without records are left out."""
    keys = keys_of(account)
    sections = [
        Section(holder.code, holder.title_zh, holder.keeps_zh, [row for key in keys for row in holder.export(key)])
        for holder in all_holders()
    ]
    return [section for section in sections if section.rows]
