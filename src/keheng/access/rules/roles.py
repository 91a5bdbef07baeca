"""Roles: sets of permissions, each within a reach; data of ``definitions/access/roles.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.powers import Reach, permissions


@dataclass(frozen=True, slots=True)
class Role:
    """A role. ``post`` names one of the three posts 三员; ``granting`` is two_persons, unit or everyone; ``longest_days`` 0: endless."""

    code: str
    zh: str
    en: str
    post: str
    staff: bool
    granting: str
    longest_days: int
    powers: Mapping[str, Reach]

    def reaches(self, reach: Reach) -> bool:
        """Whether any of its powers is bounded that way."""
        return reach in self.powers.values()


@cache
def roles() -> Mapping[str, Role]:
    """All roles by code; raises ValueError for a permission that nobody defined."""
    entries = json.loads((definitions_folder("access") / "roles.json").read_text(encoding="utf-8"))
    known = permissions()
    found: dict[str, Role] = {}
    for code, entry in entries.items():
        unknown = sorted(entry["powers"].keys() - known.keys())
        if unknown:
            raise ValueError(f"role {code} holds permissions that nobody defined: {', '.join(unknown)}")
        found[code] = Role(
            code, entry["zh"], entry["en"], entry.get("post", ""), entry.get("staff", False), entry["granting"],
            entry.get("longest_days", 0), {name: Reach(reach) for name, reach in entry["powers"].items()},
        )  # fmt: skip
    return found
