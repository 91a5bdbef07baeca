"""A turn at a window, from the side of those who come: book, move, give back. The database lets no time be booked beyond its room."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.timezone import localdate, localtime, now

from keheng.kernel.desk.messages import tell
from keheng.kernel.errors import Problem, Refused, problem
from keheng.kernel.numbers import draw, written
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import act, digest_of, record
from keheng.matters.actions.telling import KIND
from keheng.matters.enums import TurnState
from keheng.matters.models import Turn, WindowSlot
from keheng.matters.queries.addresses import address
from keheng.matters.queries.cases import own_cases
from keheng.matters.queries.windows import time_of
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.rules.windows import Window, windows

SERIES = "YY"


def window_of(name: str) -> Window:
    """A window; raises Refused for an unknown name."""
    found = windows().get(name)
    if found is None:
        raise Refused(problem("WINDOW_UNKNOWN"))
    return found


@act("window.book", Refused)
def book_turn(*, actor: Principal, window: str, begins: datetime, case: int | None = None, matter: str = "") -> Turn:
    """Book a time at a window, for a case of one's own or a matter; raises Refused with everything that stands in the way."""
    place = window_of(window)
    found = _of_what(actor, place, case, matter)
    held = Turn.objects.filter(window=window, account=actor.account, state=TurnState.BOOKED, slot__begins_at__gt=now()).count()
    if held >= place.most:
        found.append(problem("WINDOW_MANY", most=place.most))
    if time_of(place, begins) is None:
        found.append(problem("WINDOW_TIME", "begins"))
    if found:
        raise Refused(found)
    slot = _taken(place, begins)
    year = localdate().year
    try:
        with transaction.atomic():
            turn = Turn.objects.create(
                number=written(SERIES, year, draw("matters.turn", year)), window=window, day=localdate(begins), slot=slot,
                account=actor.account, case_id=case, matter=matter, state=TurnState.BOOKED, made_at=now(),
            )  # fmt: skip
    except IntegrityError:
        raise Refused(problem("WINDOW_TWICE")) from None
    record("window.book", actor=actor, target=f"turn:{turn.pk}", after=digest_of({"window": window, "begins": begins.isoformat()}))
    _tell(turn, place, "预约成功")
    return turn


def _of_what(actor: Principal, place: Window, case: int | None, matter: str) -> list[Problem]:
    """Whether it is a case of one's own, or a matter that is in force and served there."""
    if case is not None and not own_cases(actor).filter(pk=case).exists():
        return [problem("MATTER_CASE_GONE")]
    read = in_force(matter, localdate()) if matter else None
    if matter and (read is None or place.topic not in read.matter.topics):
        return [problem("MATTER_UNKNOWN", name=matter[:80])]
    return []


def _taken(place: Window, begins: datetime) -> WindowSlot:
    """A place of a time, taken; raises Refused when none is left, or the time may not be booked."""
    time = time_of(place, begins)
    if time is None:
        raise Refused(problem("WINDOW_TIME", "begins"))
    defaults = {"ends_at": time.ends, "places": time.places}
    slot, _ = WindowSlot.objects.get_or_create(window=place.id, begins_at=begins, defaults=defaults)
    if not WindowSlot.objects.filter(pk=slot.pk, taken__lt=F("places")).update(taken=F("taken") + 1):
        raise Refused(problem("WINDOW_FULL", "begins"))
    return slot


def own_turn(actor: Principal, turn: int) -> tuple[Turn, WindowSlot]:
    """One's own turn under a lock and its slot, while its time has not begun; raises Refused."""
    row = Turn.objects.select_for_update(of=("self",)).select_related("slot").filter(pk=turn, account=actor.account).first()
    if row is None or not actor.account or row.slot is None:
        raise Refused(problem("WINDOW_TURN_GONE"))
    if row.state != TurnState.BOOKED or row.slot.begins_at <= now():
        raise Refused(problem("WINDOW_TURN_OVER"))
    return row, row.slot


@act("window.move", Refused)
def move_turn(*, actor: Principal, turn: int, begins: datetime) -> Turn:
    """Come at another time: the new place is taken before the old one is given back."""
    row, held = own_turn(actor, turn)
    place, old = window_of(row.window), held.pk
    # Two who change places take the locks in the same order.
    both = WindowSlot.objects.select_for_update().filter(Q(pk=old) | Q(window=row.window, begins_at=begins))
    list(both.order_by("pk").values_list("pk", flat=True))
    slot = _taken(place, begins)
    try:
        with transaction.atomic():
            Turn.objects.filter(pk=row.pk).update(slot=slot, day=localdate(begins), moved=F("moved") + 1)
    except IntegrityError:
        raise Refused(problem("WINDOW_TWICE")) from None
    WindowSlot.objects.filter(pk=old).update(taken=F("taken") - 1)
    row.refresh_from_db()
    record("window.move", actor=actor, target=f"turn:{turn}", before=digest_of({"slot": old}), after=digest_of({"slot": slot.pk}))
    _tell(row, place, "预约已改期")
    return row


@act("window.cancel", Refused)
def cancel_turn(*, actor: Principal, turn: int) -> Turn:
    """Give a booked time back; whoever comes next may have it."""
    row, slot = own_turn(actor, turn)
    Turn.objects.filter(pk=row.pk).update(state=TurnState.CANCELLED, ended_at=now())
    WindowSlot.objects.filter(pk=slot.pk).update(taken=F("taken") - 1)
    record("window.cancel", actor=actor, target=f"turn:{turn}")
    row.refresh_from_db()
    _tell(row, window_of(row.window), "预约已取消")
    return row


def _tell(turn: Turn, place: Window, what: str) -> None:
    begins = localtime(turn.slot.begins_at) if turn.slot is not None else None
    title = f"{what}：{place.title['zh']}（{turn.number}）"
    where = f"时间：{begins:%Y-%m-%d %H:%M}\n地点：{place.place['zh']}\n到场后报预约号取号。" if begins else ""
    body = where if turn.state == TurnState.BOOKED else ""
    tell([turn.account], kind=KIND, key=f"turn:{turn.pk}:{turn.state}:{turn.moved}", title=title, body=body, url=address("turn", turn.pk))
