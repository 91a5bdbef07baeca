"""How long what is kept and what becomes of it then: data, with the minima that the law sets.

``definitions/*/retention.json``: id to ``{what_zh, what_en, since_zh, days, action, basis, kind}``. ``days`` counts from the moment that
``since_zh`` names; ``"while active"`` means that this moment comes when the use ends. A rule whose ``kind`` has a minimum in
``definitions/personal/minima.json`` is refused when it is shorter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.errors import Problem, Refused, problem

WHILE_ACTIVE = "while active"
DELETE, BLANK, ANONYMISE, KEEP = "delete", "blank", "anonymise", "keep"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; ``days`` is 0 while active: the time begins when the use ends. ``keep`` as action: nothing is removed by itself."""

    code: str
    what_zh: str
    what_en: str
    since_zh: str
    days: int
    action: str
    basis: str
    kind: str

    @property
    def while_active(self) -> bool:
        """Whether it ends with the use and not after a number of days."""
        return self.days == 0

    def cutoff(self, moment: datetime) -> datetime:
        """What began before this is overdue."""
        return moment - timedelta(days=self.days)


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by id; raises Refused when one breaks the law's minimum or makes no sense, ValueError when two files name one."""
    known: dict[str, Any] = {}
    for file in sorted(definitions_folder("kernel").parent.glob("*/retention.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        if doubled := known.keys() & content.keys():
            raise ValueError(f"{file.parent.name}/retention.json names again: {', '.join(sorted(doubled))}")
        known.update(content)
    return parse_rules(known, minima())


@cache
def minima() -> Mapping[str, Mapping[str, Any]]:
    """Shortest terms by kind of record: ``{days, basis}``."""
    found: dict[str, Mapping[str, Any]] = json.loads((definitions_folder("personal") / "minima.json").read_text(encoding="utf-8"))
    return found


def parse_rules(content: Mapping[str, Any], shortest: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Rule]:
    """Rules from their JSON; raises Refused with everything wrong with them."""
    found = [one for code, entry in content.items() for one in _problems(code, entry, shortest)]
    if found:
        raise Refused(found)
    return {
        code: Rule(
            code, entry["what_zh"], entry["what_en"], entry["since_zh"], 0 if entry["days"] == WHILE_ACTIVE else entry["days"],
            entry["action"], entry["basis"], entry.get("kind", ""),
        )
        for code, entry in content.items()
    }  # fmt: skip


def _problems(code: str, entry: Mapping[str, Any], shortest: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    days, action, kind = entry.get("days"), entry.get("action"), entry.get("kind", "")
    counted = isinstance(days, int) and days > 0
    if action not in {DELETE, BLANK, ANONYMISE, KEEP} or not (counted or days == WHILE_ACTIVE) or (kind and kind not in shortest):
        yield problem("personal.retention_rule", code, rule=code)
    elif kind in shortest and action != KEEP and not (counted and days >= shortest[kind]["days"]):
        yield problem("personal.retention_short", code, rule=code, days=shortest[kind]["days"], basis=shortest[kind]["basis"])
