"""Where cases wait, whether promises were kept, what had to be corrected, who handled how many: of what happened in a period.

Each figure has a slice: the very cases it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from hashlib import blake2b
from statistics import median

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet
from django.utils.timezone import get_current_timezone, localdate, localtime, now

from keheng.kernel.accounts import accounts
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import SYSTEM
from keheng.matters.models import Case, CaseEvent, Clock, Correction, FollowUp, Rating
from keheng.matters.queries.cases import cases_for
from keheng.matters.rules.files.shelf import shelf
from keheng.matters.rules.ratings import most_praise, rating_texts

_SECONDS_A_DAY = 86_400
_MOST_EVENTS, _KEPT = 150_000, 300
_NINE_OF_TEN = 9
_WHOLE_TITLE, _ANYTHING = "整体", "有过补正"


@dataclass(frozen=True, slots=True)
class Wait:
    """A state of a matter: how many cases left it and how many days they stood in it; how many stand in it now, and for how long."""

    matter: str
    state: str
    title: str
    left: int = 0
    median: Decimal | None = None
    p90: Decimal | None = None
    waiting: int = 0
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """Cases that ended in a month: with every promise kept, and late."""

    month: str
    kept: int
    late: int

    @property
    def rate(self) -> Decimal:
        """Kept, in percent."""
        return round(Decimal(self.kept) * 100 / (self.kept + self.late), 1)


@dataclass(frozen=True, slots=True)
class Corrected:
    """Of the cases taken in in the period those that had to correct an answer or material at least once, whenever they were told.

    ``target`` None: anything at all. A case that was told twice counts once, so no rate is above 100.
    """

    matter: str
    target: str | None
    title: str
    cases: int
    submitted: int

    @property
    def rate(self) -> Decimal:
        """In percent."""
        return round(Decimal(self.cases) * 100 / self.submitted, 1)


@dataclass(frozen=True, slots=True)
class Handled:
    """Somebody's moves: in how many cases."""

    account: str
    name: str
    moves: int
    cases: int


@dataclass(frozen=True, slots=True)
class Ratings:
    """Ratings of the period, the bad ones among them, and the best ones of which strikingly many came from one network in a day.

    Of the follow-ups that fell due in the period those closed in time, and the others.
    """

    given: int
    bad: int
    crowded: int
    remedied: int
    unremedied: int

    @property
    def rate(self) -> Decimal | None:
        """Remedied in time, in percent; None where none fell due."""
        due = self.remedied + self.unremedied
        return round(Decimal(self.remedied) * 100 / due, 1) if due else None


@dataclass(frozen=True, slots=True)
class Figures:
    """The tables of an analysis as they stood at a moment; ``cut``: there were more events than the waits were counted from."""

    at: datetime
    waits: list[Wait]
    months: list[Month]
    corrections: list[Corrected]
    clerks: list[Handled]
    ratings: Ratings
    cut: bool


