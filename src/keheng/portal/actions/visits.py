"""Counting the log: every whole line once, also after a crash between reading and saving; a line still being written waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.timezone import localtime, now

from keheng.kernel.trail.record import SYSTEM, Actor, act, record
from keheng.portal.enums.content import definition
from keheng.portal.models import Article, ArticleReads, VisitHour, VisitLog, VisitorDay, VisitorSeen
from keheng.portal.rules.sketch import added, hashed
from keheng.portal.rules.visits import Line, Sort, line_of, place_of, sort_of

# So much is read for one transaction: about 20,000 lines.
_PART = 8 << 20
_KEPT = timedelta(days=8)
Cell = tuple[datetime, str, str]


@dataclass(slots=True)
class Counted:
    """What a part of the log comes to, before it is written."""

    views: Counter[Cell] = field(default_factory=Counter)
    visits: Counter[Cell] = field(default_factory=Counter)
    bots: Counter[Cell] = field(default_factory=Counter)
    own: Counter[Cell] = field(default_factory=Counter)
    reads: Counter[tuple[int, date]] = field(default_factory=Counter)
    visitors: dict[date, set[int]] = field(default_factory=dict)
    seen: dict[str, datetime] = field(default_factory=dict)
    spoilt: int = 0


def count_logs(folder: Path) -> int:
    """Count what is new in all files of the log; how many lines. Files counted whole are thrown away after eight days."""
    lines = 0
    for path in sorted(folder.glob("*.log")):
        while part := _count_part(path):
            lines += part
    for path in sorted(folder.glob("*.log")):
        log = VisitLog.objects.filter(name=path.name).first()
        if log and log.counted == path.stat().st_size and log.counted_at < now() - _KEPT:
            path.unlink()
            log.delete()
    return lines


def _count_part(path: Path) -> int:
    """Count whole lines from where the last count ended; the counts and the new end are one transaction."""
    log, _ = VisitLog.objects.get_or_create(name=path.name, defaults={"counted_at": now()})
    with path.open("rb") as file:
        file.seek(log.counted)
        data = file.read(_PART)
    end = data.rfind(b"\n") + 1
    if not end:
        return 0
    texts = data[:end].decode("utf-8", "replace").splitlines()
    with transaction.atomic():
        # Of two that count the same part the second finds the end moved, and writes nothing.
        moved = VisitLog.objects.filter(pk=log.pk, counted=log.counted).update(counted=log.counted + end, counted_at=now())
        if not moved:
            return 0
        counted = sum_up(filter(None, texts))
        _write(counted)
        if counted.spoilt:
            VisitLog.objects.filter(pk=log.pk).update(spoilt=F("spoilt") + counted.spoilt)
    return len(texts)


def sum_up(texts: Iterable[str]) -> Counted:
    """What lines come to. Visits need to know when today's visitors were last seen."""
    counted, views = Counted(), list[tuple[Line, Cell, str]]()
    for text in texts:
        line = line_of(text)
        if line is None:
            counted.spoilt += 1
            continue
        sort = sort_of(line)
        if sort == Sort.NOTHING:
            continue
        place = place_of(line.path)
        cell = (line.at.replace(minute=0, second=0, microsecond=0), place.section, place.language)
        if sort == Sort.VIEW:
            visitor = f"{hashed(line.address_hash + line.agent):016x}"
            views.append((line, cell, visitor))
            counted.views[cell] += 1
            day = localtime(line.at).date()
            counted.visitors.setdefault(day, set()).add(int(visitor, 16))
            if place.article is not None:
                counted.reads[place.article, day] += 1
        else:
            (counted.bots if sort == Sort.BOT else counted.own)[cell] += 1
    _sort_visits(counted, views)
    return counted


def _sort_visits(counted: Counted, views: list[tuple[Line, Cell, str]]) -> None:
    """A view begins a visit when its visitor was not seen for half an hour."""
    gap = timedelta(minutes=definition("site")["visits"]["gap_minutes"])
    names = sorted({visitor for _, _, visitor in views})
    for begin in range(0, len(names), 500):
        counted.seen.update(VisitorSeen.objects.filter(visitor__in=names[begin : begin + 500]).values_list("visitor", "last_at"))
    for line, cell, visitor in sorted(views, key=lambda view: view[0].at):
        last = counted.seen.get(visitor)
        if last is None or line.at - last > gap:
            counted.visits[cell] += 1
        counted.seen[visitor] = line.at if last is None else max(last, line.at)


def _write(counted: Counted) -> None:
    cells = counted.views.keys() | counted.bots.keys() | counted.own.keys()
    _add_up(
        VisitHour,
        ("hour", "section", "language"),
        {
            cell: {"views": counted.views[cell], "visits": counted.visits[cell], "bots": counted.bots[cell], "own": counted.own[cell]}
            for cell in cells
        },
    )
    there = set(Article.objects.filter(pk__in={number for number, _ in counted.reads}).values_list("pk", flat=True))
    _add_up(ArticleReads, ("article_id", "day"), {key: {"views": n} for key, n in counted.reads.items() if key[0] in there})
    for day, hashes in sorted(counted.visitors.items()):
        row, _ = VisitorDay.objects.select_for_update().get_or_create(day=day, defaults={"sketch": b""})
        row.sketch = added(bytes(row.sketch), hashes)
        row.save(update_fields=["sketch"])
    VisitorSeen.objects.bulk_create(
        [VisitorSeen(visitor=visitor, last_at=at) for visitor, at in sorted(counted.seen.items())],
        update_conflicts=True, unique_fields=["visitor"], update_fields=["last_at"], batch_size=500,
    )  # fmt: skip


def _add_up(model: Any, keys: tuple[str, ...], amounts: dict[Any, dict[str, int]]) -> None:
    """Add amounts to rows, making those that are not there; in one order, so that two who count wait for each other."""
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 -- Django's public name for what a model is
    for key, values in sorted(amounts.items()):
        names = [*keys, *values]
        told = ", ".join(names)
        sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in values)
        holes = ", ".join(["%s"] * len(names))
        statement = f"INSERT INTO {table} ({told}) VALUES ({holes}) ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums}"  # noqa: S608 -- names of our own models
        with connection.cursor() as cursor:
            cursor.execute(statement, [*key, *values.values()])


@act("visits.forget", ())
def forget_visitors(*, actor: Actor = SYSTEM) -> int:
    """Throw away when visitors were last seen, a day after; how many."""
    gone = VisitorSeen.objects.filter(last_at__lt=now() - timedelta(days=1)).delete()[0]
    record("visits.forget", actor=actor, reason=str(gone))
    return gone
