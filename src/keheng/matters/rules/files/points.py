"""Functions that files may name: guards and effects of moves, what makes a material needless, values that a move takes over.

Which names there are is data (``definitions/matters/points.json``), so that a file is proved wherever it is written; what stands
behind a name is bound when the capability that offers it is there. A guard that nobody has bound is unknown, never met.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal

from keheng.kernel.definitions import definitions_folder

Kind = Literal["guards", "reasons", "effects", "waivers", "facts"]
# Guards, their reasons and waivers are asked of a case that was loaded, facts of its number; an effect follows a move by an actor.
Function = Callable[..., Any]

_bound: dict[tuple[Kind, str], Function] = {}


@cache
def known(kind: Kind) -> Mapping[str, str]:
    """Names with what they are, in Chinese."""
    content: dict[Kind, dict[str, str]] = json.loads((definitions_folder("matters") / "points.json").read_text(encoding="utf-8"))
    # A guard has its reasons under its own name.
    return content["guards" if kind == "reasons" else kind]


def bind(kind: Kind, name: str, function: Function) -> None:
    """Say what stands behind a name; raises KeyError for an unknown name and ValueError for one that is bound otherwise."""
    if name not in known(kind):
        raise KeyError(f"definitions/matters/points.json has no {name} among {kind}")
    if _bound.setdefault((kind, name), function) != function:
        raise ValueError(f"{name} is bound twice")


def bound(kind: Kind, name: str) -> Function | None:
    """What stands behind a name; None when the capability is not there."""
    return _bound.get((kind, name))
