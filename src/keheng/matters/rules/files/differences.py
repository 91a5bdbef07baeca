"""What differs between two versions of a matter, told to people before a draft moves from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keheng.matters.rules.files.part import Part
from keheng.matters.rules.files.parts import Matter

_NAMES = {"form": "表单", "materials": "材料", "states": "环节", "clocks": "时限", "eligible": "条件"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: which part, which piece of it, and what became of it."""

    part: str
    piece: str
    change: str


def differences(old: Matter, new: Matter) -> list[Difference]:
    """What came, went and changed, in the order of the file."""
    pieces: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = [
        ("eligible", {one.say: one for one in old.eligible}, {one.say: one for one in new.eligible}),
        ("form", {one.id: one for one in old.fields}, {one.id: one for one in new.fields}),
        ("materials", {one.id: one for one in old.materials}, {one.id: one for one in new.materials}),
        ("states", old.state_of, new.state_of),
        ("clocks", old.clocks, new.clocks),
    ]
    return [one for part, before, after in pieces for one in _between(_NAMES[part], before, after)]


def _between(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            yield Difference(part, _title(name, before[name]), "取消")
        elif name not in before:
            yield Difference(part, _title(name, after[name]), "新增")
        elif changed := list(_changed(before[name], after[name])):
            yield Difference(part, _title(name, after[name]), f"修改（{'、'.join(changed)}）")


def _changed(before: Part, after: Part) -> Iterable[str]:
    return (name for name in type(after).model_fields if plain(getattr(before, name)) != plain(getattr(after, name)))


def plain(value: Any) -> Any:
    """A value that can be compared: rules by their text."""
    if isinstance(value, Part):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return getattr(value, "source", value)


def _title(name: str, piece: Any) -> str:
    return str(getattr(piece, "label", "") or getattr(piece, "title", "") or getattr(piece, "say", "") or name)
