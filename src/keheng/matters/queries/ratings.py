"""Ratings as pages say them: what is asked of a case, what was answered, and the public result of a matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, Count
from django.utils.timezone import get_current_timezone, localdate

from keheng.matters.enums import TurnState
from keheng.matters.models import Case, FollowUp, Rating, RatingAspect, Turn
from keheng.matters.queries.points import in_words
from keheng.matters.rules.ratings import ONLINE, WINDOW, Aspect, rating_texts

_DAYS, _KEPT = 365, 600


@dataclass(frozen=True, slots=True)
class Level:
    """A level that can be chosen, for the whole or for an aspect."""

    stars: int
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a rater, with what was typed: levels of the whole, and levels of each aspect by its code and title."""

    levels: list[Level]
    aspects: list[tuple[str, str, list[Level]]]
    comment: str


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating in words, with its follow-up where it has one."""

    stars: int
    title: str
    aspects: list[tuple[str, str]]
    comment: str
    at: datetime
    follow_up: FollowUp | None


@dataclass(frozen=True, slots=True)
class Results:
    """How a matter was rated in the last year: how many, how many well in percent, how many by level, mean and number by aspect.

    Nobody is named.
    """

    count: int
    good: Decimal
    levels: list[tuple[int, int]]
    aspects: list[tuple[str, Decimal, int]]


def asked_of(case: Case, typed: Mapping[str, str]) -> Asked:
    """The questions of today's texts; those of the window only where somebody was served at one for this case."""
    texts = rating_texts(localdate())
    served = Turn.objects.filter(case=case, state=TurnState.DONE).exists()
    places: Collection[str] = {ONLINE, WINDOW} if served else {ONLINE}

    def levels(given: str) -> list[Level]:
        return [Level(stars, in_words(words), given == str(stars)) for stars, words in texts.levels.items()]

    return Asked(
        levels(typed.get("stars", "")),
        [(code, in_words(one.words), levels(typed.get(f"aspect-{code}", ""))) for code, one in texts.aspects.items() if one.at in places],
        typed.get("comment", ""),
    )


def rating_of(case: Case) -> Rated | None:
    """How a case was rated, in the words it was asked with; None before. Who reads ``rating__follow_up`` with the case saves queries."""
    row: Rating | None = getattr(case, "rating", None)
    if row is None:
        return None
    texts = rating_texts(row.edition or localdate(row.at))
    parts = RatingAspect.objects.filter(rating=row).order_by("pk")
    aspects = [(in_words(texts.aspects[one.code].words), in_words(texts.levels[one.stars])) for one in parts if one.code in texts.aspects]
    return Rated(row.stars, in_words(texts.levels[row.stars]), aspects, row.comment, row.at, getattr(row, "follow_up", None))


def results_of(matter: str) -> Results | None:
    """The results of the last 365 days, worked out once in ten minutes; None where nobody rated."""
    today = localdate()
    found: tuple[dict[int, int], dict[str, tuple[Decimal, int]]] = cache.get_or_set(  # type: ignore[assignment]  # never None: it always answers
        f"matters.ratings.{matter}.{today}", lambda: _counted(matter, today), _KEPT
    )
    by_stars, by_aspect = found
    count, texts = sum(by_stars.values()), rating_texts(today)
    if not count:
        return None
    good = sum(number for stars, number in by_stars.items() if stars >= texts.good_from)
    known: list[Aspect] = [one for code, one in texts.aspects.items() if code in by_aspect]
    return Results(
        count,
        round(Decimal(good) * 100 / count, 1),
        [(stars, by_stars.get(stars, 0)) for stars in texts.levels],
        [(one.code, *by_aspect[one.code]) for one in known],
    )


def _counted(matter: str, today: date) -> tuple[dict[int, int], dict[str, tuple[Decimal, int]]]:
    """Ratings by stars, and the mean stars of aspects with their number by code."""
    since = datetime.combine(today - timedelta(days=_DAYS), time(), get_current_timezone())
    rows = Rating.objects.filter(case__matter=matter, at__gte=since)
    stars = {row["stars"]: row["n"] for row in rows.values("stars").annotate(n=Count("pk")).order_by()}
    means = RatingAspect.objects.filter(rating__in=rows).values("code").annotate(mean=Avg("stars"), n=Count("pk")).order_by()
    return stars, {row["code"]: (round(Decimal(str(row["mean"])), 1), row["n"]) for row in means}


def results_said(matter: str) -> dict[str, Any] | None:
    """The public results in the words of the page's language."""
    found, texts = results_of(matter), rating_texts(localdate())
    if found is None:
        return None
    return {
        "count": found.count,
        "good": found.good,
        "levels": [(in_words(texts.levels[stars]), number) for stars, number in found.levels],
        "aspects": [(in_words(texts.aspects[code].words), mean, n) for code, mean, n in found.aspects],
    }
