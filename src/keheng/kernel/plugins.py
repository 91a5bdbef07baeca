"""Providers behind protocols: what an installation may replace without a change of the program.

A *point* is a protocol with the name of its default provider. Providers are registered in the program or by installed packages
(entry points of the group ``keheng.plugins``: each loads a function that calls ``provide``). ``KEHENG_PLUGINS`` chooses by name:
``messenger=file,calendar=gov``.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Generic, TypeVar

T = TypeVar("T")
GROUP = "keheng.plugins"
VARIABLE = "KEHENG_PLUGINS"

logger = logging.getLogger("keheng.plugins")


@dataclass(frozen=True, slots=True)
class Point(Generic[T]):
    """Something that can be provided in several ways. ``protocol`` tells how; ``default`` names the provider that comes with us."""

    name: str
    protocol: type[T]
    default: str


class NoProviderError(LookupError):
    """A point's chosen provider is not there; the message names both."""


_points: dict[str, Point[Any]] = {}
_factories: dict[tuple[str, str], Callable[[], object]] = {}


def declare(point: Point[T]) -> Point[T]:
    """Make a point known; raises ValueError for a name taken by another point."""
    if _points.setdefault(point.name, point) != point:
        raise ValueError(f"plugin point {point.name} is declared twice")
    return point


def provide(point: Point[T], name: str, factory: Callable[[], T]) -> None:
    """Offer a provider under a name; raises ValueError for a name taken by another one."""
    if _factories.setdefault((point.name, name), factory) != factory:
        raise ValueError(f"provider {name} of {point.name} is registered twice")


def chosen(point: Point[T]) -> T:
    """A provider of the point as the installation chose it; raises NoProviderError when it is not there."""
    load_installed()
    name = _choices().get(point.name, point.default)
    factory = _factories.get((point.name, name))
    if factory is None:
        raise NoProviderError(f"{VARIABLE}: no provider {name} for {point.name}")
    provider = factory()
    if not isinstance(provider, point.protocol):
        raise NoProviderError(f"{VARIABLE}: provider {name} does not do what {point.name} asks for")
    return provider


def problems() -> Iterator[str]:
    """What is wrong with the choices: points nobody declared, providers that are not there or cannot be made."""
    yield from load_installed()
    choices = _choices()
    for name in sorted(choices.keys() - _points.keys()):
        yield f"{VARIABLE} 选择了不存在的插件点：{name} / names a point that is not there"
    for point in _points.values():
        try:
            chosen(point)
        except Exception as error:  # noqa: BLE001 -- a provider of others may fail in any way: all are told
            yield f"插件点 {point.name} 不可用：{error} / the point cannot be used"


@cache
def load_installed() -> tuple[str, ...]:
    """Load the providers of installed packages, once; what could not be loaded."""
    wrong = []
    for entry in entry_points(group=GROUP):
        try:
            entry.load()()
        except Exception as error:
            logger.exception("plugin %s cannot be loaded", entry.name)
            wrong.append(f"插件 {entry.name} 无法加载：{error} / the plugin cannot be loaded")
    return tuple(wrong)


def _choices() -> Mapping[str, str]:
    pairs = (pair.partition("=") for pair in os.environ.get(VARIABLE, "").split(",") if pair.strip())
    return {point.strip(): name.strip() for point, _, name in pairs}
