"""日历: what happens when, told by whoever knows, shown by month and as a private address for other calendars (RFC 5545)."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import icalendar
from django.utils.timezone import localdate, localtime, make_aware, now

from keheng.kernel.desk.models import CalendarFeed
from keheng.kernel.desk.tasks import own_tasks
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, record
from keheng.kernel.working_days import working_calendar

logger = logging.getLogger("keheng.desk")
_DAYS, _MOST_DUE = 7, 500
# What an address for other calendars tells: so far back and ahead.
_BACK, _AHEAD = timedelta(days=31), timedelta(days=366)


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """Something at a time: from ``begin`` up to but not including ``end`` (None: a moment). ``key`` names it for other calendars."""

    begin: datetime
    end: datetime | None
    title: str
    url: str
    key: str


Source = Callable[[Principal, datetime, datetime], Iterable[Item]]
_sources: list[Source] = []


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month's sheet; ``mark`` is 休 or 班 where it is not what its weekday says, ``within`` whether it is of the month."""

    day: date
    within: bool
    today: bool
    mark: str
    items: tuple[Item, ...]


def register_calendar(source: Source) -> None:
    """Show what a source knows of an actor's time ``[begin, end)`` from now on."""
    if source not in _sources:
        _sources.append(source)


def items_of(actor: Principal, begin: datetime, end: datetime) -> list[Item]:
    """Everything that touches ``[begin, end)``, in its order. A source that fails is left out and logged: the others stand."""
    found: set[Item] = set()
    for source in _sources:
        try:
            found |= {item for item in source(actor, begin, end) if item.begin < end and (item.end or item.begin) >= begin}
        except Exception:
            # Whatever a source does wrong is its own affair, as it is with panels.
            logger.exception("calendar source %s failed", source)
    return sorted(found, key=lambda item: (item.begin, item.title, item.key))


def month_of(actor: Principal, first: date) -> list[list[Day]]:
    """The weeks of a month from Monday to Sunday, with what happens on each day."""
    begin = first - timedelta(days=first.weekday())
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    weeks = -(-(after - begin).days // _DAYS)
    days = [begin + timedelta(days=number) for number in range(weeks * _DAYS)]
    items = items_of(actor, _midnight(days[0]), _midnight(days[-1] + timedelta(days=1)))
    made = [Day(day, day.month == first.month, day == localdate(), _mark(day), tuple(_on(items, day))) for day in days]
    return [made[number : number + _DAYS] for number in range(0, len(made), _DAYS)]


def _on(items: list[Item], day: date) -> Iterator[Item]:
    begin, end = _midnight(day), _midnight(day + timedelta(days=1))
    for item in items:
        if item.begin < end and (item.begin >= begin or (item.end is not None and item.end > begin)):
            yield item


def _mark(day: date) -> str:
    works = working_calendar().is_working(day)
    weekend = day.isoweekday() >= _DAYS - 1
    return "班" if works and weekend else "休" if not works and not weekend else ""


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


def due_tasks(actor: Principal, begin: datetime, end: datetime) -> Iterator[Item]:
    """When one's own tasks are due: of so many that no calendar could show them the first ones; the list has all."""
    rows = own_tasks(actor.account).filter(due_at__gte=begin, due_at__lt=end).order_by("due_at")
    for pk, due_at, title, url in rows.values_list("pk", "due_at", "title", "url")[:_MOST_DUE]:
        if due_at is not None:
            yield Item(due_at, None, f"到期：{title}", url, f"task-{pk}")


@act("calendar.renew", ())
def renew_feed(*, actor: Principal) -> str:
    """A new private token for an account's calendar; the old address stops working. The token is kept nowhere."""
    token = secrets.token_urlsafe(24)
    facts = {"token_digest": _digest(token), "made_at": now()}
    CalendarFeed.objects.update_or_create(account=actor.account, defaults=facts)
    record("calendar.renew", actor=actor, target=f"account:{actor.account}")
    return token


@act("calendar.close", ())
def close_feed(*, actor: Principal) -> None:
    """The private address stops working."""
    CalendarFeed.objects.filter(account=actor.account).delete()
    record("calendar.close", actor=actor, target=f"account:{actor.account}")


def feed_owner(token: str) -> str:
    """The account of a token, '' when it is nobody's."""
    return CalendarFeed.objects.filter(token_digest=_digest(token)).values_list("account", flat=True).first() or ""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def feed(actor: Principal, address: Callable[[str], str]) -> bytes:
    """An actor's calendar as iCalendar; ``address`` makes a path a whole address."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Keheng//desk//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "科衡工作台")
    for item in items_of(actor, now() - _BACK, now() + _AHEAD):
        event = icalendar.Event()
        event.add("uid", f"{item.key}@keheng")
        event.add("dtstamp", now().astimezone(UTC))
        event.add("dtstart", localtime(item.begin).astimezone(UTC))
        if item.end is not None:
            event.add("dtend", item.end.astimezone(UTC))
        event.add("summary", item.title)
        if item.url:
            event.add("url", address(item.url))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


register_calendar(due_tasks)
