"""Limits and habits of the desk: data of ``definitions/desk/policy.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from keheng.kernel.definitions import definitions_folder


@cache
def _all() -> Mapping[str, Mapping[str, int]]:
    found: dict[str, Mapping[str, int]] = json.loads((definitions_folder("desk") / "policy.json").read_text(encoding="utf-8"))
    return found


def policy(part: str) -> Mapping[str, int]:
    """The numbers of one part."""
    return _all()[part]
