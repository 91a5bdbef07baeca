"""Measures: figures that lead back to the records behind them.

A capability registers a measure with its definition in words, the computation and the evidence. Whoever shows a figure takes a
*reading* 读数: the value with numerator and denominator, the version of the definition, the moment, and a digest of the evidence,
so that the same figure can be computed again and compared. No value without evidence; None is not 0; nothing is clipped at 100 %.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from keheng.kernel.periods import Period
from keheng.kernel.powers import Principal
from keheng.kernel.trail.record import canonical

Row = Mapping[str, object]
Scope = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Value:
    """A figure; numerator and denominator where it is a ratio. None: there is nothing to measure."""

    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def ratio(numerator: int | Decimal, denominator: int | Decimal, unit: Decimal = Decimal(100)) -> Value:
    """A share in units of ``1 / unit`` (percent by default); of nothing it is None, not 0."""
    top, bottom = Decimal(numerator), Decimal(denominator)
    return Value(top / bottom * unit if bottom else None, top, bottom)


@dataclass(frozen=True, slots=True)
class Records:
    """The records that evidence rows stand for, one a row, so that a figure ends at a page and not at a number.

    ``kind`` is what such a record is called on the trail (``case`` of ``case:12``), ``key`` the column with its id, ``column`` the one
    that people know it by. ``addresses`` answers, for ids, where the reader may open them; an id that is not the reader's to open is
    left out. ``file`` is the column with the digest of a kept file, '' where rows have none.

    Where rows are parts of a record (a voucher of a project), ``whole`` gives the id on the trail of the record that a key is part of.
    ``accounts`` tells whether an act makes a row of a key change, the last argument whether the row is new; mostly acts named after
    ``kind`` do.
    """

    kind: str
    key: str
    column: str
    addresses: Callable[[Principal, Collection[Any]], Mapping[Any, str]]
    file: str = ""
    whole: Callable[[str], str] = str
    accounts: Callable[[str, str, bool], bool] | None = None

    def accounted(self, act: str, key: str, *, new: bool) -> bool:
        """Whether an act explains that the row of a key is not as it was."""
        return act.startswith(f"{self.kind}.") if self.accounts is None else self.accounts(act, key, new)


def opened_with(permission: str, view: str) -> Callable[[Principal, Collection[int]], Mapping[int, str]]:
    """Addresses by id of a page that one permission opens, all records or none."""

    def addresses(actor: Principal, keys: Collection[int]) -> Mapping[int, str]:
        return {key: reverse(view, args=[key]) for key in keys} if actor.may(permission) else {}

    return addresses


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure's definition; ``version`` changes with it, or with what rows of evidence say.

    ``compute`` and ``evidence`` look at the same rows; ``records`` are those behind them, None where a row is a count of many.
    """

    code: str
    unit: str
    definition: str
    version: int
    compute: Callable[[Period, Scope], Value]
    evidence: Callable[[Period, Scope], Iterable[Row]]
    records: Records | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as it was taken: reproducible from code, version, period and scope; ``digest`` is over ``rows`` evidence rows."""

    code: str
    version: int
    period: Period
    scope: tuple[tuple[str, str], ...]
    value: Value
    rows: int
    digest: str
    taken_at: datetime


class UnprovenError(Exception):
    """A measure gave a value without a row of evidence."""


class UnknownScopeError(LookupError):
    """A measure was asked within limits that it does not know: ``names``; it knows ``known``."""

    def __init__(self, names: Collection[str], known: Collection[str]) -> None:
        super().__init__(f"{', '.join(names)} is none of {', '.join(known)}")
        self.names, self.known = names, known


class _Within(dict[str, str]):
    """A scope that remembers which limits were looked for, so that none is passed over in silence."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.sought: dict[str, None] = {}

    def __contains__(self, name: object) -> bool:
        self.sought[str(name)] = None
        return super().__contains__(name)

    def __getitem__(self, name: str) -> str:
        self.sought[name] = None
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.sought[name] = None
        return super().get(name, default)


_ANY_DAY = date(2026, 1, 1)
_measures: dict[str, Measure] = {}
_words: dict[str, Callable[[str], str]] = {}


def register(measure: Measure) -> Measure:
    """Make a measure known; raises ValueError for a code that another one has."""
    if _measures.setdefault(measure.code, measure) is not measure:
        raise ValueError(f"measure {measure.code} is registered twice")
    return measure


def say(column: str, words: Callable[[str], str]) -> None:
    """Register how the codes in a column of rows are said on pages and in sheets; what is compared stays the code."""
    _words[column] = words


def said(row: Row, column: str) -> object:
    """A value of a row as people read it."""
    value = row.get(column)
    return _words[column](value) if column in _words and isinstance(value, str) else value


def opened(records: Records | None, actor: Principal, keys: Sequence[object]) -> Mapping[Any, str]:
    """Where a reader opens records, by id, without those that are not the reader's to open; nothing for counts of many."""
    return records.addresses(actor, keys) if records is not None and keys else {}


def all_measures() -> list[Measure]:
    """All measures by code."""
    return [_measures[code] for code in sorted(_measures)]


def read(code: str, period: Period, scope: Scope | None = None) -> Reading:
    """Take a reading. Raises KeyError for an unknown code, UnprovenError for a value above nothing without evidence.

    UnknownScopeError for a limit that the measure never looks for: its figure would be that of the whole.
    """
    measure, within = _measures[code], _Within(scope or {})
    value = measure.compute(period, within)
    digest, rows = hashlib.new("sm3"), 0
    for rows, row in enumerate(measure.evidence(period, within), 1):  # noqa: B007 -- the last number is how many there are
        digest.update(canonical(row).encode() + b"\n")
    _demand_known(within)
    if value.value and not rows:
        raise UnprovenError(f"{code}: {value.value} {measure.unit} without evidence")
    return Reading(code, measure.version, period, tuple(sorted(within.items())), value, rows, digest.hexdigest(), datetime.now(UTC))


def check_scope(measure: Measure, scope: Scope) -> None:
    """Raises UnknownScopeError for limits that a measure does not know, without taking a reading of a year."""
    within, day = _Within(scope), Period(_ANY_DAY, _ANY_DAY + timedelta(days=1), "days")
    measure.compute(day, within)
    next(iter(measure.evidence(day, within)), None)
    _demand_known(within)


def _demand_known(within: _Within) -> None:
    if unknown := sorted(set(within) - set(within.sought)):
        raise UnknownScopeError(unknown, list(within.sought))


def still_holds(reading: Reading) -> bool:
    """Whether taking the reading again gives the same value from the same rows under the same definition."""
    again = read(reading.code, reading.period, dict(reading.scope))
    return (again.value, again.rows, again.digest, again.version) == (reading.value, reading.rows, reading.digest, reading.version)
