"""From the text of a file to a matter: everything wrong with it at once, each with its line and what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from keheng.kernel.errors import Problem, problem
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.sharing import Weaving, origin, own_lines, parts_of

Path = tuple[str | int, ...]
Described = TypeVar("Described", bound=BaseModel)
_DEEPEST = 20
# What pydantic calls the kinds of a part that may be one of several.
_KINDS = frozenset({"bool", "str", "constrained-str"})


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong in a file: which, on what line (0: the whole), and the problem; its field is the path of the part."""

    file: str
    line: int
    problem: Problem

    def __str__(self) -> str:
        """A line for a terminal."""
        one = self.problem
        place = f"{self.file}:{self.line}" if self.line else self.file
        path = f" [{one.field}]" if one.field else ""
        return f"{place}{path} {one.code}: {one.zh}：{one.remedy_zh} / {one.en}: {one.remedy_en}"


class FlawedError(ValueError):
    """A file that cannot be used; ``flaws`` tells everything wrong with it."""

    def __init__(self, flaws: list[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__("\n".join(map(str, flaws)))


@dataclass(frozen=True)
class Read:
    """A file as it was read: the matter, the SHA-256 of its text, and the line of each part by its path."""

    file: str
    text: str
    matter: Matter
    lines: Mapping[Path, int]

    @cached_property
    def own_lines(self) -> int:
        """How many lines the matter's own file has; those of shared files come after them."""
        return own_lines(self.text)

    @property
    def digest(self) -> str:
        """The version of a matter is what its text says."""
        return digest_of_text(self.text)

    def flaw(self, path: Path, what: Problem) -> Flaw:
        """Something wrong at a path."""
        return Flaw(*origin(self.text, self.file, line_of(self.lines, path)), replace(what, field=written(path)))

    def is_own(self, path: Path) -> bool:
        """Whether a part stands in the matter's own file rather than in one it shares."""
        return line_of(self.lines, path) <= self.own_lines


def digest_of_text(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def written(path: Path) -> str:
    """A path as people read it: ``states[2].moves[0].to``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest part around it."""
    return next((lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in lines), 0)


def read_text(text: str, file: str) -> Read:
    """The matter that a text describes, not proved yet; raises FlawedError."""
    matter, lines = read_as(Matter, text, file)
    return Read(file, text, matter, lines)


def read_as(kind: type[Described], text: str, file: str) -> tuple[Described, dict[Path, int]]:
    """What a text describes, a matter or anything else with a model, and the line of each part; raises FlawedError."""
    raw, lines, flaws = _parsed(text, file)
    try:
        made = kind.model_validate(raw)
    except ValidationError as error:
        flaws += [_flaw(text, file, lines, one) for one in _worth_telling(error.errors())]
        raise FlawedError(sorted(flaws, key=lambda flaw: flaw.line)) from None
    if flaws:
        raise FlawedError(flaws)
    return made, lines


def _parsed(text: str, file: str) -> tuple[Any, dict[Path, int], list[Flaw]]:
    """The plain values, the line of each path, and keys that stand twice."""
    loader = yaml.CSafeLoader(text)
    try:
        documents: list[yaml.Node] = []
        while loader.check_node():
            node = loader.get_node()
            documents += [node] if node is not None else []
        if not documents:
            raise FlawedError([Flaw(file, 0, problem("MATTER_FILE_EMPTY"))])
        weaving = Weaving(parts_of(documents[1:]))
        whole = weaving.woven(documents[0])
        lines: dict[Path, int] = {}
        flaws = [Flaw(*origin(text, file, line), what) for line, what in weaving.problems]
        for path, line in _walk(whole, (), lines):
            flaws.append(Flaw(*origin(text, file, line), problem("MATTER_FILE_TWICE", written(path), key=path[-1])))
        return loader.construct_document(whole), lines, flaws
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        said = problem("MATTER_FILE_YAML", said=str(error.problem or error))
        raise FlawedError([Flaw(*origin(text, file, mark.line + 1 if mark else 0), said)]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FlawedError([Flaw(file, 0, problem("MATTER_FILE_YAML", said=str(error)[:200]))]) from error
    finally:
        loader.dispose()


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Iterator[tuple[Path, int]]:
    """Note the line of every part; keys that occur twice in one mapping, of which YAML would silently keep the last."""
    if len(path) > _DEEPEST:
        raise ValueError("nested too deeply")
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for number, part in enumerate(node.value):
            yield from _walk(part, (*path, number), lines)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            below = (*path, str(key.value))
            if key.value in seen:
                yield below, key.start_mark.line + 1
            seen.add(key.value)
            yield from _walk(value, below, lines)
            lines[below] = key.start_mark.line + 1


def _worth_telling(errors: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Of a part that may be one of several kinds only what is wrong with the kind that was meant: the longest path."""
    by_place: dict[Path, list[ErrorDetails]] = {}
    for one in errors:
        by_place.setdefault(_plain(one["loc"]), []).append(one)
    for place, same in by_place.items():
        if not any(len(other) > len(place) and other[: len(place)] == place for other in by_place):
            yield min(same, key=lambda one: ("bool" in one["type"], "literal" in one["type"]))


def _plain(place: tuple[int | str, ...]) -> Path:
    """A place in the file, without the names of kinds that pydantic puts between."""
    return tuple(
        part for part in place
        if isinstance(part, int) or not part.isascii() or (part not in _KINDS and part == part.lower() and "[" not in part)
    )  # fmt: skip


def _flaw(text: str, file: str, lines: Mapping[Path, int], error: ErrorDetails) -> Flaw:
    path = _plain(error["loc"])
    where = origin(text, file, line_of(lines, path))
    kind, name = error["type"], str(error["loc"][-1]) if error["loc"] else ""
    if kind == "missing":
        return Flaw(*where, problem("MATTER_FILE_MISSING", written(path), name=name))
    if kind == "extra_forbidden":
        return Flaw(*where, problem("MATTER_FILE_KEY", written(path), name=name))
    given = str(error["input"])[:60]
    return Flaw(*where, problem("MATTER_FILE_VALUE", written(path), said=error["msg"], given=given))
