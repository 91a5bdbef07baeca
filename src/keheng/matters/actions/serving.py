"""A turn at a window, from the side of those who serve: arrivals by number, walk-ins, calling, done, missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from keheng.kernel.errors import Refused, attempt, problem
from keheng.kernel.numbers import draw, written
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM, Actor, act, digest_of, record
from keheng.matters.actions.booking import SERIES, window_of
from keheng.matters.enums import TurnState
from keheng.matters.models import Turn
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.rules.windows import Window

SERVE = "matters.window.serve"


def _may(actor: Principal, window: str) -> Window:
    if not actor.may(SERVE):
        raise Refused(problem("WINDOW_WHO"))
    return window_of(window)


def _ticket(window: str, day: date, letter: str) -> str:
    """The next ticket of a day: A for who booked, B for who came."""
    return f"{letter}{draw(f'turn.{window[:24]}.{letter}{day:%m%d}', day.year):03}"


@act("window.arrive", Refused)
def check_in(*, actor: Principal, window: str, number: str) -> Turn:
    """Somebody who booked is here, and gets a ticket. In time one waits for the time that was booked, else from now on."""
    place, today, moment = _may(actor, window), localdate(), now()
    row = (
        Turn.objects.select_for_update(of=("self",))
        .select_related("slot")
        .filter(number=number.strip().upper(), window=window)
        .exclude(slot=None)
        .first()
    )
    if row is None or row.slot is None:
        raise Refused(problem("WINDOW_NUMBER", "number", number=number[:24]))
    if row.day != today or row.state not in {TurnState.BOOKED, TurnState.MISSED}:
        raise Refused(problem("WINDOW_NOT_TODAY", "number", day=row.day, state=TurnState(row.state).label))
    queued = row.slot.begins_at if moment <= row.slot.begins_at + timedelta(minutes=place.late) else moment
    ticket = row.ticket or _ticket(window, today, "A")
    Turn.objects.filter(pk=row.pk).update(
        state=TurnState.WAITING, ticket=ticket, arrived_at=moment, queued_for=queued, called_at=None, ended_at=None
    )
    record("window.arrive", actor=actor, target=f"turn:{row.pk}", after=digest_of({"ticket": ticket}))
    row.refresh_from_db()
    return row


@act("window.walk_in", Refused)
def take_walk_in(*, actor: Principal, window: str, matter: str = "") -> Turn:
    """Somebody came without having booked, and gets a ticket; nothing is kept of who it is."""
    place, today, moment = _may(actor, window), localdate(), now()
    read = in_force(matter, today) if matter else None
    if matter and (read is None or place.topic not in read.matter.topics):
        raise Refused(problem("MATTER_UNKNOWN", name=matter[:80]))
    row = Turn.objects.create(
        number=written(SERIES, today.year, draw("matters.turn", today.year)), window=window, day=today, matter=matter,
        state=TurnState.WAITING, ticket=_ticket(window, today, "B"), made_at=moment, arrived_at=moment, queued_for=moment,
    )  # fmt: skip
    record("window.walk_in", actor=actor, target=f"turn:{row.pk}", after=digest_of({"ticket": row.ticket}))
    return row


@act("window.call", Refused)
def call_next(*, actor: Principal, window: str, counter: str) -> Turn:
    """Call whoever has waited longest to a counter that is free."""
    place = _may(actor, window)
    if counter not in place.counters:
        raise Refused(problem("WINDOW_COUNTER", "counter"))
    while True:
        waiting = Turn.objects.filter(window=window, day=localdate(), state=TurnState.WAITING).order_by("queued_for", "pk").first()
        if waiting is None:
            raise Refused(problem("WINDOW_NOBODY"))
        try:
            with transaction.atomic():
                called = Turn.objects.filter(pk=waiting.pk, state=TurnState.WAITING)
                done = called.update(state=TurnState.CALLED, counter=counter, called_at=now())
        except IntegrityError:
            raise Refused(problem("WINDOW_BUSY", "counter", counter=counter)) from None
        if done:
            break
    record("window.call", actor=actor, target=f"turn:{waiting.pk}", after=digest_of({"counter": counter}))
    waiting.refresh_from_db()
    return waiting


@act("window.finish", Refused)
def finish_turn(*, actor: Principal, turn: int) -> Turn:
    """Somebody who was called is served."""
    return _ended(actor, turn, TurnState.DONE)


@act("window.miss", Refused)
def miss_turn(*, actor: Principal, turn: int) -> Turn:
    """Somebody who was called did not come; who comes back the same day is checked in again."""
    return _ended(actor, turn, TurnState.MISSED)


def _ended(actor: Principal, turn: int, state: TurnState) -> Turn:
    row = Turn.objects.select_for_update().filter(pk=turn).first()
    if row is None:
        raise Refused(problem("WINDOW_TURN_GONE"))
    _may(actor, row.window)
    if row.state != TurnState.CALLED:
        raise Refused(problem("WINDOW_NOT_CALLED", state=TurnState(row.state).label))
    Turn.objects.filter(pk=turn).update(state=state, ended_at=now())
    record("window.finish" if state == TurnState.DONE else "window.miss", actor=actor, target=f"turn:{turn}")
    row.refresh_from_db()
    return row


def close_days() -> int:
    """Whoever booked and did not come on a day that is over is noted as missed, and so is who left before being called; how many."""
    live = [TurnState.BOOKED, TurnState.WAITING, TurnState.CALLED]
    over = list(Turn.objects.filter(day__lt=localdate(), state__in=live).order_by("pk").values_list("pk", flat=True))
    return sum(not attempt(partial(_close, actor=SYSTEM, turn=pk)) for pk in over)


@act("window.close", Refused)
def _close(*, actor: Actor, turn: int) -> None:
    row = Turn.objects.select_for_update().get(pk=turn)
    state = TurnState.DONE if row.state == TurnState.CALLED else TurnState.MISSED
    Turn.objects.filter(pk=turn).update(state=state, ended_at=_latest(row))
    record("window.close", actor=actor, target=f"turn:{turn}", after=digest_of({"state": state}))


def _latest(row: Turn) -> datetime:
    return row.called_at or row.arrived_at or now()
