"""How old columns are, and when they will be stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate, localtime, now

from keheng.portal.models import Article, Column, Publication
from keheng.portal.queries.visits import midnight


@dataclass(frozen=True, slots=True)
class Age:
    """A column that ought to move: its last publication, whether anything is public in it, and the first day on which it is stale."""

    column: Column
    last: date | None
    filled: bool
    stale_on: date | None

    def stale(self, today: date) -> bool:
        """Whether it is stale on a day; without any item it is."""
        return self.stale_on is None or self.stale_on <= today

    def days_left(self, today: date) -> int:
        """Days until it is stale; 0 when it is."""
        return max(0, (self.stale_on - today).days) if self.stale_on is not None else 0

    @property
    def left(self) -> int:
        """Days until it is stale, from today."""
        return self.days_left(localdate())

    @property
    def is_stale(self) -> bool:
        """Whether it is stale today."""
        return self.stale(localdate())


def ages(on: date | None = None) -> list[Age]:
    """Every column that has a greatest age, the soonest stale first; publications after ``on`` are not known yet."""
    return sorted(_ages(Column.objects.all(), on or localdate()), key=lambda age: (age.stale_on or date.min, age.column.order))


def age_of(column: int) -> Age | None:
    """The age of one column, today; None when it need not move."""
    return next(_ages(Column.objects.filter(pk=column), localdate()), None)


def _ages(columns: QuerySet[Column], day: date) -> Iterator[Age]:
    published = Publication.objects.filter(article__column=OuterRef("pk"), published_at__lt=midnight(day + timedelta(days=1)))
    # Whether, not how many: the first public article answers, where counting would read them all.
    public = Article.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now()), column=OuterRef("pk"), public__isnull=False)
    rows: QuerySet[Column] = columns.filter(greatest_age__isnull=False).annotate(
        last_at=Subquery(published.order_by("-published_at").values("published_at")[:1]),
        filled=Exists(public),
    )
    for column in rows:
        last_at = column.last_at  # type: ignore[attr-defined]  # annotated above
        last = None if last_at is None else localtime(last_at).date()
        stale_on = None if last is None or column.greatest_age is None else last + timedelta(days=column.greatest_age + 1)
        yield Age(column, last, column.filled, stale_on)  # type: ignore[attr-defined]  # annotated above


def latest_publication(column_kinds: tuple[str, ...] = ()) -> date | None:
    """The day of the latest publication, of all columns or of those of some kinds."""
    rows = Publication.objects.all()
    if column_kinds:
        rows = rows.filter(article__column__kind__in=column_kinds)
    at = rows.aggregate(at=Max("published_at"))["at"]
    return None if at is None else localtime(at).date()
