"""Routes to a class: each decides by itself, by a rule or by points, and the best one counts. Points are only one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.logic import Rule, Trace, Truth, compile_rule, settling
from keheng.matters.rules.scales.score import Score
from keheng.matters.rules.scales.table import Source, Words

_POINTS = "points"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Asked(_Part):
    """A question that the routes ask beside those of the points table."""

    id: str
    type: Literal["yesno", "number"]
    title: Words


class Route(_Part):
    """A way into a class: a rule over facts, or so many points; ``art`` is its clause."""

    id: str
    to: str = Field(alias="class")
    title: Words
    art: str
    rule: str = ""
    points: int | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.rule) == (self.points is not None):
            raise ValueError(f"{self.id}: a route has a rule or points")
        if self.rule:
            compiled(self.rule)
        return self


class Routes(_Part):
    """All routes of a system; classes stand from the best to the one that is left."""

    id: str
    begins: date = Field(alias="from")
    table: str
    title: Words
    classes: tuple[str, ...]
    source: Source
    facts: tuple[Asked, ...]
    routes: tuple[Route, ...]

    @model_validator(mode="after")
    def _lead_somewhere(self) -> Self:
        if lost := {route.to for route in self.routes} - set(self.classes):
            raise ValueError(f"{self.id}: no class {', '.join(sorted(lost))}")
        return self


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a route; ``open_facts`` would settle it."""

    route: Route
    truth: Truth
    open_facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The class that is certain and the best one that is possible, and every route behind them."""

    certain: str
    possible: str
    found: tuple[Found, ...]

    @property
    def best_question(self) -> str:
        """The fact that opens most routes better than the class that is certain; '' when nothing is open."""
        counts = Counter(name for one in self.found if one.truth is Truth.UNKNOWN for name in one.open_facts)
        return min(counts, key=lambda name: (-counts[name], name), default="")


def standing(routes: Routes, score: Score, facts: Mapping[str, Any]) -> Standing:
    """Where a person stands by all routes; facts are those of the points table and of ``routes.facts``, absent where unknown."""
    found = tuple(_tried(route, score, facts) for route in routes.routes)
    rest = routes.classes[-1]
    certain = _best(routes, [one.route.to for one in found if one.truth is Truth.MET], rest)
    possible = _best(routes, [one.route.to for one in found if one.truth is not Truth.UNMET], rest)
    # A route to no better class than the one that is certain settles nothing more.
    above = set(routes.classes[: routes.classes.index(certain)])
    told = tuple(one if one.route.to in above else Found(one.route, one.truth, ()) for one in found)
    return Standing(certain, possible, told)


def _best(routes: Routes, classes: list[str], rest: str) -> str:
    return min(classes, key=routes.classes.index, default=rest)


def _tried(route: Route, score: Score, facts: Mapping[str, Any]) -> Found:
    if route.points is not None:
        truth = Truth.MET if score.low >= route.points else Truth.UNMET if score.high < route.points else Truth.UNKNOWN
        return Found(route, truth, tuple(line.item.id for line in score.unknown) if truth is Truth.UNKNOWN else ())
    trace: Trace = compiled(route.rule).explain(facts)
    return Found(route, trace.truth, tuple(settling(trace)) if trace.truth is Truth.UNKNOWN else ())


@cache
def compiled(rule: str) -> Rule:
    """A rule ready to be asked; raises RuleError for one that is none."""
    return compile_rule(rule)


@cache
def routes_of(name: str) -> Routes:
    """The routes of a system; raises KeyError for none, ValueError (pydantic's) for a file that cannot be used."""
    for path in sorted(definitions_folder("matters").parent.glob("*/routes/*.yaml")):
        found = Routes.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        if found.id == name:
            return found
    raise KeyError(name)
