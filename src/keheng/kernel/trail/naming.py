"""What the trail's codes are called: acts by ``definitions/kernel/acts.json``, records by the kinds that acts name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from keheng.kernel.definitions import definitions_folder


def act_title(code: str) -> str:
    """An act in words, "办件：催办"; its code where it has none, as entries of an older version may."""
    kind, _, does = code.partition(".")
    said = _told()["acts"].get(kind, {})
    return f"{said['title']}：{said['does'][does]}" if does in said.get("does", ()) else code


def target_title(target: str) -> str:
    """A record in words, "办件 12"; as it is written where its kind has none, or it names a record by something else than a number."""
    kind, _, number = target.partition(":")
    title = _told()["targets"].get(kind) or _told()["acts"].get(kind, {}).get("title", "")
    return f"{title} {number}" if title and number.isdecimal() else target


def act_kinds() -> list[tuple[str, str]]:
    """What acts are done to, with its words."""
    return [(kind, said["title"]) for kind, said in _told()["acts"].items()]


@cache
def _told() -> Mapping[str, Any]:
    told: dict[str, Any] = json.loads((definitions_folder("kernel") / "acts.json").read_text(encoding="utf-8"))
    return told
