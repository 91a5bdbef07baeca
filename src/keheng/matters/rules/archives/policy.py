"""What a package must say, how often it is checked, how long it may be read: dated data with their sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from keheng.kernel.definitions import definitions_folder
from keheng.matters.rules.files.parts import Matter


@cache
def policy() -> Mapping[str, Any]:
    """``definitions/matters/archive.json``."""
    found: Mapping[str, Any] = json.loads((definitions_folder("matters") / "archive.json").read_text(encoding="utf-8"))
    return found


def number(name: str) -> int:
    """A number of the policy."""
    return int(policy()[name]["value"])


def is_private(matter: Matter) -> bool:
    """Whether its packages are read only with somebody's approval: the form asks for identity numbers or what the file calls private."""
    return any(field.private or field.type == "id_number" for field in matter.fields)
