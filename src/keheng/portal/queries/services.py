"""What people can do here: by audience and by situation, from ``definitions/portal/services.json``; only what there is.

What can be applied for is told by who knows it (``register_offers``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from keheng.portal.enums.content import Term, definition


@dataclass(frozen=True, slots=True)
class Service:
    """One thing to do: its words, its address, for whom and in which situations, whether one signs in first."""

    code: str
    title: Term
    text: Term
    url: str
    icon: str
    audiences: tuple[str, ...]
    situations: tuple[str, ...]
    sign_in: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Services under a heading."""

    term: Term
    icon: str
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to apply for, in the language of the page, and for which audiences."""

    title: str
    text: str
    url: str
    audiences: tuple[str, ...]


Source = Callable[[], Iterable[Offer]]
_sources: list[Source] = []


def register_offers(source: Source) -> None:
    """Make a source known; asked for each hall that is not cached, so it ought to be quick."""
    if source not in _sources:
        _sources.append(source)


def offers(audience: str = "") -> list[Offer]:
    """What can be applied for by an audience, or by anybody."""
    return [one for source in _sources for one in source() if not audience or audience in one.audiences]


def services() -> list[Service]:
    """Every service whose address there is."""
    return list(_resolved())


def by_audience() -> list[Group]:
    """Services for each audience; audiences without any are left out."""
    return _grouped("audiences")


def by_situation() -> list[Group]:
    """Services for each situation of life."""
    return _grouped("situations")


def _grouped(kind: str) -> list[Group]:
    known = services()
    groups = []
    for code, one in definition("services")[kind].items():
        inside = tuple(service for service in known if code in getattr(service, kind))
        if inside:
            groups.append(Group(Term(code, one["words"]), one["icon"], inside))
    return groups


def _resolved() -> Iterator[Service]:
    for code, one in definition("services")["services"].items():
        try:
            url = reverse(one["address"], args=one.get("args", []))
        except NoReverseMatch:
            continue
        yield Service(
            code, Term(code, one["title"]), Term(code, one["text"]), url, one["icon"], tuple(one["audiences"]), tuple(one["situations"]),
            one["sign_in"],
        )  # fmt: skip
