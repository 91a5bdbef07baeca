"""A year of visits as hourly rows that add up exactly, and the days since; sketches of visitors; what is read most."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

from keheng.kernel.trail.record import SYSTEM, digest_of, record
from keheng.kernel.working_days import working_calendar
from keheng.portal.demo.faults import Fault, Progress, demo_year
from keheng.portal.models import Article, ArticleReads, VisitHour, VisitorDay
from keheng.portal.queries.visits import midnight
from keheng.portal.rules.sketch import added

_KEY = 20260303
_BATCH = 2_000
# Views of the demo year (published_figures.md: 11.143566 million), and a hundredth of them.
VIEWS = {"small": 111_436, "full": 11_143_566}
# Per mille of an hour's views by section and language.
_CELLS = (
    ("home", "zh-hans", 254), ("articles", "zh-hans", 252), ("policies", "zh-hans", 112), ("services", "zh-hans", 130),
    ("search", "zh-hans", 75), ("columns", "zh-hans", 64), ("events", "zh-hans", 24), ("halls", "zh-hans", 17),
    ("feedback", "zh-hans", 20), ("other", "zh-hans", 12), ("home", "en", 14), ("articles", "en", 12), ("articles", "ja", 8),
    ("articles", "ko", 6),
)  # fmt: skip
_BY_HOUR = (8, 5, 3, 2, 2, 4, 9, 22, 55, 88, 96, 82, 46, 52, 80, 88, 82, 66, 44, 42, 44, 38, 26, 16)
_RESTING = 0.42
_A_VISIT, _A_VISITOR = 3.1, 5.2
_READ, _READ_DAYS = 40, 60
FAULTS: tuple[Fault, ...] = ()
# A hundred thousand rows: written as they are, since Django would take longer to write the statements than the database to keep them.
_INSERT = f"""
INSERT INTO {VisitHour._meta.db_table} (hour, section, language, views, visits, bots, own) VALUES (%s, %s, %s, %s, %s, %s, %s)
"""  # noqa: S608, SLF001 -- the table's own name, as Django tells it
Row = tuple[Any, str, str, int, int, int, int]


def load(*, scale: str, progress: Progress) -> None:
    """Write hourly rows, sketches and reads."""
    random = Random(_KEY)  # noqa: S311 -- the same city every time is what is wanted
    year, today = demo_year(), localdate()
    begin, end = date(year, 1, 1), date(year + 1, 1, 1)
    since = (today - end).days
    spans = [(begin, end, VIEWS[scale])]
    if since:
        spans.append((end, today, VIEWS[scale] * since // 365))
    with transaction.atomic():
        for first, last, views in spans:
            _write(random, first, last, views, progress)
        _reads(random, today, VIEWS[scale])
        record("demo.visits", actor=SYSTEM, target=f"demo:{scale}", after=digest_of({"views": VIEWS[scale]}))


def _write(random: Random, begin: date, end: date, views: int, progress: Progress) -> None:
    days: dict[date, int] = {}
    rows = _rows(random, begin, end, views, days)
    written, total = 0, views
    while part := list(islice(rows, _BATCH)):
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, part)
        written += sum(views for _, _, _, views, *_ in part)
        progress(f"访问 visits {begin.year}", written, total)
    VisitorDay.objects.bulk_create(
        [
            VisitorDay(day=day, sketch=added(b"", (random.getrandbits(64) for _ in range(round(count / _A_VISITOR)))))
            for day, count in sorted(days.items())
        ],
        batch_size=100,
    )


def _rows(random: Random, begin: date, end: date, views: int, days: dict[date, int]) -> Iterator[Row]:
    """Cells with their share of the views: what is rounded off one goes to the next, so that the sum is exact."""
    calendar = working_calendar()
    weights = []
    for day in (begin + timedelta(days=place) for place in range((end - begin).days)):
        factor = (1.0 if calendar.is_working(day) else _RESTING) * random.uniform(0.82, 1.18)
        weights.append((day, [factor * hour * random.uniform(0.9, 1.1) for hour in _BY_HOUR]))
    total, passed, given = sum(sum(hours) for _, hours in weights), 0.0, 0
    thousand = sum(share for _, _, share in _CELLS)
    for day, hours in weights:
        start = midnight(day).astimezone(UTC)
        for hour, weight in enumerate(hours):
            at = start + timedelta(hours=hour)
            for section, language, share in _CELLS:
                passed += weight * share / thousand
                upto = round(views * passed / total)
                count, given = upto - given, upto
                days[day] = days.get(day, 0) + count
                if count or section == "home":
                    yield _row(at, section, language, count)


def _row(at: datetime, section: str, language: str, count: int) -> Row:
    """Beside people's views: what machines asked for, and our own probe once a minute."""
    own = 60 if (section, language) == ("home", "zh-hans") else 0
    return connection.ops.adapt_datetimefield_value(at), section, language, count, round(count / _A_VISIT), count * 35 // 100, own


def _reads(random: Random, today: date, views: int) -> None:
    """Readers of some articles in the last weeks."""
    numbers = list(
        Article.objects.filter(public__isnull=False, original__isnull=True)
        .order_by("-first_published_at")
        .values_list("pk", flat=True)[:_READ]
    )
    ArticleReads.objects.bulk_create(
        [
            ArticleReads(
                article_id=number, day=today - timedelta(days=back), views=random.randrange(1, max(2, views // 365 // (place + 4)))
            )
            for place, number in enumerate(numbers)
            for back in range(1, _READ_DAYS)
        ],
        batch_size=_BATCH,
    )
