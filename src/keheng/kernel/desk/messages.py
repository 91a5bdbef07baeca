"""Telling people: in the transaction of the act that they are told of; in the inbox always, outside the site as they chose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime, now

from keheng.kernel.desk.kinds import MessageKind, Way, kind_of
from keheng.kernel.desk.models import Delivery, Habit, Message, Preference
from keheng.kernel.desk.policy import policy
from keheng.kernel.jobs.queue import enqueue

JOB = "desk.deliver"


def tell(accounts: Iterable[str], *, kind: str, key: str, title: str, body: str = "", url: str = "") -> int:
    """Put a message into the inbox of each account; how many were told. Who was told under this key before is told nothing.

    ``kind`` names a registered kind of message, by which people choose the ways they are told.
    """
    wanted = sorted(set(accounts))
    with transaction.atomic():
        known = set(Message.objects.filter(account__in=wanted, key=key).values_list("account", flat=True))
        told = [account for account in wanted if account not in known]
        new = [Message(account=account, kind=kind, key=key, title=title[:200], body=body, url=url, sent_at=now()) for account in told]
        Message.objects.bulk_create(new, ignore_conflicts=True)
        _send_out(kind_of(kind), told, key)
    return len(told)


def _send_out(kind: MessageKind, accounts: list[str], key: str) -> None:
    """Queue what leaves the site, once for a message and a way."""
    chosen = {one.account: one for one in Preference.objects.filter(account__in=accounts, kind=kind.code)}
    ways = {account: _ways(kind, chosen.get(account)) for account in accounts}
    if not any(ways.values()):
        return
    habits = Habit.objects.in_bulk([account for account in accounts if ways[account]])
    messages = Message.objects.filter(account__in=[account for account in accounts if ways[account]], key=key)
    deliveries = [one for message in messages for one in _deliveries(message, ways[message.account], habits)]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    made = Delivery.objects.filter(message__in=[one.message for one in deliveries], digest=False, state=Delivery.State.WAITING)
    for delivery in made:
        enqueue(JOB, {"delivery": delivery.pk}, key=str(delivery.pk), due=delivery.due_at)


def _ways(kind: MessageKind, chosen: Preference | None) -> frozenset[Way]:
    return kind.ways if chosen is None else frozenset(Way(one) for one in chosen.ways.split(",") if one in Way.values)


def _deliveries(message: Message, ways: frozenset[Way], habits: Mapping[str, Habit]) -> Iterator[Delivery]:
    habit = habits.get(message.account)
    for way in sorted(ways):
        digest = way == Way.EMAIL and habit is not None and habit.digest
        due = next_digest(message.sent_at) if digest else after_quiet(message.sent_at, habit)
        yield Delivery(message=message, way=way, digest=digest, due_at=due)


def after_quiet(moment: datetime, habit: Habit | None) -> datetime:
    """The moment, or the end of the hours of quiet that it falls into."""
    if habit is None or habit.quiet_from is None or habit.quiet_to is None or habit.quiet_from == habit.quiet_to:
        return moment
    local = localtime(moment)
    begin, end, at = habit.quiet_from, habit.quiet_to, local.time()
    over_midnight = begin > end
    quiet = at >= begin or at < end if over_midnight else begin <= at < end
    if not quiet:
        return moment
    day = local + timedelta(days=1) if over_midnight and at >= begin else local
    return day.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)


def next_digest(moment: datetime) -> datetime:
    """When the next digest leaves."""
    local = localtime(moment)
    due = local.replace(hour=policy("messages")["digest_hour"], minute=0, second=0, microsecond=0)
    return due if due > local else due + timedelta(days=1)


def inbox(account: str) -> QuerySet[Message]:
    """Messages of an account."""
    return Message.objects.filter(account=account)


def unread(account: str) -> int:
    """How many messages are unread, counted as far as it is shown: one query on an index of unread ones."""
    most = policy("messages")["shown_unread"] + 1
    return len(inbox(account).filter(read_at=None).order_by().values_list("pk", flat=True)[:most]) if account else 0


def mark_read(account: str, numbers: Iterable[int] | None = None) -> int:
    """Messages were read, all of them without numbers; how many were unread. It is no act: nobody but the account is concerned."""
    rows = inbox(account).filter(read_at=None)
    return (rows if numbers is None else rows.filter(pk__in=list(numbers))).update(read_at=now())


def mark_unread(account: str, numbers: Iterable[int]) -> int:
    """Messages are to stand out again; how many."""
    return inbox(account).filter(pk__in=list(numbers)).exclude(read_at=None).update(read_at=None)
