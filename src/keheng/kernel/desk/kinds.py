"""Kinds of messages: registered by whoever tells people something, so that people can choose how they are told."""

from __future__ import annotations

from dataclasses import dataclass

from keheng.kernel.desk.models import Delivery

Way = Delivery.Way


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message; ``ways`` are those besides the inbox that are used where an account chose nothing."""

    code: str
    title: str
    ways: frozenset[Way] = frozenset()


_kinds: dict[str, MessageKind] = {}


def register_kind(kind: MessageKind) -> MessageKind:
    """Make a kind known; raises ValueError for a code taken by another kind."""
    if _kinds.setdefault(kind.code, kind) != kind:
        raise ValueError(f"message kind {kind.code} is registered twice")
    return kind


def all_kinds() -> list[MessageKind]:
    """All kinds by code."""
    return [_kinds[code] for code in sorted(_kinds)]


def kind_of(code: str) -> MessageKind:
    """The kind of that code; one that nobody registered is told in the inbox alone."""
    return _kinds.get(code) or MessageKind(code, code)
