"""After what a standing survey asks: told by whoever knows when a service is over, so that the portal knows no service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Occasion:
    """A kind of service that comes to an end; ``subjects`` gives the codes and titles among which a survey may choose one."""

    code: str
    title_zh: str
    subjects: Callable[[], Iterable[tuple[str, str]]]


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


def after_what(code: str, subject: str) -> str:
    """After what a survey asks, in Chinese; the codes themselves where nobody knows them any more."""
    known = _occasions.get(code)
    if known is None:
        return " ".join(one for one in (code, subject) if one)
    return f"{known.title_zh}：{dict(known.subjects()).get(subject, subject) if subject else '全部'}"
