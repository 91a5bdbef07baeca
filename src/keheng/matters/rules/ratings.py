"""What a rating asks, how much praise from one place is looked at, how long a bad one may wait: central texts and limits, dated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.errors import Problem, problem

ONLINE, WINDOW = "online", "window"
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something that is rated by itself, if the rater likes: where it applies (``online`` or ``window``) and its words by language."""

    code: str
    at: str
    words: Words


@dataclass(frozen=True, slots=True)
class RatingTexts:
    """An edition of the central texts: levels from the best to the worst, aspects, which stars are good and which are bad."""

    since: date
    levels: Mapping[int, Words]
    aspects: Mapping[str, Aspect]
    good_from: int
    bad_up_to: int


@dataclass(frozen=True, slots=True)
class FollowUpLimits:
    """Working days to answer a bad rating by how hard it is, and what one counts as before anybody has looked."""

    since: date
    days: Mapping[str, int]
    usual: str


@cache
def _policy() -> Mapping[str, Any]:
    """``definitions/matters/ratings.json``."""
    found: Mapping[str, Any] = json.loads((definitions_folder("matters") / "ratings.json").read_text(encoding="utf-8"))
    return found


@cache
def _editions() -> tuple[RatingTexts, ...]:
    return tuple(sorted((_texts(one) for one in _policy()["texts"]), key=lambda one: one.since))


def _texts(one: Mapping[str, Any]) -> RatingTexts:
    aspects = {
        code: Aspect(code, each["at"], {name: each[name] for name in ("zh", "en", "ja", "ko")}) for code, each in one["aspects"].items()
    }
    levels = {int(stars): words for stars, words in one["levels"].items()}
    return RatingTexts(date.fromisoformat(one["since"]), levels, aspects, one["good_from"], one["bad_up_to"])


@cache
def _limits() -> tuple[FollowUpLimits, ...]:
    rows = (FollowUpLimits(date.fromisoformat(one["since"]), one["days"], one["usual"]) for one in _policy()["limits"])
    return tuple(sorted(rows, key=lambda one: one.since))


def rating_texts(day: date) -> RatingTexts:
    """The texts in force on a day; before the first edition that one, since older ratings have no others."""
    return next((one for one in reversed(_editions()) if one.since <= day), _editions()[0])


def follow_up_limits(day: date) -> FollowUpLimits:
    """The limits in force on a day; before the first edition that one."""
    return next((one for one in reversed(_limits()) if one.since <= day), _limits()[0])


def most_praise() -> int:
    """How many best ratings from one network in one day are nothing to look at."""
    return int(_policy()["praise"]["most_a_day"])


def rating_problems(texts: RatingTexts, stars: int, aspects: Mapping[str, int], comment: str, longest: int) -> list[Problem]:
    """Everything wrong with a rating as it was given; ``aspects`` are stars by code."""
    found = [] if stars in texts.levels else [problem("MATTER_STARS", "stars")]
    for code, given in aspects.items():
        if code not in texts.aspects or given not in texts.levels:
            found.append(problem("MATTER_RATE_ASPECT", code))
    if len(comment.strip()) > longest:
        found.append(problem("MATTER_RATE_LONG", "comment", most=longest, given=len(comment.strip())))
    return found
