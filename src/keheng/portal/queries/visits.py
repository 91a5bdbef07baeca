"""Reads of the visits: by month, by day, by section; what is read most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.cache import cache
from django.db.models import QuerySet, Sum
from django.utils.timezone import get_current_timezone, localdate

from keheng.portal.models import Article, ArticleReads, VisitHour, VisitorDay
from keheng.portal.queries.articles import listed
from keheng.portal.rules.sketch import size

_KEPT = 300


@dataclass(frozen=True, slots=True)
class Stretch:
    """Views by people, visits, and what machines asked for, in a stretch of time."""

    label: date
    views: int
    visits: int
    bots: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was visited in a stretch of days; ``people`` is about how many came on each day, the others are views, the most first."""

    days: list[Stretch]
    people: dict[date, int]
    sections: list[tuple[str, int]]
    languages: list[tuple[str, int]]


def midnight(day: date) -> datetime:
    """The moment at which a day begins here."""
    return datetime.combine(day, time(), get_current_timezone())


def hours(begin: date, end: date, section: str = "", language: str = "") -> QuerySet[VisitHour]:
    """Hourly rows of days from ``begin`` up to but not including ``end``."""
    rows = VisitHour.objects.filter(hour__gte=midnight(begin), hour__lt=midnight(end))
    if section:
        rows = rows.filter(section=section)
    return rows.filter(language=language) if language else rows


def by_month(begin: date, end: date) -> list[Stretch]:
    """Months that have rows, in their order; worked out once in five minutes."""
    return cache.get_or_set(f"portal.months.{begin}.{end}", lambda: _folded(begin, end, lambda day: day.replace(day=1)), _KEPT) or []


def figures_of(begin: date, end: date) -> Figures:
    """The figures of days from ``begin`` up to but not including ``end``; worked out once in five minutes."""

    def work_out() -> Figures:
        parts = (by_part(begin, end, part) for part in ("section", "language"))
        return Figures(by_day(begin, end), dict(visitors(begin, end)), *parts)

    return cache.get_or_set(f"portal.visits.{begin}.{end}", work_out, _KEPT)  # type: ignore[return-value]  # never None: it always answers


def by_day(begin: date, end: date) -> list[Stretch]:
    """Days that have rows, in their order."""
    return _folded(begin, end, lambda day: day)


def _folded(begin: date, end: date, label: Callable[[date], date]) -> list[Stretch]:
    """Sums by hour, which the index gives in order, folded here: SQLite would call Python for each row to know its day."""
    rows = hours(begin, end).values_list("hour").annotate(v=Sum("views"), s=Sum("visits"), b=Sum("bots")).order_by("hour")
    sums: dict[date, tuple[int, int, int]] = {}
    for hour, views, visits, bots in rows:
        name = label(localdate(hour))
        before = sums.get(name, (0, 0, 0))
        sums[name] = before[0] + views, before[1] + visits, before[2] + bots
    return [Stretch(name, *found) for name, found in sums.items()]


def by_part(begin: date, end: date, part: str) -> list[tuple[str, int]]:
    """Views by section or by language, the most first."""
    rows = hours(begin, end).values(part).annotate(n=Sum("views")).order_by("-n", part)
    return [(row[part], row["n"]) for row in rows]


def visitors(begin: date, end: date) -> Iterator[tuple[date, int]]:
    """About how many people came on each day."""
    for day, sketch in VisitorDay.objects.filter(day__gte=begin, day__lt=end).order_by("day").values_list("day", "sketch"):
        yield day, size(bytes(sketch))


def most_read(since: date, limit: int) -> list[Article]:
    """Public originals that were read most since a day, the most first; each with ``times``."""
    rows = (
        ArticleReads.objects.filter(day__gte=since, day__lte=localdate())
        .values("article")
        .annotate(n=Sum("views"))
        .order_by("-n", "article")
    )
    numbers = {row["article"]: row["n"] for row in rows[: limit * 3]}
    found = {one.pk: one for one in listed("zh-hans").filter(pk__in=numbers)}
    ordered = [found[number] for number in numbers if number in found][:limit]
    for one in ordered:
        one.times = numbers[one.pk]  # type: ignore[attr-defined]  # shown beside the title
    return ordered
