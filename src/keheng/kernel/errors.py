"""What is wrong with an input and what to do about it, in Chinese and English, under codes that never change.

The wording is data: ``definitions/*/errors.json`` maps each code to ``{zh, en, remedy_zh, remedy_en}`` and, where a visitor can
meet it on a page in Japanese or Korean, ``{ja, ko, remedy_ja, remedy_ko}``, with ``{placeholders}`` for values,
``"overridable": true`` where a person with the right to do so may go on all the same, and ``"marked": "why"`` for a
code that is registered before anything uses it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from keheng.kernel.definitions import definitions_folder

_TEXTS = ("zh", "en", "remedy_zh", "remedy_en")
_VISITORS = ("ja", "ko", "remedy_ja", "remedy_ko")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: a stable code, the field ('' for the whole), what is wrong and what to do about it.

    Japanese and Korean are '' for what no visitor of a public page can meet.
    """

    code: str
    field: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    overridable: bool = False
    ja: str = ""
    ko: str = ""
    remedy_ja: str = ""
    remedy_ko: str = ""


class Refused(Exception):  # noqa: N818 -- nothing failed: an input was refused, and says all that is wrong with it
    """An input was refused; ``problems`` holds everything wrong with it at once, never empty."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        if not self.problems:
            raise ValueError("a refusal needs a problem")
        super().__init__("；".join(f"{one.zh} ({one.en})" for one in self.problems))


def attempt(act: Callable[[], object]) -> tuple[Problem, ...]:
    """Do it; everything that stood in the way, nothing when it is done."""
    try:
        act()
    except Refused as refusal:
        return refusal.problems
    return ()


@cache
def registry() -> Mapping[str, Mapping[str, Any]]:
    """Every registered code with its wording, from all ``errors.json`` files; shared: read it, never change it.

    Raises FileNotFoundError when the installation is incomplete and ValueError when two files register one code.
    """
    folder = definitions_folder("kernel").parent
    known: dict[str, Mapping[str, Any]] = {}
    for file in sorted(folder.glob("*/errors.json")):
        entries: dict[str, Mapping[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        if doubled := known.keys() & entries.keys():
            raise ValueError(f"{file.parent.name}/errors.json registers again: {', '.join(sorted(doubled))}")
        known.update(entries)
    return known


def problem(code: str, field: str = "", **values: object) -> Problem:
    """The problem of a registered code, its placeholders filled with values.

    Raises KeyError when the code is not registered or a placeholder has no value: both are mistakes in the program.
    """
    entry = registry()[code]
    zh, en, remedy_zh, remedy_en = (entry[text].format_map(values) for text in _TEXTS)
    others = {text: entry.get(text, "").format_map(values) for text in _VISITORS}
    return Problem(code, field, zh, en, remedy_zh, remedy_en, overridable=entry.get("overridable", False), **others)
