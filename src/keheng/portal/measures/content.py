"""Figures of the content: updates, articles, update time, feedback answered in time, stale columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.timezone import localdate, localtime

from keheng.kernel.measures import Measure, Records, Row, Scope, Value, opened_with, ratio, register
from keheng.kernel.periods import Period
from keheng.kernel.working_days import working_calendar
from keheng.portal.enums.content import definition
from keheng.portal.models import Feedback, Publication
from keheng.portal.queries.ages import ages
from keheng.portal.queries.visits import midnight
from keheng.portal.rules.content import SEE

_HOUR = Decimal(3600)


def _publications(period: Period, scope: Scope) -> QuerySet[Publication]:
    """What went out in the period; ``column`` (its address) and ``language`` narrow it."""
    rows = Publication.objects.filter(published_at__gte=midnight(period.begin), published_at__lt=midnight(period.end))
    if "column" in scope:
        rows = rows.filter(article__column__slug=scope["column"])
    return rows.filter(article__language=scope["language"]) if "language" in scope else rows


def _updated(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_publications(period, scope).count()))


def _first(period: Period, scope: Scope) -> Value:
    return Value(Decimal(_publications(period, scope).filter(first=True).count()))


def _rows(rows: QuerySet[Publication]) -> Iterator[Row]:
    names = (
        "id",
        "article",
        "version",
        "version__number",
        "article__column__slug",
        "article__language",
        "first",
        "decided_at",
        "published_at",
    )
    yield from rows.order_by("pk").values(*names).iterator()


def _updated_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _rows(_publications(period, scope))


def _first_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _rows(_publications(period, scope).filter(first=True))


def _clock(scope: Scope) -> str:
    return scope.get("clock", str(definition("site")["update_time"]["clock"]))


def elapsed(begin: datetime, end: datetime, clock: str) -> timedelta:
    """Time between two moments: ``wall`` all of it, ``working`` only what falls on working days."""
    if clock == "wall":
        return end - begin
    calendar, total, at = working_calendar(), timedelta(0), localtime(begin)
    last = localtime(end)
    while at < last:
        following = min(last, localtime(midnight(at.date() + timedelta(days=1))))
        if calendar.is_working(at.date()):
            total += following - at
        at = following
    return total


def _update_time(period: Period, scope: Scope) -> Value:
    spans = [elapsed(begin, end, _clock(scope)) for begin, end in _publications(period, scope).values_list("decided_at", "published_at")]
    if not spans:
        return Value(None)
    seconds = sum((Decimal(int(span.total_seconds())) for span in spans), Decimal(0))
    return ratio(seconds / _HOUR, len(spans), Decimal(1))


def _update_rows(period: Period, scope: Scope) -> Iterator[Row]:
    for row in _updated_rows(period, scope):
        begin, end = row["decided_at"], row["published_at"]
        if isinstance(begin, datetime) and isinstance(end, datetime):
            yield {**row, "clock": _clock(scope), "seconds": int(elapsed(begin, end, _clock(scope)).total_seconds())}


def _promised() -> Decimal:
    """Within how many hours after its approval something is to be public."""
    return Decimal(str(definition("site")["update_time"]["promised_hours"]))


def _prompt_rows(period: Period, scope: Scope) -> Iterator[Row]:
    most = int(_promised() * _HOUR)
    for row in _updated_rows(period, scope):
        begin, end = row["decided_at"], row["published_at"]
        if isinstance(begin, datetime) and isinstance(end, datetime):
            yield {**row, "promptly": int(elapsed(begin, end, "wall").total_seconds()) <= most}


def _prompt(period: Period, scope: Scope) -> Value:
    kept = [bool(row["promptly"]) for row in _prompt_rows(period, scope)]
    return ratio(sum(kept), len(kept))


def _received(period: Period, scope: Scope) -> QuerySet[Feedback]:
    """Feedback of the period; ``kind`` narrows it."""
    rows = Feedback.objects.filter(received_at__gte=midnight(period.begin), received_at__lt=midnight(period.end))
    return rows.filter(kind=scope["kind"]) if "kind" in scope else rows


def _replied(period: Period, scope: Scope) -> Value:
    rows = _received(period, scope)
    return ratio(rows.exclude(answered_at=None).count(), rows.count())


def _replied_rows(period: Period, scope: Scope) -> Iterator[Row]:
    yield from _received(period, scope).order_by("pk").values("id", "number", "kind", "received_at", "answered_at").iterator()


def _due(period: Period) -> QuerySet[Feedback]:
    """Feedback whose time ended in the period, and has ended by today."""
    return Feedback.objects.filter(due_on__gte=period.begin, due_on__lt=min(period.end, localdate()))


def _in_time(answered_at: datetime | None, due_on: date) -> bool:
    return answered_at is not None and localtime(answered_at.astimezone(UTC)).date() <= due_on


def _answered(period: Period, _scope: Scope) -> Value:
    rows = list(_due(period).values_list("answered_at", "due_on"))
    return ratio(sum(_in_time(at, due) for at, due in rows), len(rows))


def _answered_rows(period: Period, _scope: Scope) -> Iterator[Row]:
    for row in _due(period).order_by("pk").values("id", "number", "kind", "received_at", "due_on", "answered_at").iterator():
        yield {**row, "in_time": _in_time(row["answered_at"], row["due_on"])}


def _day(period: Period) -> date:
    return min(period.last_day, localdate())


def _stale(period: Period, _scope: Scope) -> Value:
    return Value(Decimal(sum(age.stale(_day(period)) for age in ages(_day(period)))))


def _stale_rows(period: Period, _scope: Scope) -> Iterator[Row]:
    for age in ages(_day(period)):
        column = age.column
        yield {
            "column": column.slug,
            "greatest_age": column.greatest_age,
            "last": age.last,
            "on": _day(period),
            "stale": age.stale(_day(period)),
        }


_ARTICLES = Records("article", "article", "article", opened_with(SEE, "manage:article"))
_FEEDBACK = Records("feedback", "id", "number", opened_with("portal.feedback.see", "manage:feedback"))

register(
    Measure("portal.items_updated", "条", "期内发布的版本数：首次发布和更新都计，只计走完三审的", 1, _updated, _updated_rows, _ARTICLES)
)
register(Measure("portal.articles_published", "篇", "期内首次发布的文章数", 1, _first, _first_rows, _ARTICLES))
register(
    Measure(
        "portal.update_time", "小时", "审核通过（定时发布的，所定时间）到公开的平均时间；clock：wall 自然时，working 只计工作日", 1,
        _update_time, _update_rows, _ARTICLES,
    )
)  # fmt: skip
register(
    Measure(
        "portal.feedback_answered_in_time", "%", "期限在期内的留言中，按期答复的占比；到今天期限未到的不计", 1, _answered, _answered_rows,
        _FEEDBACK,
    )
)  # fmt: skip
register(Measure("portal.stale_columns", "个", "期末（不晚于今天）超过更新期限的栏目数，没有内容的也计", 1, _stale, _stale_rows))
register(
    Measure(
        "portal.published_promptly", "%", f"期内发布的版本中，审核通过后 {_promised()} 小时内公开的比例（自然时）", 1,
        _prompt, _prompt_rows, _ARTICLES,
    )
)  # fmt: skip
register(
    Measure("portal.feedback_answered", "%", "期内收到的留言中已答复的比例；范围 kind 为留言类型", 1, _replied, _replied_rows, _FEEDBACK)
)
