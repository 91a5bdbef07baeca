"""Parameters of sign-in, dated data of ``definitions/access/policy.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from keheng.kernel.definitions import definitions_folder


@cache
def policy(part: str) -> Mapping[str, int]:
    """The parameters of one part: password, lock, session, dormant, invitation, queue; raises KeyError for another."""
    parts = json.loads((definitions_folder("access") / "policy.json").read_text(encoding="utf-8"))
    return {name: value for name, value in parts[part].items() if isinstance(value, int)}