@dataclass(frozen=True)
class Analysis:
    """What an actor may see of a period, days ``[since, until)``, of one matter or all ('')."""

    actor: Principal
    matter: str
    since: date
    until: date

    @cached_property
    def _span(self) -> tuple[datetime, datetime]:
        zone = get_current_timezone()
        return datetime.combine(self.since, time(), zone), datetime.combine(self.until, time(), zone)

    @cached_property
    def cases(self) -> QuerySet[Case]:
        """The cases of the matter within reach."""
        rows = cases_for(self.actor)
        return rows.filter(matter=self.matter) if self.matter else rows

    def _happened(self) -> QuerySet[CaseEvent]:
        return CaseEvent.objects.filter(case__in=self.cases, at__gte=self._span[0], at__lt=self._span[1])

    @cached_property
    def figures(self) -> Figures:
        """All tables, worked out once in five minutes for an account and its powers."""
        asked = f"{self.actor.account} {self.actor.powers} {self.matter} {self.since} {self.until}"
        key = f"matters.analysis.{blake2b(asked.encode(), digest_size=16).hexdigest()}"
        return cache.get_or_set(key, self._figured, _KEPT)  # type: ignore[return-value]  # never None: it always answers

    def _figured(self) -> Figures:
        waits = self._waits()
        cut = len(self._moves) == _MOST_EVENTS
        return Figures(now(), waits, self._months(), self._corrections(), self._clerks(), self._ratings(), cut)

    def _waits(self) -> list[Wait]:
        """States, those in which cases stood longest first."""
        stays: dict[tuple[str, str], list[float]] = defaultdict(list)
        left: dict[tuple[str, str], set[int]] = defaultdict(set)
        for case, matter, state, days in self._stays():
            stays[matter, state].append(days)
            left[matter, state].add(case)
        standing: dict[tuple[str, str], list[int]] = defaultdict(list)
        for _, matter, state, entered, ended in self._rows:
            if ended is None:
                standing[matter, state].append((localdate() - entered).days)
        titles = _titles()
        found = [
            Wait(
                *key, titles.get(key, key[1]), len(left[key]), _days(median(stays[key])) if stays[key] else None, _ninth(stays[key]),
                len(standing[key]), round(median(standing[key])) if standing[key] else None,
            )
            for key in sorted({*stays, *standing})
        ]  # fmt: skip
        return sorted(found, key=lambda one: (-(one.median or 0), one.matter, one.state))

    @cached_property
    def _rows(self) -> list[tuple[int, str, str, date, datetime | None]]:
        """Number, matter, state, day of entering it and end: of open cases, and of those that ended in the period but by withdrawal."""
        ended = self.cases.filter(ended_at__gte=self._span[0], ended_at__lt=self._span[1]).exclude(end="withdrawn")
        named = ("pk", "matter", "state", "entered_on", "ended_at")
        return list(self._open().values_list(*named).union(ended.values_list(*named), all=True))

    def _open(self) -> QuerySet[Case]:
        return self.cases.filter(ended_at=None)

    @cached_property
    def _moves(self) -> list[tuple[int, str, datetime, str]]:
        """Case, matter, moment and state before of moves between states, of cases that moved in the period."""
        moved = self._happened().exclude(before=F("after")).values("case")
        rows = CaseEvent.objects.filter(case__in=moved).exclude(before=F("after")).order_by("case", "version")
        return list(rows.values_list("case", "case__matter", "at", "before")[:_MOST_EVENTS])

    def _stays(self) -> Iterator[tuple[int, str, str, float]]:
        """Case, matter, state and days of each stay that ended in the period; drafts are the applicant's own time."""
        begin, end = self._span
        last, entered = 0, begin
        for case, matter, at, before in self._moves:
            if case == last and begin <= at < end:
                yield case, matter, before, (at - entered).total_seconds() / _SECONDS_A_DAY
            last, entered = case, at

    @cached_property
    def _ended(self) -> dict[int, str]:
        """Months by cases that ended in the period other than by withdrawal."""
        return {pk: f"{localtime(at):%Y-%m}" for pk, _, _, _, at in self._rows if at is not None}

    @cached_property
    def _late(self) -> frozenset[int]:
        ended = self.cases.filter(ended_at__gte=self._span[0], ended_at__lt=self._span[1])
        return frozenset(Clock.objects.filter(case__in=ended, used__gt=F("promise")).values_list("case", flat=True))

    def _months(self) -> list[Month]:
        """Months in which cases ended, in their order."""
        late = {month: sum(one == month for pk, one in self._ended.items() if pk in self._late) for month in set(self._ended.values())}
        every = {month: sum(one == month for one in self._ended.values()) for month in late}
        return [Month(month, every[month] - late[month], late[month]) for month in sorted(every)]

    def _taken_in(self) -> QuerySet[Case]:
        """Cases that were handed in in the period."""
        return self.cases.filter(submitted_at__gte=self._span[0], submitted_at__lt=self._span[1])

    def _corrected(self) -> QuerySet[Correction]:
        """What cases that were taken in in the period were told to correct."""
        return Correction.objects.filter(case__in=self._taken_in(), told__isnull=False)

    def _corrections(self) -> list[Corrected]:
        """Of each matter anything at all, and what had to be corrected; the most frequent first."""
        counted = Count("case", distinct=True)
        whole = self._corrected().order_by().values_list("case__matter").annotate(n=counted)
        each = self._corrected().order_by().values_list("case__matter", "target").annotate(n=counted)
        submitted = dict(self._taken_in().order_by().values_list("matter").annotate(n=Count("pk")))
        titles, labels = {name: versions[-1].matter.title for name, versions in shelf().items()}, _labels()
        found = [Corrected(matter, None, f"{titles.get(matter, matter)}：{_ANYTHING}", n, submitted[matter]) for matter, n in whole]
        found += [
            Corrected(
                matter,
                target,
                labels.get((matter, target), target or f"{titles.get(matter, matter)}：{_WHOLE_TITLE}"),
                n,
                submitted[matter],
            )
            for matter, target, n in each
        ]
        return sorted(found, key=lambda one: (-one.cases, one.matter, one.target is not None, one.target or ""))

    def _clerks(self) -> list[Handled]:
        """Who made moves on the office's side, the busiest first."""
        rows = self._happened().exclude(by=F("case__applicant")).exclude(by=SYSTEM.account)
        counted = list(rows.values("by").annotate(n=Count("pk"), cases=Count("case", distinct=True)).order_by("-n", "by"))
        names = accounts().names([row["by"] for row in counted])
        return [Handled(row["by"], names.get(row["by"], row["by"]), row["n"], row["cases"]) for row in counted]

    def _rated(self) -> QuerySet[Rating]:
        return Rating.objects.filter(case__in=self.cases, at__gte=self._span[0], at__lt=self._span[1])

    def _is_bad(self) -> Q:
        return Q(stars__lte=rating_texts(self.until - timedelta(days=1)).bad_up_to)

    def _fell_due(self) -> QuerySet[FollowUp]:
        """Follow-ups whose last day lies in the period, but those that are open and still have time."""
        rows = FollowUp.objects.filter(rating__case__in=self.cases, due_on__gte=self.since, due_on__lt=self.until)
        return rows.filter(Q(closed_on__isnull=False) | Q(due_on__lt=localdate()))

    def _crowded(self) -> QuerySet[Rating]:
        """Best ratings from a network that gave more of them in a day than is usual; a hint, since a firm or a hall has one address."""
        best = self._rated().filter(stars=max(rating_texts(self.until - timedelta(days=1)).levels), network__isnull=False)
        many = best.values("network").annotate(n=Count("pk")).filter(n__gt=most_praise()).order_by()
        return best.filter(network__in=many.values("network"))

    def _ratings(self) -> Ratings:
        due = self._fell_due().aggregate(kept=Count("pk", filter=Q(closed_on__lte=F("due_on"))), all=Count("pk"))
        given = self._rated().aggregate(bad=Count("pk", filter=self._is_bad()), all=Count("pk"))
        return Ratings(given["all"], given["bad"], self._crowded().count(), due["kept"], due["all"] - due["kept"])

    def slice(self, kind: str, one: str, other: str) -> QuerySet[Case]:
        """The cases behind a figure; none for a kind there is not.

        ``waiting`` and ``left`` are of a matter's state, ``kept`` and ``late`` of a month, ``corrected`` of a matter's field,
        ``corrected_any`` of a matter, ``handled`` by an account; ``bad`` are badly rated, ``crowded`` well by many from one network,
        ``remedied`` and ``unremedied`` those whose follow-up fell due.
        """
        rows = self.cases
        match kind:
            case "waiting":
                return self._open().filter(matter=one, state=other)
            case "left":
                # A stay begins with a move: who comes from the draft has not stood there in the office's time.
                left = self._happened().filter(case__matter=one, before=other, version__gt=1).exclude(after=other)
                return rows.filter(pk__in=left.values("case"))
            case "kept" | "late":
                pks = [pk for pk, month in self._ended.items() if month == one and (pk in self._late) == (kind == "late")]
                return rows.filter(pk__in=pks)
            case "corrected":
                return rows.filter(pk__in=self._corrected().filter(case__matter=one, target=other).values("case"))
            case "corrected_any":
                return rows.filter(pk__in=self._corrected().filter(case__matter=one).values("case"))
            case "handled":
                return rows.filter(pk__in=self._happened().filter(by=one).exclude(by=F("case__applicant")).values("case"))
            case "bad":
                return rows.filter(pk__in=self._rated().filter(self._is_bad()).values("case"))
            case "crowded":
                return rows.filter(pk__in=self._crowded().values("case"))
            case "remedied" | "unremedied":
                kept = Q(closed_on__isnull=False, closed_on__lte=F("due_on"))
                due = self._fell_due().filter(kept if kind == "remedied" else ~kept)
                return rows.filter(pk__in=due.values("rating__case"))
        return rows.none()


def _days(number: float) -> Decimal:
    return round(Decimal(number), 1)


def _ninth(days: list[float]) -> Decimal | None:
    """Nine of ten stays were no longer than this."""
    return _days(sorted(days)[min(len(days) - 1, len(days) * _NINE_OF_TEN // 10)]) if days else None


def _titles() -> dict[tuple[str, str], str]:
    return {
        (name, state.id): f"{read.matter.title}：{state.title}"
        for name, versions in shelf().items()
        for read in versions
        for state in read.matter.states
    }


def _labels() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for name, versions in shelf().items():
        for read in versions:
            found |= {(name, field.id): f"{read.matter.title}：{field.label}" for field in read.matter.fields}
            found |= {(name, one.id): f"{read.matter.title}：{one.title}" for one in read.matter.materials}
    return found


def usual_span(today: date) -> tuple[date, date]:
    """The last 90 days, today included."""
    return today - timedelta(days=89), today + timedelta(days=1)
