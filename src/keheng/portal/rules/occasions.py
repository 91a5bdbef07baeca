"""After what a standing survey asks: told by whoever knows when a service is over, so that the portal knows no service."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from keheng.kernel.definitions import definitions_folder


@dataclass(frozen=True, slots=True)
class Occasion:
    """A kind of service that comes to an end; ``subjects`` gives the codes and titles among which a survey may choose one.

    ``outside``: it happens in another system, which tells of it over the API.
    """

    code: str
    title_zh: str
    subjects: Callable[[], Iterable[tuple[str, str]]]
    outside: bool = False


_occasions: dict[str, Occasion] = {}


def register_occasion(occasion: Occasion) -> None:
    """Make an occasion known; raises ValueError when another one has its code."""
    if _occasions.setdefault(occasion.code, occasion) != occasion:
        raise ValueError(f"occasion {occasion.code} is registered twice")


def all_occasions() -> list[Occasion]:
    """All occasions by code."""
    return [_occasions[code] for code in sorted(_occasions)]


def is_offered(code: str, subject: str) -> bool:
    """Whether a survey may ask after this; '' as the subject stands for all of the occasion."""
    known = _occasions.get(code)
    return known is not None and (not subject or any(subject == one for one, _ in known.subjects()))


def is_told_from_outside(code: str, subject: str) -> bool:
    """Whether other systems may tell that such a service is over."""
    return is_offered(code, subject) and _occasions[code].outside


def outside_occasions() -> Iterable[Occasion]:
    """Services of other systems, as ``definitions/portal/occasions.json`` lists them."""
    told = json.loads((definitions_folder("portal") / "occasions.json").read_text(encoding="utf-8"))
    for one in told["occasions"]:
        yield Occasion(one["code"], one["title_zh"], one["subjects"].items, outside=True)


def after_what(code: str, subject: str) -> str:
    """After what a survey asks, in Chinese; the codes themselves where nobody knows them any more."""
    known = _occasions.get(code)
    if known is None:
        return " ".join(one for one in (code, subject) if one)
    return f"{known.title_zh}：{dict(known.subjects()).get(subject, subject) if subject else '全部'}"
