"""What people can do here: by audience and by situation, from ``definitions/portal/services.json``; only what there is."""

from __future__ import annotations

from collections.abc import Iterator
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
