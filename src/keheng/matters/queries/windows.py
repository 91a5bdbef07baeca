"""Windows for those who book, for those who wait, and for those who serve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate, now

from keheng.kernel.powers import Principal
from keheng.kernel.working_days import working_calendar
from keheng.matters.enums import TurnState
from keheng.matters.models import Turn, WindowSlot
from keheng.matters.rules.windows import Time, Window, windows

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """A time with the room that is left."""

    time: Time
    left: int


def offers(window: Window, since: date, days: int) -> dict[date, list[Offer]]:
    """The times of the next days that have not begun, by day; days without any are left out."""
    calendar, moment = working_calendar(), now()
    ahead = [since + timedelta(days=number) for number in range(days + 1)]
    times = [time for day in ahead for time in window.times(day, calendar) if time.begins > moment]
    taken = {
        slot.begins_at: slot.places - slot.taken
        for slot in WindowSlot.objects.filter(window=window.id, begins_at__gt=moment, begins_at__lt=moment + timedelta(days=days + 2))
    }
    found: dict[date, list[Offer]] = {}
    for time in times:
        found.setdefault(localdate(time.begins), []).append(Offer(time, taken.get(time.begins, time.places)))
    return found


def time_of(window: Window, begins: datetime) -> Time | None:
    """The time that begins then, of those that may be booked now."""
    today = localdate()
    day = localdate(begins)
    if begins <= now() or not today <= day <= today + timedelta(days=window.ahead):
        return None
    return next((time for time in window.times(day, working_calendar()) if time.begins == begins), None)


def own_turns(actor: Principal) -> QuerySet[Turn]:
    """One's turns, the latest first."""
    rows = Turn.objects.filter(account=actor.account) if actor.account else Turn.objects.none()
    return rows.select_related("slot", "case").order_by("-pk")


@dataclass(frozen=True, slots=True)
class Board:
    """A day at a window: who is served, who waits in their order, who is expected, and how many are done."""

    called: list[Turn]
    waiting: list[Turn]
    expected: list[Turn]
    done: int
    missed: int


def board(window: str, day: date) -> Board:
    """The board of a day."""
    rows = Turn.objects.filter(window=window, day=day).select_related("slot", "case")
    live = list(rows.filter(state__in=[TurnState.BOOKED, TurnState.WAITING, TurnState.CALLED]).order_by("queued_for", "pk"))
    counts = rows.aggregate(done=Count("pk", filter=Q(state=TurnState.DONE)), missed=Count("pk", filter=Q(state=TurnState.MISSED)))
    by_state = {state: [one for one in live if one.state == state] for state in (TurnState.BOOKED, TurnState.WAITING, TurnState.CALLED)}
    expected = sorted(by_state[TurnState.BOOKED], key=lambda one: (one.slot.begins_at if one.slot else one.made_at, one.pk))
    called = sorted(by_state[TurnState.CALLED], key=lambda one: one.called_at or one.made_at, reverse=True)
    return Board(called, by_state[TurnState.WAITING], expected, counts["done"], counts["missed"])


def screen(window: str, day: date) -> tuple[list[tuple[str, str]], list[str]]:
    """What hangs in the hall: tickets with their counters, and those that come next. No names, no matters."""
    rows = Turn.objects.filter(window=window, day=day)
    called = rows.filter(state=TurnState.CALLED).order_by("-called_at").values_list("ticket", "counter")[:_SHOWN]
    waiting = rows.filter(state=TurnState.WAITING).order_by("queued_for", "pk").values_list("ticket", flat=True)[:_SHOWN]
    return list(called), list(waiting)


def windows_for(topics: tuple[str, ...]) -> list[Window]:
    """The windows that serve matters of these topics."""
    return [one for one in windows().values() if one.topic in topics]
