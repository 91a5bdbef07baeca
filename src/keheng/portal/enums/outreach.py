"""Numbers of outreach that habit or law may change: data in ``definitions/portal/outreach.json``, each with its source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from keheng.kernel.definitions import definitions_folder


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing that the daily inspection of a hall looks at."""

    code: str
    zh: str


@cache
def _read(name: str) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads((definitions_folder("portal") / name).read_text(encoding="utf-8"))
    return content


def parameter(name: str) -> Any:
    """The value of a parameter; raises KeyError for an unknown one."""
    return _read("outreach.json")[name]["value"]


@cache
def checklist() -> tuple[ChecklistItem, ...]:
    """What the daily inspection of an exhibition hall looks at, in order."""
    return tuple(ChecklistItem(code, entry["zh"]) for code, entry in _read("hall_checklist.json").items())
