"""Parts that files of one system share, so that nine matters of a family are not nine copies.

A file names shared files in ``parts: [permits]``; they stand in ``definitions/<system>/parts/permits.yaml`` and hold parts by name.
``include: name`` (or several names) takes a part in: as an item of a list it is replaced by the part's items, in a mapping the part's
keys come besides the mapping's own, which win. The text of a matter is its file with the shared files after it, each behind a line
``--- # name``: its digest covers them, and a case keeps all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from keheng.kernel.errors import Problem, problem

INCLUDE, PARTS = "include", "parts"
_HEAD = re.compile(r"^--- # ([\w.-]+)$")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class PartMissingError(ValueError):
    """A shared file that is not there; ``name`` as the file calls it."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def whole_text(path: Path) -> str:
    """The text of a matter's file with the shared files it names; raises OSError, UnicodeDecodeError and PartMissingError."""
    text = path.read_text(encoding="utf-8")
    pieces = [text]
    for name in _named(text):
        part = path.parent.parent / PARTS / f"{name}.yaml"
        if not _NAME.fullmatch(name) or not part.is_file():
            raise PartMissingError(name)
        pieces.append(f"--- # {part.name}\n{part.read_text(encoding='utf-8')}")
    return "\n".join(pieces) if len(pieces) > 1 else text


@lru_cache(maxsize=256)
def _named(text: str) -> tuple[str, ...]:
    """The names under ``parts``; none for a text that cannot be read, which is told when it is read as a matter."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader) if f"\n{PARTS}:" in text else None
    except (yaml.YAMLError, ValueError, RecursionError):
        return ()
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    lists = [value for key, value in pairs if key.value == PARTS and isinstance(value, yaml.SequenceNode)]
    return tuple(str(one.value) for value in lists for one in value.value)


def origin(text: str, file: str, line: int) -> tuple[str, int]:
    """The file and its own line that a line of the whole text comes from."""
    found, begins = file, 0
    for number, words in enumerate(text.split("\n")[:line], 1):
        head = _HEAD.match(words)
        if head is not None:
            found, begins = head[1], number
    return found, line - begins


def own_lines(text: str) -> int:
    """How many lines of a whole text are the matter's own file."""
    lines = text.split("\n")
    return next((number for number, words in enumerate(lines) if _HEAD.match(words)), len(lines))


@dataclass
class Weaving:
    """Nodes of a matter with the parts they include put in; ``problems`` are lines of the whole text with what is wrong there."""

    parts: Mapping[str, yaml.Node]
    problems: list[tuple[int, Problem]] = field(default_factory=list)

    def woven(self, node: yaml.Node, within: tuple[str, ...] = ()) -> yaml.Node:
        """The node with everything it includes; ``within`` are the parts it comes from."""
        if isinstance(node, yaml.SequenceNode):
            node.value = [one for item in node.value for one in self._items(item, within)]
        elif isinstance(node, yaml.MappingNode):
            own = {key.value for key, _ in node.value}
            pairs = [(key, self.woven(value, within)) for key, value in node.value if key.value != INCLUDE]
            for key, value in node.value:
                if key.value == INCLUDE:
                    taken = [pair for part in self._taken(value, yaml.MappingNode, within) for pair in part.value]
                    pairs += [pair for pair in taken if pair[0].value not in own]
            node.value = pairs
        return node

    def _items(self, item: yaml.Node, within: tuple[str, ...]) -> Iterator[yaml.Node]:
        if isinstance(item, yaml.MappingNode) and [key.value for key, _ in item.value] == [INCLUDE]:
            for part in self._taken(item.value[0][1], yaml.SequenceNode, within):
                yield from part.value
        else:
            yield self.woven(item, within)

    def _taken(self, names: yaml.Node, kind: type[yaml.CollectionNode], within: tuple[str, ...]) -> Iterator[yaml.CollectionNode]:
        for one in names.value if isinstance(names, yaml.SequenceNode) else [names]:
            name, line = str(one.value), one.start_mark.line + 1
            part = self.parts.get(name)
            if part is None:
                known = "、".join(sorted(self.parts)) or "—"
                self.problems.append((line, problem("MATTER_FILE_NAME", what="共用部分 / shared part", name=name, known=known)))
            elif not isinstance(part, kind) or name in within:
                self.problems.append((line, problem("MATTER_FILE_SHARE", name=name)))
            else:
                found = self.woven(part, (*within, name))
                if isinstance(found, kind):
                    yield found


def parts_of(documents: list[yaml.Node]) -> dict[str, yaml.Node]:
    """The parts that shared files hold, by name."""
    return {str(key.value): value for one in documents if isinstance(one, yaml.MappingNode) for key, value in one.value}
